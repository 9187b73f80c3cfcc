"""The periods that views belong to: school terms by default, from the area file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.ids import PeriodId


@dataclass(frozen=True, slots=True)
class Period:
    """A school term, its first and its last day."""

    id: PeriodId
    starts_on: date
    ends_on: date
    label: str = ""

    def has_closed(self, today: date) -> bool:
        """A period is closed from the day after its last day."""
        return today > self.ends_on


def check_periods(periods: Sequence[Period]) -> None:
    """Raise ValueError unless every period ends after it starts, and before the next one starts."""
    for period in periods:
        if period.ends_on < period.starts_on:
            raise ValueError(f"The period {period.id} ends before it starts.")
    for one, two in pairwise(periods):
        if two.starts_on <= one.ends_on:
            raise ValueError(f"The period {two.id} starts before {one.id} has ended.")


def period_on(periods: Sequence[Period], day: date) -> PeriodId:
    """Give the period that a view of this day belongs to; in a holiday, the one that comes next.

    A day after the last period belongs to a period of its own name that never closes, so that no view is
    lost because nobody has written the next term's dates yet.
    """
    for period in periods:
        if not period.has_closed(day):
            return period.id
    return PeriodId(f"after-{periods[-1].id}" if periods else "no-period")
