"""The area file (data/area.yml): all that belongs to one council, and what makes the file wrong."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from core.ids import PeriodId
from core.retention import Retention
from core.text.yaml_source import read_typed

MINUTES_A_DAY = 24 * 60


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Weekday(StrEnum):
    """The days of the week, in the order of `date.weekday()`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the weekday of a date."""
        return tuple(cls)[day.weekday()]


class Who(StrEnum):
    """Who reads what young people say at an hour."""

    STAFFED = "staffed"
    OUT_OF_HOURS = "out_of_hours"
    NOBODY = "nobody"


def minutes_of_day(given: object) -> int:
    """Read "09:00" as minutes since midnight; "24:00" is the end of the day."""
    hours, _, minutes = str(given).partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):  # noqa: PLR2004 - two digits
        raise ValueError(f"'{given}' is not a time like \"09:00\".")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) >= 60 or total > MINUTES_A_DAY:  # noqa: PLR2004 - minutes in an hour
        raise ValueError(f"'{given}' is not a time of the day.")
    return total


Minutes = Annotated[int, BeforeValidator(minutes_of_day)]


class Hours(_Part):
    """Who is there on some days from one time to another, in minutes since midnight; `to` is not included."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    from_: Minutes = Field(alias="from")
    to: Minutes
    who: Who

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to <= self.from_:
            raise ValueError("These hours end before they begin. Write the night as two lines.")
        return self


class PhoneNumber(_Part):
    """A number to call, where it was seen and on which day."""

    name: str
    number: Annotated[str, Field(pattern=r"^[0-9 ]{3,}$")]
    source: str
    checked_on: date


class Numbers(_Part):
    """Who to call when someone may not be safe: for children (under 18) and adults, by day and out of hours."""

    children: PhoneNumber
    children_out_of_hours: PhoneNumber
    adults: PhoneNumber
    adults_out_of_hours: PhoneNumber


class Complaints(_Part):
    """Who answers complaints, the page where one can complain without us, and who to call about a bad answer."""

    name: Annotated[str, Field(min_length=1)]
    page: Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.[a-z]{2,}(?:/[\w./-]*)?$")]
    source: str
    checked_on: date
    not_happy: PhoneNumber


class District(_Part):
    """A district and the towns that count to it."""

    id: str
    name: str
    towns: tuple[str, ...]


class Period(_Part):
    """What one release covers, first and last day included."""

    id: PeriodId
    name: str
    from_: date = Field(alias="from")
    to: date


class BankHolidays(_Part):
    """Whose bank holidays count, as the package `holidays` names them."""

    country: str
    part: str | None = None


class Acceptance(_Part):
    """The director who has accepted that at some hours nobody reads, by name and post, and the day of it."""

    name: Annotated[str, Field(min_length=1)]
    post: Annotated[str, Field(min_length=1)]
    on: date


class Texts(_Part):
    """How many texts may leave in a day, and for how much; answers to danger always leave."""

    to_one_number_a_day: Annotated[int, Field(ge=10)] = 100
    to_all_numbers_a_day: Annotated[int, Field(ge=10)] = 3000
    pence_a_day: Annotated[int, Field(ge=100)] = 20_000
    pence_a_part: Annotated[float, Field(gt=0)] = 4.0


class Area(_Part):
    """One council's own names, numbers, hours and terms."""

    council: str
    service: str
    language: str
    time_zone: str
    bank_holidays: BankHolidays
    districts: Annotated[tuple[District, ...], Field(min_length=1)]
    elsewhere: tuple[str, ...] = ()
    numbers: Numbers
    complaints: Complaints
    hours: Annotated[tuple[Hours, ...], Field(min_length=1)]
    on_bank_holidays: Who
    nobody_accepted_by: Acceptance | None = None
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]
    retention: Retention = Retention()
    texts: Texts = Texts()

    @field_validator("time_zone")
    @classmethod
    def _the_time_zone_is_known(cls, given: str) -> str:
        try:
            ZoneInfo(given)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"No time zone is called '{given}'. Write one like 'Europe/London'.") from error
        return given

    @field_validator("bank_holidays")
    @classmethod
    def _the_country_is_known(cls, given: BankHolidays) -> BankHolidays:
        try:
            holidays.country_holidays(given.country, subdiv=given.part)
        except NotImplementedError as error:
            raise ValueError(f"No bank holidays are known for '{given.country}', '{given.part}'.") from error
        return given

    @property
    def zone(self) -> ZoneInfo:
        """The area's time zone."""
        return ZoneInfo(self.time_zone)


def load_area(path: Path) -> Area:
    """Read the area file; raises BrokenDataFile with file, line and what to do for the first thing wrong."""
    area, source = read_typed(path, Area)
    for steps, what, what_to_do in (_wrong_hours(area), _wrong_periods(area), _wrong_towns(area)):
        if what:
            raise source.broken(steps, what, what_to_do)
    return area


_Wrong = tuple[tuple[str | int, ...], str, str]
_RIGHT: _Wrong = ((), "", "")


def _wrong_hours(area: Area) -> _Wrong:
    taken: set[tuple[Weekday, int]] = set()
    for place, hours in enumerate(area.hours):
        minutes = {(day, minute) for day in hours.days for minute in range(hours.from_, hours.to)}
        if taken & minutes:
            return (
                ("hours", place),
                "Some of these hours stand on an earlier line too.",
                "Let each hour stand once.",
            )
        taken |= minutes
    if all(hours.who is not Who.STAFFED for hours in area.hours):
        return ("hours",), "Nobody is ever there.", "Add hours with 'who: staffed'."
    return _RIGHT


def _wrong_periods(area: Area) -> _Wrong:
    before = date.min
    for place, period in enumerate(area.periods):
        if period.to < period.from_ or period.from_ <= before:
            what = f"The period '{period.id}' begins before the last one ends, or ends before it begins."
            return ("periods", place), what, "Put the periods in order, without a day in two of them."
        before = period.to
    return _RIGHT


def _wrong_towns(area: Area) -> _Wrong:
    seen: dict[str, str] = {}
    for town in area.elsewhere:
        seen[plain(town)] = "elsewhere"
    for place, district in enumerate(area.districts):
        for town in district.towns:
            first = seen.setdefault(plain(town), district.id)
            if first != district.id:
                return ("districts", place), f"'{town}' is in '{first}' too.", "Leave it in one district."
    return _RIGHT


def plain(name: str) -> str:
    """Write a town's name so that two spellings of it are the same."""
    return " ".join(name.casefold().replace("-", " ").replace(".", "").replace("'", "").split())
