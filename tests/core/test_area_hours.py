"""What is said of who is there is true at every hour: of every week, on bank holidays, when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.area import Who, load_area, who_is_there

AREA = load_area(Path(__file__).parents[2] / "data" / "area.yml")
LONDON = ZoneInfo("Europe/London")
QUARTER = timedelta(minutes=15)
CLOSED = {
    date(2026, 12, 25),
    date(2026, 12, 28),
    date(2027, 1, 1),
    date(2027, 3, 26),
    date(2027, 3, 29),
    date(2027, 5, 3),
    date(2027, 5, 31),
}
"""England's bank holidays of that time, as GOV.UK lists them: Boxing Day 2026 is a Saturday."""
WEEKS = {
    "clocks go back": datetime(2026, 10, 25, tzinfo=UTC),
    "clocks go forward": datetime(2027, 3, 28, tzinfo=UTC),
    "Christmas": datetime(2026, 12, 23, tzinfo=UTC),
    "Easter": datetime(2027, 3, 24, tzinfo=UTC),
}
MOMENTS = st.datetimes(datetime.fromisoformat("2026-10-01"), datetime.fromisoformat("2027-06-30"))


def is_at_work(at: datetime) -> bool:
    """Read the opening hours off the council's own notice: weekdays 9 to 5, Fridays to half past four."""
    local = at.astimezone(LONDON)
    if local.weekday() > 4 or local.date() in CLOSED:
        return False
    closes = 16 * 60 + 30 if local.weekday() == 4 else 17 * 60
    return 9 * 60 <= local.hour * 60 + local.minute < closes


def first(at: datetime, *, at_work: bool) -> datetime:
    """Go on, by real time, until somebody is (or is no longer) at work."""
    at = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    while is_at_work(at) is not at_work:
        at += QUARTER
    return at


def clock(at: datetime) -> str:
    local = at.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{hour}:{local.minute:02} pm" if local.minute else f"{hour} pm"


def check(at: datetime) -> None:
    there = who_is_there(AREA, at)
    today = at.astimezone(LONDON).date()
    assert (there.who is Who.STAFFED) == is_at_work(at), at
    if is_at_work(at):
        assert there.until == f"{clock(first(at, at_work=False))} today", at
    else:
        comes = first(at, at_work=True).astimezone(LONDON)
        day = "this" if comes.date() == today else f"on {comes:%A}"
        assert (there.until, there.when) == ("", f"{day} morning"), at
    due = there.by_when_at
    assert due > at
    assert is_at_work(due - QUARTER), "what is due is due in hours of work, or as they end"
    assert due.astimezone(LONDON).date() == today or due.astimezone(LONDON).hour == 12, at


@pytest.mark.parametrize("week", WEEKS)
def test_each_quarter_of_an_hour_of_the_weeks_that_are_not_like_others(week: str) -> None:
    for quarter in range(168 * 4):
        check(WEEKS[week] + quarter * QUARTER)


@given(MOMENTS)
def test_any_moment(moment: datetime) -> None:
    check(moment.replace(tzinfo=UTC))
