"""Journey 4: someone who needs to talk finds who is there for them, in the starting directory."""

import json
import re

import pytest

from tests.journeys.people import YoungPerson
from tests.journeys.running import ROOT
from tests.journeys.service import TunedService

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

LISTED = ROOT / "data" / "local_offer"


def test_someone_of_14_who_needs_to_talk_finds_entries_with_source_and_date(
    shared_service: TunedService,
) -> None:
    someone = YoungPerson.arrive(shared_service)
    someone.say("i need someone to talk to im 14")
    entries = someone.last[1:-1]
    assert 1 <= len(entries) <= 3
    names = names_of_services()
    for entry in entries:
        assert entry["text"].split(":")[0] in names
        assert re.search(r"We checked this on \d{1,2} [A-Z][a-z]+ 20\d\d\.", entry["text"])
        assert re.search(r"We saw it at [\w.-]+\.", entry["text"])
    assert someone.last[-1]["text"] == "Was this right for you?"
    assert "Childline" in someone.words


def test_who_finds_nothing_right_is_not_sent_in_circles(shared_service: TunedService) -> None:
    someone = YoungPerson.arrive(shared_service)
    first = someone.say("i need someone to talk to im 14")
    then = someone.tap("None of these")
    assert then
    assert then != first
    assert someone.choice("Ask for a key worker")


def names_of_services() -> set[str]:
    """Read the names from the directory itself, without the code that serves it."""
    return {json.loads(file.read_text())["name"] for file in LISTED.glob("*.json")}
