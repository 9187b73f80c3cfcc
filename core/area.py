"""The area: who is there at an hour, which district a town is in, which period a day belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from core.area_file import (
    MINUTES_A_DAY,
    Area,
    BankHolidays,
    Complaints,
    District,
    Hours,
    Numbers,
    Period,
    PhoneNumber,
    Weekday,
    Who,
    load_area,
    plain,
)

__all__ = [
    "Area",
    "Complaints",
    "District",
    "Numbers",
    "Period",
    "PhoneNumber",
    "Weekday",
    "Who",
    "WhoIsThere",
    "district_of",
    "hours_with_nobody",
    "is_bank_holiday",
    "is_working_day",
    "load_area",
    "noon_of_next_working_day",
    "period_of",
    "who_is_there",
]

NOON = 12 * 60
EVENING = 17 * 60
LAST_CALL = 15 * 60
"""A worry told later than this is read by noon of the next working day (SAFETY-AND-PRIVACY.md section 1)."""
DAYS_TO_LOOK_AHEAD = 60
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class WhoIsThere:
    """Who reads now, and the words that say so.

    `until` ("5 pm today") is empty when nobody of the safety team is there; `when` ("on Tuesday morning") is the
    next time that it is; `by_when` ("12 noon on Tuesday") is when a worry told now has been read, at `by_when_at`.
    """

    who: Who
    until: str
    when: str
    by_when: str
    by_when_at: datetime
    numbers: Numbers

    @property
    def team(self) -> str:
        """The part of the messages' names that tells who is there: danger_team_<here|night|away>_<age>."""
        return {Who.STAFFED: "here", Who.OUT_OF_HOURS: "night", Who.NOBODY: "away"}[self.who]

    def words_for(self, age: str) -> dict[str, str]:
        """Return the values of the danger_team messages for an age: under_18, 18, 19_to_25 or age_unknown."""
        values = {"until": self.until, "when": self.when, "by_when": self.by_when}
        numbers = {"number": self.number_for(age).number, "adult_number": self.number_for("19_to_25").number}
        return values | numbers

    def number_for(self, age: str) -> PhoneNumber:
        """Return whom somebody of this age may call at this hour, by name and number."""
        by_day = self.who is Who.STAFFED
        if age in {"under_18", "age_unknown"}:
            return self.numbers.children if by_day else self.numbers.children_out_of_hours
        return self.numbers.adults if by_day else self.numbers.adults_out_of_hours


def who_is_there(area: Area, at: datetime) -> WhoIsThere:
    """Tell who reads at a moment (aware of its zone); an hour that the file leaves out counts as nobody."""
    local = at.astimezone(area.zone)
    today, minute = local.date(), local.hour * 60 + local.minute
    now = next((block for block in _blocks(area, today) if block.from_ <= minute < block.to), None)
    who = now.who if now else Who.NOBODY
    until = f"{_in_words(_end_of_shift(area, today, minute))} today" if who is Who.STAFFED else ""
    due_on, due = _read_by(area, today, minute)
    due_day = "today" if due_on == today else f"on {_day_in_words(due_on, today)}"
    return WhoIsThere(
        who=who,
        until=until,
        when=_next_shift(area, today, minute),
        by_when=f"{_in_words(due)} {due_day}",
        by_when_at=datetime.combine(due_on, time(), area.zone) + timedelta(minutes=due),
        numbers=area.numbers,
    )


def is_working_day(area: Area, day: date) -> bool:
    """Return whether the safety team is there at some hour of the day."""
    return bool(_shifts(area, day))


def noon_of_next_working_day(area: Area, at: datetime) -> datetime:
    """Return 12 noon of the first working day after the day of a moment."""
    today = at.astimezone(area.zone).date()
    ahead = (today + timedelta(days=days) for days in range(1, DAYS_TO_LOOK_AHEAD))
    day = next((each for each in ahead if is_working_day(area, each)), today + timedelta(days=A_WEEK))
    return datetime.combine(day, time(12), area.zone)


