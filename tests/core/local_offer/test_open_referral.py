"""Our directory follows Open Referral UK 3.0, and what does not follow it is said record by record."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from core.local_offer.open_referral import RecordNotReadable, read_service
from tests.core.local_offer.directories import OURS, a_service, an_id

REFERENCE = os.environ.get("HYS_REFERENCE", "")  # noqa: TID251 - tests read their own settings


@pytest.fixture
def standard() -> Path:
    if not REFERENCE:
        pytest.skip("HYS_REFERENCE is not set: the schemas of Open Referral UK are not here")
    return Path(REFERENCE) / "open_referral_uk"


def validator_of(standard: Path) -> Draft202012Validator:
    read = {
        file.name: json.loads(file.read_text("utf-8")) for file in (standard / "uk3/schema").glob("*.json")
    }
    parts = [(name, Resource.from_contents(part, DRAFT202012)) for name, part in read.items()]
    return Draft202012Validator(
        read["service.json"], registry=Registry().with_resources(parts), format_checker=FormatChecker()
    )


def test_every_service_of_ours_follows_the_standards_own_schemas(standard: Path) -> None:
    validator = validator_of(standard)
    broken = {
        file.name: [error.message for error in validator.iter_errors(json.loads(file.read_text("utf-8")))]
        for file in OURS.glob("*.json")
    }
    assert len(broken) >= 70
    assert {name: errors for name, errors in broken.items() if errors} == {}


def test_the_schemas_do_refuse_what_is_wrong(standard: Path) -> None:
    wrong = {"id": "not-a-uuid", "name": "Club", "status": "perhaps"}
    assert len(list(validator_of(standard).iter_errors(wrong))) == 2


def test_the_standards_own_example_can_be_read(standard: Path) -> None:
    example = standard / "uk3" / "examples" / "service_full.json"
    service = read_service(json.loads(example.read_text("utf-8")), place="example")
    assert service.name == "Community Counselling"
    assert service.minimum_age == 12


def test_all_ids_of_ours_are_different_and_belong_to_their_service() -> None:
    seen: dict[str, str] = {}
    for file in sorted(OURS.glob("*.json")):
        service = json.loads(file.read_text("utf-8"))
        for part in (
            service,
            *service["attributes"],
            *service["service_areas"],
            *service.get("contacts", ()),
        ):
            assert seen.setdefault(part["id"], file.name) == file.name
            assert part.get("link_id", service["id"]) == service["id"]
            assert part.get("service_id", service["id"]) == service["id"]
        assert service["organization"]["id"] == service["organization_id"]


def test_what_we_do_not_name_is_kept() -> None:
    service = read_service(a_service("Club", wait_time="2 weeks"), place="here")
    assert service.model_dump()["wait_time"] == "2 weeks"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "12"}, "id does not fit"),
        ({"status": "open"}, "status does not fit"),
        ({"minimum_age": "old"}, "minimum_age does not fit"),
        ({"minimum_age": 19, "maximum_age": 11}, "minimum_age 19 is above maximum_age 11. Change it."),
        ({"email": "call us"}, "email: 'call us' is not an e-mail address"),
        ({"url": "javascript:alert(1)"}, "url: 'javascript:alert(1)' is not a web address"),
        ({"url": "https://exa mple.org"}, "is not a web address"),
        ({"assured_date": "soon"}, "assured_date does not fit"),
        (
            {"contacts": [{"id": an_id("c"), "phones": [{"id": an_id("p")}]}]},
            "contacts.0.phones.0.number is missing.",
        ),
    ],
)
def test_each_mistake_is_said_with_its_place_and_record(change: dict[str, Any], said: str) -> None:
    with pytest.raises(RecordNotReadable) as refused:
        read_service(a_service("Club") | change, place="feed page 3")
    problem = refused.value.problems[0]
    assert (problem.place, problem.record) == ("feed page 3", "'Club'")
    assert said in str(problem)


def test_every_mistake_of_a_record_is_said_at_once() -> None:
    with pytest.raises(RecordNotReadable) as refused:
        read_service({"status": "open"}, place="feed")
    assert len(refused.value.problems) == 3
    assert refused.value.problems[0].record == "a record without a name"


@pytest.mark.parametrize("raw", [None, [], "Club", 7])
def test_what_is_no_record_at_all_is_said(raw: object) -> None:
    with pytest.raises(RecordNotReadable, match="this is not a record"):
        read_service(raw, place="feed")
