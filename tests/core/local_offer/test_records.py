"""Files and pages are read whatever profile they follow; every bad record is named, and the good ones are taken."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.local_offer.records import NotOpenReferral, read_json, read_page
from core.local_offer.taking_in import imported_entry
from tests.core.local_offer.directories import an_id, term
from tests.core.local_offer.feeds import (  # noqa: F401 - a fixture
    TODAY,
    club,
    known,
    old_club,
    page_of,
    standard,
    taken,
    taken_from,
)


@pytest.mark.parametrize("raw", [club(), [club()], page_of(club()), {"content": [club()], "totalPages": 1}])
def test_one_service_a_list_and_a_page_of_either_profile_are_read(raw: Any) -> None:
    found = taken_from(raw)
    assert [service.name for service in found.services.values()] == ["Chess club"]
    assert (found.total, found.wrong, found.notes) == (1, (), ())


@pytest.mark.parametrize("raw", ["words", 3, None, {}, {"services": []}])
def test_what_holds_no_services_is_refused_in_plain_words(raw: object) -> None:
    with pytest.raises(NotOpenReferral, match=r"feed holds no services\. Give one service, a list"):
        read_page(raw, place="feed")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"id": 1,,}', r"not JSON \(line 1"),
        (b'[{"minimum_age": NaN}]', "a number that no service needs"),
        (b"[" + b"9" * 5000 + b"]", "a number that no service needs"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe[]", "not text in UTF-8"),
    ],
)
def test_hostile_json_is_refused_in_plain_words(body: bytes, said: str) -> None:
    with pytest.raises(NotOpenReferral, match=said):
        read_json(body, place="feed")


def test_a_bad_record_is_named_with_its_place_field_and_what_to_do_and_the_good_one_is_taken() -> None:
    found = taken_from([club(), club("Wrong", url="javascript:alert(1)", minimum_age=20), "no record"])
    assert list(found.services) == [an_id("Chess club")]
    wrong, no_record = found.wrong
    address = "'javascript:alert(1)' is not a web address that begins with https:// or http://."
    assert str(wrong) == f"feed, record 2: 'Wrong': url: {address} Change it."
    said = "Write it as { ... } with a name, an id and a status."
    assert str(no_record) == f"feed, record 3: a record without a name: this is not a record. {said}"
    assert an_id("Wrong") in found.seen


def test_the_same_record_twice_counts_once_and_another_with_its_id_is_named() -> None:
    found = taken_from([club(), club(), club(description="Another one.")])
    assert len(found.services) == 1
    assert [problem.place for problem in found.wrong] == ["feed, record 3"]
    assert "its id is that of 'Chess club' above" in found.wrong[0].what


def test_null_and_empty_fields_say_nothing() -> None:
    found = taken_from([club(url="", email=None, minimum_age=None, schedules=None, phones=[])])
    (service,) = found.services.values()
    assert (service.url, service.email, service.minimum_age, service.schedules) == (None, None, None, ())


def test_nobody_elses_record_may_call_itself_checked_or_a_crisis_line() -> None:
    ours = [term("category", "crisis"), term("confidence", "high"), term("source", "https://evil.example/")]
    needs = [term("need", "sport"), term("need", "no need of ours"), term("keyword", "pawns")]
    found = taken_from([club(assured_date=None, attributes=[*ours, *needs])])
    (service,) = found.services.values()
    entry = imported_entry(service, known(), source="https://feed.example/")
    assert (entry.category, entry.confidence.value, entry.source) == (
        "",
        "medium",
        "https://chess.example.org/",
    )
    assert (entry.needs, entry.keywords) == (("sport",), ("pawns",))


def test_a_day_of_checking_that_is_still_to_come_is_wrong() -> None:
    assert taken_from([club(assured_date=str(TODAY))]).wrong == ()
    found = taken_from([club(assured_date="2030-01-01")])
    assert "assured_date 2030-01-01 is still to come" in found.wrong[0].what


@pytest.mark.parametrize(
    ("areas", "districts"),
    [
        ([], set()),
        (["Worcestershire"], set()),
        (["All of Worcestershire, and Redditch"], set()),
        (["Redditch and Bromsgrove"], {"Redditch", "Bromsgrove"}),
        (["Near Malvern"], {"Malvern Hills"}),
        (["Birmingham"], {"Birmingham"}),
    ],
)
def test_districts_are_read_from_names_of_districts_and_towns(areas: list[str], districts: set[str]) -> None:
    named = [{"id": an_id(area), "name": area} for area in areas]
    (service,) = taken_from([club(service_areas=named)]).services.values()
    assert imported_entry(service, known(), source="feed").districts == districts


def test_an_area_that_is_none_of_ours_is_worth_a_look() -> None:
    found = taken_from([club(service_areas=[{"id": an_id("b"), "name": "Birmingham"}])])
    assert len(found.services) == 1
    assert "the area 'Birmingham' is no district of ours" in found.notes[0].what


def test_words_of_others_are_made_plain_and_short() -> None:
    hostile = "<p>Fun &amp; games.</p><script>steal()</script>\x1b[31m\u202e" + "And more of it. " * 100
    (service,) = taken_from([club(description=hostile)]).services.values()
    entry = imported_entry(service, known(), source="feed")
    assert entry.what.startswith("Fun & games. [31m And more of it.")
    assert entry.what.endswith("it.")
    assert len(entry.what) <= 320


def test_a_problem_steers_no_screen_and_is_short() -> None:
    (problem,) = taken_from([club("x\x1b[2J" + "y" * 5000, email="nobody")]).wrong
    assert "\x1b" not in str(problem)
    assert len(problem.record) <= 400


def test_the_profile_1_0_becomes_the_same_service() -> None:
    found = taken_from({"content": [old_club()], "totalElements": 1, "totalPages": 1, "number": 1})
    assert found.wrong == ()
    (service,) = found.services.values()
    entry = imported_entry(service, known(), source="feed")
    assert (entry.min_age, entry.max_age, entry.districts) == (8, 16, frozenset({"Redditch"}))
    assert (entry.phones, entry.hours) == (("01632 960003",), "Monday, Wednesday 16:00 to 18:00")
    assert (entry.organisation, entry.confidence.value) == ("Chess people", "high")
    assert [one.name for one in service.terms("taxonomy")] == ["Clubs"]


def test_an_id_of_the_profile_1_0_always_makes_the_same_uuid_and_a_uuid_stays() -> None:
    one, other = taken_from([old_club()]).services, taken_from([old_club(name="New name")]).services
    assert list(one) == list(other)
    assert list(taken_from([old_club(id=an_id("mine"))]).services) == [an_id("mine")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, "id is missing"),
        ({"id": ["a"]}, "id is missing"),
        ({"status": "perhaps"}, "status does not fit"),
        ({"eligibilitys": [{"minimum_age": "ten"}]}, "eligibilitys.minimum_age does not fit"),
        ({"eligibilitys": "all"}, "eligibilitys.minimum_age does not fit"),
        ({"eligibilitys": [{"minimum_age": 12, "maximum_age": 8}]}, "is above maximum_age"),
        ({"regular_schedules": "always"}, "regular_schedules does not fit"),
        ({"service_areas": 3}, "service_areas does not fit"),
        ({"contacts": [{"id": "1", "phones": "0800"}]}, "contacts.0.phones does not fit"),
        ({"contacts": ["0800"]}, "this is not a record"),
        ({"service_taxonomys": [{"taxonomy": {"name": None}}]}, "service_taxonomys.0.taxonomy_term"),
    ],
)
def test_mistakes_in_the_profile_1_0_are_said_by_its_own_names(change: dict[str, Any], said: str) -> None:
    found = taken_from([old_club(**change)])
    assert found.services == {}
    assert said in found.wrong[0].what or said in found.wrong[-1].what, found.wrong


def test_the_standards_own_examples_are_taken_and_its_bad_ones_are_not(standard: Path) -> None:  # noqa: F811
    def read(name: str) -> tuple[int, int]:
        file = standard / "validator_mocks" / name
        found = taken(read_page(json.loads(file.read_text("utf-8")), place=name).records)
        return len(found.services), len(found.wrong)

    assert read("V3.0-UK-Default/service_full.json") == (1, 0)
    assert read("V3.0-UK-Default/service_list.json") == (1, 0)
    assert read("V3.0-UK-Warn/service_full.json") == (1, 0)
    assert read("V3.0-UK-Fail/service_full.json") == (0, 2)
    assert read("V3.0-UK-Fail/service_list.json")[0] == 0
