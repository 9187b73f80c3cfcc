"""Count the people of a period by measure and path: raw numbers, which stay inside the release job."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, and_, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import PeriodId
from core.summaries.measures import VOICES, Kind, Measure, Plan
from core.summaries.numbers import DIMENSIONS, NOT_TOLD, Path, Split
from core.summaries.protect import Tally
from core.views.tables import HeldPerson, HeldView
from core.views.waiting import APART, OWN_WORDS

OTHER = "other"


class Anchoring(StrEnum):
    """Who counts: people whom something anchors, or everyone (a council's own choice, which the release says)."""

    PROVEN = "proven"
    OPEN = "open"


async def count_people(
    session: AsyncSession, period: PeriodId, plan: Plan, *, anchoring: Anchoring
) -> dict[str, Tally]:
    """Tally people for every measure of the plan.

    A row is one person's last view of its measure: the mover writes a later one in its place.
    """
    people: dict[str, dict[Path, int]] = {measure.id: {} for measure in plan.measures}
    splits = {measure.id: plan.splits_of(measure) for measure in plan.measures}
    for row in await session.execute(_grouped(period, plan, anchoring)):
        for measure in _measures_of(row, plan):
            path = _path_of(row, splits[measure])
            if path is not None:
                people[measure][path] = people[measure].get(path, 0) + row.people
    return {measure: Tally.of(counted) for measure, counted in people.items()}


async def count_unanchored(session: AsyncSession, period: PeriodId) -> int:
    """Count the conversations whom nothing anchors, over all measures."""
    asked = select(func.count()).where(HeldPerson.period == period, HeldPerson.anchored == false())
    return await session.scalar(asked) or 0


def _grouped(period: PeriodId, plan: Plan, anchoring: Anchoring) -> Executable:
    counted = [measure for measure in plan.measures if measure.kind is not Kind.THEME]
    groups = (
        HeldView.measure,
        func.coalesce(HeldView.answer, HeldView.sentiment).label("answer"),
        HeldView.themes,
        HeldView.district,
        HeldView.age,
        HeldView.helped_by,
        HeldView.channel,
    )
    asked = (
        select(*groups, func.count().label("people"))
        .where(HeldView.period == period, or_(*(_said_by(voice, counted) for voice in (None, *VOICES))))
        .group_by(*groups)
    )
    return asked if anchoring is Anchoring.OPEN else asked.where(HeldView.anchored == true())


def _said_by(voice: str | None, measures: Sequence[Measure]) -> ColumnElement[bool]:
    """Take of each measure only the people whose own voice it is: young people (None), families or staff."""
    own = [each.id for each in measures if (each.area if each.area in VOICES else None) == voice]
    helped_by = HeldView.helped_by
    is_theirs = (
        or_(helped_by.is_(None), helped_by.not_in(APART)) if voice is None else helped_by == OWN_WORDS[voice]
    )
    return and_(HeldView.measure.in_(own), is_theirs)


def _measures_of(row: Row[Any], plan: Plan) -> Iterator[str]:
    """Name the measures that a row counts in: its own, and, within an area, those of its themes."""
    yield row.measure
    if row.themes == "[]":
        return
    for theme in json.loads(row.themes):
        found: Measure | None = plan.find(f"theme:{theme}")
        if found is not None and found.wider == row.measure:
            yield found.id


def _path_of(row: Row[Any], splits: tuple[Split, ...]) -> Path | None:
    """Give a row's path; what is in no list counts as not told, and an answer in no list is not counted."""
    if row.answer not in splits[0].categories:
        return None
    return (row.answer, *(_known(getattr(row, split.dimension), split) for split in splits[1:]))


def _known(category: str | None, split: Split) -> str:
    if category in split.categories:
        return category
    return OTHER if split.dimension == DIMENSIONS[-1] else NOT_TOLD
