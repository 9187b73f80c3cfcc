"""Outpost's CSV is read line by line; what may not be seen by all is left behind."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest

from core.local_offer.outpost import read_outpost
from core.local_offer.records import NotOpenReferral
from core.local_offer.taking_in import Taken, imported_entry
from tests.core.local_offer.feeds import TODAY, known, standard, taken  # noqa: F401 - a fixture

NAMES = (
    "import_id,import_id_reference,name,description,organisation,url,approved,visible_from,visible_to,visible,"
    "min_age,max_age,notes,contact_name,contact_visible,contact_email,contact_phone,temporarily_closed,"
    "schedules_opens_at,schedules_closes_at,scheduled_weekday,service_taxonomies,suitabilities,send_needs_support"
).split(",")


def written(*lines: dict[str, str]) -> str:
    made = io.StringIO()
    writer = csv.DictWriter(made, NAMES)
    writer.writeheader()
    writer.writerows(lines)
    return made.getvalue()


def a_line(number: int, **changes: str) -> dict[str, str]:
    return {"import_id": str(number), "name": "Chess club", "approved": "TRUE", "visible": "TRUE", **changes}


def read(*lines: dict[str, str], source: str = "list") -> Taken:
    return taken(read_outpost(written(*lines), place="list.csv", source=source, today=TODAY))


def test_a_service_is_read_with_all_that_hangs_on_it() -> None:
    found = read(
        a_line(1, description="We play.\nYou too.", min_age="8", max_age="16", organisation="Chess people")
        | {
            "url": "https://chess.example.org",
            "service_taxonomies": "Clubs; Games",
            "suitabilities": "Autism",
        },
        {
            "import_id": "2",
            "import_id_reference": "1",
            "contact_visible": "TRUE",
            "contact_phone": "01632 960002",
        },
        {
            "import_id": "3",
            "import_id_reference": "1",
            "contact_visible": "TRUE",
            "contact_email": "us@example.org",
        },
        {"import_id": "4", "import_id_reference": "1", "scheduled_weekday": "monday"}
        | {"schedules_opens_at": "09:00:00", "schedules_closes_at": "18:00:00"},
    )
    assert (found.wrong, found.notes) == ((), ())
    (service,) = found.services.values()
    entry = imported_entry(service, known(), source="list.csv")
    assert (entry.what, entry.organisation, entry.min_age, entry.max_age) == (
        "We play. You too.",
        "Chess people",
        8,
        16,
    )
    assert (entry.phones, entry.email, entry.hours) == (
        ("01632 960002",),
        "us@example.org",
        "Monday 09:00 to 18:00",
    )
    assert [one.name for one in service.terms("taxonomy")] == ["Clubs", "Games"]
    assert (entry.checked_on, entry.confidence.value) == (None, "medium")


def test_what_is_private_is_not_taken() -> None:
    found = read(
        a_line(
            1,
            notes="has been ill",
            contact_phone="07700 900001",
            contact_name="Jo Marsh",
            contact_visible="FALSE",
        ),
        {
            "import_id": "2",
            "import_id_reference": "1",
            "contact_phone": "07700 900002",
            "contact_visible": "",
        },
    )
    kept = str(next(iter(found.services.values())))
    assert not any(private in kept for private in ("ill", "07700", "Jo Marsh"))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "active"),
        ({"approved": "FALSE"}, "inactive"),
        ({"visible": "no"}, "inactive"),
        ({"visible_from": "2026-11-24"}, "inactive"),
        ({"visible_to": "2026-11-22"}, "inactive"),
        ({"visible_from": "2026-11-23", "visible_to": "2026-11-23"}, "active"),
        ({"temporarily_closed": "TRUE"}, "temporarily closed"),
        ({"temporarily_closed": "FALSE"}, "active"),
    ],
)
def test_only_what_is_approved_visible_and_in_its_days_is_shown(change: dict[str, str], status: str) -> None:
    (service,) = read(a_line(1, **change)).services.values()
    assert service.status == status


def test_the_same_line_is_the_same_service_next_time_and_another_list_has_its_own() -> None:
    assert list(read(a_line(1)).services) == list(read(a_line(1, name="New name")).services)
    assert list(read(a_line(1)).services) != list(read(a_line(1), source="other").services)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([a_line(1, name="")], "line 2: a record without a name|line 2: '.*': name is missing"),
        ([a_line(1, min_age="eight")], "line 2: 'Chess club': min_age does not fit"),
        (
            [a_line(1, url="chess.example.org")],
            "line 2: 'Chess club': url: 'chess.example.org' is not a web address",
        ),
        (
            [a_line(1, contact_visible="TRUE", contact_email="us")],
            "contact_email: 'us' is not an e-mail address",
        ),
        ([a_line(1), a_line(1, name="Go club")], "line 3: 'Go club': import_id 1 is used above"),
        (
            [a_line(1), a_line(2, import_id_reference="9")],
            "line 3: 'Chess club': import_id_reference 9 names no",
        ),
        ([{"name": "Chess club"}], "line 2: 'Chess club': import_id is missing"),
        ([a_line(1, description="two\nlines"), a_line(2, min_age="x")], "line 4: 'Chess club': min_age"),
    ],
)
def test_mistakes_are_said_with_their_line_and_column(lines: list[dict[str, str]], said: str) -> None:

    (problem,) = read(*lines).wrong
    assert re.search(said, str(problem)), problem


@pytest.mark.parametrize(
    "change",
    [
        {"scheduled_weekday": "monday", "schedules_opens_at": "hh:mm:ss", "schedules_closes_at": "18:00"},
        {"schedules_opens_at": "09:00", "schedules_closes_at": "18:00"},
        {"visible_to": "next year"},
    ],
)
def test_a_time_that_can_not_be_read_is_left_out_and_said(change: dict[str, str]) -> None:
    found = read(a_line(1, **change))
    assert (len(found.services), len(found.notes)) == (1, 1)
    assert "can not be read" in found.notes[0].what or "can be read" in found.notes[0].what


@pytest.mark.parametrize("text", ["", "name\nClub\n", "<html></html>", '"unfinished'])
def test_another_list_is_refused(text: str) -> None:
    with pytest.raises(NotOpenReferral, match="import_id, import_id_reference, name"):
        read_outpost(text, place="list.csv", source="list", today=TODAY)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_in_any_spreadsheet(ends: str) -> None:
    text = written(a_line(1), a_line(2)).replace("\r\n", ends)
    assert len(read_outpost(text, place="list.csv", source="list", today=TODAY)) == 2


def test_a_quote_that_does_not_end_is_said_with_its_line() -> None:
    with pytest.raises(NotOpenReferral, match=r"list.csv, line 2: .* a quote that does not end"):
        read_outpost(written() + '1,,"' + "x" * 200_000, place="list.csv", source="list", today=TODAY)


def test_outposts_own_example_is_read(standard: Path) -> None:  # noqa: F811
    file = standard / "outpost_import" / "services" / "services--with-sample-data.csv"
    found = taken(
        read_outpost(file.read_text("utf-8-sig"), place=file.name, source="a", today=date(2022, 6, 1))
    )
    assert [(one.name, one.status) for one in found.services.values()] == [
        ("CSV creation service", "inactive"),
        ("Second example service", "active"),
    ]
    assert found.wrong == ()
