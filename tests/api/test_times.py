"""Times are said as people say them, in the area's own time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.times import how_long, say_day, say_moment

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=59), "less than 1 minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "1 day"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_how_long_it_is_since_is_said_in_the_largest_whole_unit(ago: timedelta, said: str) -> None:
    assert how_long(NOW - ago, NOW) == said


def test_days_and_moments_are_said_in_full_in_local_time() -> None:
    assert say_day(date(2026, 12, 1)) == "Tuesday 1 December 2026"
    assert say_moment(NOW, LONDON) == "Wednesday 1 July 2026, 1:00 pm"
    assert say_moment(datetime(2026, 12, 1, 0, 5, tzinfo=UTC), LONDON) == "Tuesday 1 December 2026, 12:05 am"
