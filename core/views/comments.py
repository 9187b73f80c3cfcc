"""What young people say of services of the Local Offer: comments, which nobody can lead back to who made them."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.area_file import Period
from core.ids import PeriodId
from core.views.tables import HeldView
from core.views.waiting import UNMET_NEED, Profile

COMMENT = "local-offer:"
K = 10
"""The fewest people behind anything that is told (SAFETY-AND-PRIVACY.md section 3)."""
SETTLED = timedelta(days=7)
"""A period is told of when this has passed since its end: by then the last views have moved."""


class Verdict(StrEnum):
    """How what was shown fitted: the one service, one of several, or none of them."""

    RIGHT = "right"
    ONE_WAS_RIGHT = "one-was-right"
    NOT_RIGHT = "not-right"


@dataclass(frozen=True, slots=True)
class Told:
    """What many said in a period: services that were right or not right for at least ten people, by id.

    There are no numbers: they would tell who is the tenth. `is_missed`: as many did not find what they asked for.
    """

    period: PeriodId
    right: tuple[str, ...] = ()
    not_right: tuple[str, ...] = ()
    is_missed: bool = False


def comment_on(service: str) -> str:
    """Name the measure of comments on a service."""
    return COMMENT + service


def is_comment(measure: str) -> bool:
    """Say whether a measure is of comments on a service."""
    return measure.startswith(COMMENT)


def beside_comment(profile: Profile) -> Profile:
    """Leave beside a comment only whether a number stands behind it: nothing of it is broken down."""
    return Profile("other", anchored=profile.anchored)


def settled_period(periods: tuple[Period, ...], today: date) -> Period | None:
    """Give the newest period that is over for long enough."""
    over = [period for period in periods if period.to + SETTLED < today]
    return max(over, key=lambda period: period.to, default=None)


async def read_comments(session: AsyncSession, period: PeriodId) -> Told:
    """Say of a period that is over what at least ten people said; ten of whom something anchors, so none made up."""
    asked = (
        select(HeldView.measure, HeldView.answer, func.count().label("people"))
        .where(HeldView.period == period, HeldView.anchored == true(), _is_told())
        .group_by(HeldView.measure, HeldView.answer)
    )
    many = [row for row in await session.execute(asked) if row.people >= K]
    missed = select(func.count(func.distinct(HeldView.person))).where(
        HeldView.period == period, HeldView.anchored == true(), HeldView.measure == UNMET_NEED
    )
    return Told(
        period,
        right=_services(many, Verdict.RIGHT),
        not_right=_services(many, Verdict.NOT_RIGHT),
        is_missed=(await session.scalar(missed) or 0) >= K,
    )


def _is_told() -> ColumnElement[bool]:
    return HeldView.measure.startswith(COMMENT, autoescape=True)


def _services(rows: list[Row[str, str | None, int]], verdict: Verdict) -> tuple[str, ...]:
    return tuple(sorted(row.measure.removeprefix(COMMENT) for row in rows if row.answer == verdict))
