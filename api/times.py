"""Say times as people do: "3 hours", "Monday 23 November 2026, 3:05 pm"."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HALF_A_DAY = 12
STEPS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def how_long(since: datetime, now: datetime) -> str:
    """Say how long it is since then, in the largest whole unit: "2 days", "1 hour", "5 minutes"."""
    for length, unit in STEPS:
        count = (now - since) // length
        if count >= 1:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than 1 minute"


def say_day(day: date) -> str:
    """Say a day in full: "Tuesday 1 December 2026"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def say_moment(at: datetime, zone: ZoneInfo) -> str:
    """Say a moment in the area's own time: "Monday 23 November 2026, 3:05 pm"."""
    there = at.astimezone(zone)
    half = f"{there:%p}".lower()
    return f"{say_day(there.date())}, {there.hour % HALF_A_DAY or HALF_A_DAY}:{there:%M} {half}"
