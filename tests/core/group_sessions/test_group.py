"""What is typed of a group session becomes one, or it is said what to put right; and who is named in words."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.group_sessions.group import NotAGroup, TypedGroup, group_of, names_staff, read_group
from tests.core.group_sessions.groups import TOLD, oak_school
from tests.fakes import MONDAY_MORNING

LONDON = ZoneInfo("Europe/London")
TYPED = TypedGroup(
    setting=" Oak  School ",
    leader="Pat Nowak",
    leader_phone="01632 960001 ext 4",
    lead="Samira King",
    lead_phone="01632 960002",
    day="2026-11-30",
    from_="09:30",
    to="11:00",
)


def test_it_is_read_with_its_times_in_the_zone_of_the_area() -> None:
    group = read_group(TYPED, told=TOLD, zone=LONDON, now=MONDAY_MORNING)
    assert (group.setting, group.leader_phone) == ("Oak School", "01632 960001 ext 4")
    assert group.begins_at == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    summer = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    assert read_group(
        replace(TYPED, day="2026-06-01"), told={}, zone=LONDON, now=summer
    ).begins_at == datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
    assert group_of(group.as_json()) == group


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"setting": " "}, "setting"),
        ({"setting": "x" * 61}, "setting"),
        ({"leader": ""}, "leader"),
        ({"leader_phone": "none"}, "leader-phone"),
        ({"lead": "\u00a0"}, "lead"),
        ({"lead_phone": "12345"}, "lead-phone"),
        ({"day": "tomorrow"}, "day"),
        ({"day": "2026-11-22"}, "day"),
        ({"day": "2027-03-01"}, "day"),
        ({"from_": "9"}, "from"),
        ({"to": "09:30"}, "from"),
        ({"day": "2026-11-23", "from_": "08:00", "to": "09:59"}, "from"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(change: dict[str, str], field: str) -> None:
    with pytest.raises(NotAGroup) as refused:
        read_group(replace(TYPED, **change), told=TOLD, zone=LONDON, now=MONDAY_MORNING)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "words",
    [
        "nowak hits me",
        "its NOWAK'S fault im scared",
        "miss king locks me in",
        "samira shouts at me",
        "pat nowak",
    ],
)
def test_who_leads_the_session_and_the_lead_of_its_setting_are_known_by_name(words: str) -> None:
    assert names_staff(oak_school(MONDAY_MORNING), words)


@pytest.mark.parametrize(
    "words",
    ["i want to be king of the castle", "a pat on the head", "my dad hits me", "", "miss you king size"],
)
def test_an_everyday_word_that_is_a_name_too_names_nobody(words: str) -> None:
    assert not names_staff(oak_school(MONDAY_MORNING), words)


@pytest.mark.parametrize(
    "words",
    [
        "sian hits me",
        "sians hand was on me",
        "si\u00e2n\u2019s hand",
        "sia\u0302n",
        "zoe shouts",
        "zo\u00eb",
        "obriens face",
        "o'brien",
        "O\u2019BRIEN",
    ],
)
def test_accents_apostrophes_and_an_s_that_are_left_out_change_no_name(words: str) -> None:
    welsh = replace(oak_school(MONDAY_MORNING), leader="Si\u00e2n Lloyd", lead="Zo\u00eb O'Brien")
    assert names_staff(welsh, words)


def test_an_s_after_an_everyday_name_counts_beside_a_title_only() -> None:
    assert names_staff(oak_school(MONDAY_MORNING), "miss kings hand was on me")
    assert not names_staff(oak_school(MONDAY_MORNING), "the kings of the castle")