def is_bank_holiday(area: Area, day: date) -> bool:
    """Return whether a day is one of the area's bank holidays."""
    return day in _bank_holidays(area.bank_holidays, day.year)


def hours_with_nobody(area: Area) -> Iterator[tuple[Weekday, int, int]]:
    """Yield each stretch of the week when nobody reads: weekday, first and last minute since midnight."""
    for day in Weekday:
        covered = [block for block in area.hours if day in block.days and block.who is not Who.NOBODY]
        at = 0
        for block in sorted(covered, key=lambda each: each.from_):
            if block.from_ > at:
                yield day, at, block.from_
            at = block.to
        if at < MINUTES_A_DAY:
            yield day, at, MINUTES_A_DAY


def district_of(area: Area, town: str) -> District | None:
    """Return the district that a typed town (or the district's own name) is in, or None when it is elsewhere."""
    for district in area.districts:
        if plain(town) in {plain(name) for name in (*district.towns, district.name)}:
            return district
    return None


def period_of(area: Area, day: date) -> Period | None:
    """Return the period a day belongs to, or None when the area file names none."""
    return next((period for period in area.periods if period.from_ <= day <= period.to), None)


def _blocks(area: Area, day: date) -> list[Hours]:
    weekday = Weekday.of(day)
    if is_bank_holiday(area, day):
        whole_day = {"days": [weekday], "from": "00:00", "to": "24:00", "who": area.on_bank_holidays}
        return [Hours.model_validate(whole_day)]
    return sorted((block for block in area.hours if weekday in block.days), key=lambda block: block.from_)


def _shifts(area: Area, day: date) -> list[Hours]:
    return [block for block in _blocks(area, day) if block.who is Who.STAFFED]


@lru_cache(maxsize=16)
def _bank_holidays(whose: BankHolidays, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(whose.country, subdiv=whose.part, years=year))


def _end_of_shift(area: Area, day: date, minute: int) -> int:
    """Return when the shift at this minute ends; two shifts without a break between them are one."""
    for shift in _shifts(area, day):
        if shift.from_ <= minute < shift.to:
            minute = shift.to
    return minute


def _next_shift(area: Area, today: date, minute: int) -> str:
    for day, shift in _shifts_from(area, today):
        if day == today and shift.from_ > minute:
            return f"this {_part_of_day(shift.from_)}"
        if day > today and day - today < timedelta(days=A_WEEK):
            return f"on {_day_in_words(day, today)} {_part_of_day(shift.from_)}"
        if day > today:
            return f"on {_day_in_words(day, today)}"
    return "when we are back"


def _read_by(area: Area, today: date, minute: int) -> tuple[date, int]:
    """Return the day and minute by which a worry told now is read: the same working day, or noon of the next."""
    for day, shift in _shifts_from(area, today):
        if day == today and minute < min(LAST_CALL, shift.to):
            return day, _end_of_shift(area, day, shift.from_)
        if day > today:
            return day, NOON if shift.from_ < NOON else shift.to
    return today + timedelta(days=A_WEEK), NOON


def _shifts_from(area: Area, today: date) -> Iterator[tuple[date, Hours]]:
    for ahead in range(DAYS_TO_LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        for shift in _shifts(area, day):
            yield day, shift


def _in_words(minute: int) -> str:
    """Write a time of the day as people say it: "4:30 pm", "12 noon", "12 midnight"."""
    hour, past = divmod(minute, 60)
    if past == 0 and hour % 12 == 0:
        return "12 noon" if minute == NOON else "12 midnight"
    half = "am" if minute < NOON else "pm"
    return f"{(hour - 1) % 12 + 1}:{past:02} {half}" if past else f"{(hour - 1) % 12 + 1} {half}"


def _part_of_day(minute: int) -> str:
    if minute < NOON:
        return "morning"
    return "afternoon" if minute < EVENING else "evening"


def _day_in_words(day: date, today: date) -> str:
    """Write a day within the week by its name, a later one with its date: "Tuesday", "Monday 4 January"."""
    near = day - today < timedelta(days=A_WEEK)
    return f"{day:%A}" if near else f"{day:%A} {day.day} {day:%B}"
