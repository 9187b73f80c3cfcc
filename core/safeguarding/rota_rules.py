"""Who is called now, and who is called next: pure rules over the rota."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.area import Area, Weekday, Who, is_bank_holiday, who_is_there
from core.area_file import MINUTES_A_DAY
from core.ids import StaffId

MANAGER = 0
"""The place of a duty manager on the rota; 1 is called first, then 2, then 3."""


class Day(StrEnum):
    """The days that a turn may be on; a bank holiday counts as itself, whatever weekday it is."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    BANK_HOLIDAY = "bank_holiday"


@dataclass(frozen=True, slots=True)
class Turn:
    """When someone reads concerns: days, from a minute of the day to another that is not included.

    `mobile` is an E.164 number, or None for someone who has only e-mail.
    """

    id: str
    staff: StaffId
    name: str
    email: str
    mobile: str | None
    days: frozenset[Day]
    from_: int
    to: int
    place: int

    @property
    def is_manager(self) -> bool:
        """Whether this is a turn as duty manager."""
        return self.place == MANAGER


def day_and_minute(area: Area, at: datetime) -> tuple[Day, int]:
    """Give the day as the rota names it, and the minute of it, by the area's own clock."""
    local = at.astimezone(area.zone)
    if is_bank_holiday(area, local.date()):
        return Day.BANK_HOLIDAY, local.hour * 60 + local.minute
    return tuple(Day)[local.weekday()], local.hour * 60 + local.minute


def on_duty(turns: Iterable[Turn], area: Area, at: datetime) -> tuple[Turn, ...]:
    """Give who has a turn now, one for each person: first, second ... and the duty managers last."""
    day, minute = day_and_minute(area, at)
    now = [turn for turn in turns if day in turn.days and turn.from_ <= minute < turn.to]
    in_order = sorted(now, key=lambda turn: (turn.is_manager, turn.place, turn.name, turn.id))
    people: dict[StaffId, Turn] = {}
    for turn in in_order:
        people.setdefault(turn.staff, turn)
    return tuple(people.values())


def whom_to_call(there: Sequence[Turn], step: int) -> tuple[Turn, ...]:
    """Give whom a call reaches: the first, then the next as well, then the duty manager, then everyone there.

    Where a place is empty, the call goes on to whom it would reach next, so that no step reaches nobody new
    while somebody is there.
    """
    order = [turn for turn in there if not turn.is_manager]
    managers = [turn for turn in there if turn.is_manager]
    called = order[: step + 1]
    if step >= min(len(order), 2):
        called = order + managers
    return tuple(called)


def has_readers(there: Sequence[Turn], area: Area, at: datetime) -> bool:
    """Say whether anyone can be called: someone's turn, or an hour in which the area file promises a team."""
    return bool(there) or who_is_there(area, at).who is not Who.NOBODY


def hours_without(turns: Iterable[Turn], *, managers: bool = False) -> Iterator[tuple[Day, int, int]]:
    """Yield each stretch in which nobody (or no duty manager) has a turn: day, first and last minute."""
    mine = [turn for turn in turns if turn.is_manager or not managers]
    for day in Day:
        at = 0
        for turn in sorted((turn for turn in mine if day in turn.days), key=lambda turn: turn.from_):
            if turn.from_ > at:
                yield day, at, turn.from_
            at = max(at, turn.to)
        if at < MINUTES_A_DAY:
            yield day, at, MINUTES_A_DAY


def hours_promised(area: Area, who: Who) -> Iterator[tuple[Day, int, int]]:
    """Yield each stretch that the area file gives to `who`; an hour that it leaves out is given to nobody."""
    for day in tuple(Day)[:7]:
        at = 0
        for block in sorted(
            (each for each in area.hours if Weekday(day) in each.days), key=lambda each: each.from_
        ):
            if who is Who.NOBODY and block.from_ > at:
                yield day, at, block.from_
            if block.who is who:
                yield day, block.from_, block.to
            at = block.to
        if who is Who.NOBODY and at < MINUTES_A_DAY:
            yield day, at, MINUTES_A_DAY
    if area.on_bank_holidays is who:
        yield Day.BANK_HOLIDAY, 0, MINUTES_A_DAY


def hours_uncalled(turns: Iterable[Turn], area: Area, who: Who) -> Iterator[tuple[Day, int, int]]:
    """Yield each stretch that the area file gives to `who` and in which nobody on the rota has a turn."""
    empty = list(hours_without(turns))
    for day, from_, to in hours_promised(area, who):
        for its_day, start, end in empty:
            if its_day is day and max(from_, start) < min(to, end):
                yield day, max(from_, start), min(to, end)
