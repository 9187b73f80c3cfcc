"""An entry is told in messages of the catalogue: what, who for, how to reach it, and how far to trust it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.local_offer.describe import describe, in_words
from core.local_offer.directory import Confidence, TextNumber, load_directory
from core.text.messages import Variant, load_catalogue
from tests.core.local_offer.directories import OURS, an_entry

TODAY = date(2026, 11, 23)
CATALOGUE = Path(__file__).parents[3] / "data" / "messages" / "en-GB"


def told(today: date = TODAY, **changes: Any) -> list[str]:
    return [line.message for line in describe(an_entry("Club", "sport", **changes), today)]


def test_a_checked_entry_says_everything_in_the_order_it_is_read() -> None:
    catalogue = load_catalogue(CATALOGUE)
    entry = an_entry(
        "Club",
        "sport",
        what="You play.",
        min_age=11,
        max_age=19,
        phones=("01632 960001",),
        hours="Mondays 4 pm",
    )
    assert [catalogue.say(line.message, **line.values) for line in describe(entry, TODAY)] == [
        "Club: You play.",
        "It is for people aged 11 to 19.",
        "Call 01632 960001",
        "When you can reach them: Mondays 4 pm",
        "We checked this on 23 November 2026.",
        "We saw it at example.org.",
    ]


@pytest.mark.parametrize("variant", list(Variant))
def test_every_entry_of_ours_can_be_said_in_every_variant(variant: Variant) -> None:
    catalogue = load_catalogue(CATALOGUE)
    for entry in load_directory(OURS):
        for line in describe(entry, TODAY):
            assert catalogue.say(line.message, variant, **line.values)


@pytest.mark.parametrize(
    ("ages", "message"),
    [
        ({}, "service_who_everyone"),
        ({"min_age": 0}, "service_who_everyone"),
        ({"min_age": 0, "max_age": 18}, "service_who_up_to"),
        ({"min_age": 16}, "service_who_from"),
        ({"min_age": 16, "max_age": 25}, "service_who_between"),
        ({"min_age": 18, "audience": "parents and carers"}, "service_who_parents"),
    ],
)
def test_who_it_is_for_is_said_by_age_or_as_parents(ages: dict[str, Any], message: str) -> None:
    assert told(**ages)[1] == message


def test_a_service_of_one_district_says_where() -> None:
    assert "service_where" in told(districts=frozenset({"Redditch"}), area="Redditch")
    assert "service_where" not in told()


def test_every_way_to_reach_it_is_said() -> None:
    reach = told(
        phones=("1", "2"), text=TextNumber("85258", "SHOUT"), url="https://example.org", email="a@example.org"
    )
    assert reach[2:7] == [
        "service_reach_phone",
        "service_reach_phone",
        "service_reach_text_word",
        "service_reach_web",
        "service_reach_email",
    ]
    assert "service_reach_text" in told(text=TextNumber("07700 900001", None))


def test_a_service_that_cannot_be_reached_says_so() -> None:
    assert "service_reach_unknown" in told(phones=())


def test_an_unchecked_entry_is_marked_and_still_says_where_and_when_it_was_seen() -> None:
    assert told(confidence=Confidence.LOW)[-2:] == ["service_unchecked", "service_seen_on_at"]
    assert told(source=None)[-1] == "service_unchecked"


def test_an_old_entry_is_marked_with_its_day() -> None:
    assert "service_stale" in told(today=date(2028, 1, 1))
    assert "service_checked" not in told(today=date(2028, 1, 1))


def test_a_source_that_is_no_address_is_named_as_it_is() -> None:
    line = describe(an_entry("Club", source="The strategy"), TODAY)[-1]
    assert line.values == {"site": "The strategy"}


def test_days_are_written_in_words() -> None:
    assert in_words(date(2024, 1, 5)) == "5 January 2024"
