"""Read what was published: nothing here can reach a view, a conversation or anything but frozen releases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Store
from core.errors import Refusal
from core.summaries.homogeneity import Protected
from core.summaries.measures import Kind, Measure, Plan, read_plan
from core.summaries.numbers import DIMENSIONS, Cell, Hidden, Leaf, Shown, Symbol
from core.summaries.query import AREA, THEME, UNANCHORED, Query, UnknownMeasure
from core.summaries.tables import FrozenLeaf, HiddenCell, Release
from core.summaries.tabulate import Row, tabulate

KINDS = {AREA: Kind.AREA, THEME: Kind.THEME}
ALL_HIDDEN = Protected((), {})


class NoSuchRelease(Refusal):
    """No release has this name; a period that is open has none, and neither has one that never was."""

    status = HTTPStatus.NOT_FOUND
    words = "There is no release of that name."


@dataclass(frozen=True, slots=True)
class Published:
    """What is told of a release itself."""

    id: str
    period: str
    label: str
    k: int
    anchoring: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Summary:
    """One table of a release: the columns of `by`, and its rows in public order."""

    release: str
    period: str
    measure: str
    by: tuple[str, ...]
    rows: tuple[Row, ...]


async def list_releases(store: Store) -> tuple[Published, ...]:
    """List the releases, the newest period first."""
    async with store.read() as session:
        found = await session.scalars(select(Release).order_by(Release.ends_on.desc()))
        return tuple(_published(release) for release in found)


async def find_release(store: Store, release: str = "") -> Published:
    """Find a release by its name or its period, or the newest; NoSuchRelease."""
    async with store.read() as session:
        return _published(await _find(session, release))


async def read_summary(store: Store, query: Query) -> Summary:
    """Read one table; NoSuchRelease or UnknownMeasure.

    The answer depends on the query and the frozen release alone. A filter by a category that is unknown gives
    the same rows as by one that is too small.
    """
    async with store.read() as session:
        release = await _find(session, query.release)
        plan = read_plan(release.plan)
        if query.measure == UNANCHORED:
            rows = [_unanchored(release, query)]
        else:
            measures = _measures_of(query, plan)
            frozen = await _read_frozen(session, release.id, query, measures)
            rows = [row for each in measures for row in _rows(query, plan, each, frozen)]
    return Summary(release.id, release.period, query.measure, query.by, tuple(rows))


async def _find(session: AsyncSession, release: str) -> Release:
    asked = select(Release).order_by(Release.ends_on.desc()).limit(1)
    if release:
        asked = asked.where(or_(Release.id == release, Release.period == release))
    found = (await session.scalars(asked)).first()
    if found is None:
        raise NoSuchRelease
    return found


def _published(release: Release) -> Published:
    return Published(
        release.id, release.period, release.label, release.k, release.anchoring, read_plan(release.plan)
    )


def _unanchored(release: Release, query: Query) -> Row:
    """One number for the whole area, with the noise that was drawn once; there is nothing to filter it by."""
    is_shown = release.unanchored >= release.k and not query.where and release.anchoring != "open"
    number = Shown(release.unanchored) if is_shown else Hidden(Symbol.SUPPRESSED)
    return Row({}, number)


def _measures_of(query: Query, plan: Plan) -> tuple[Measure, ...]:
    """Name the measures whose rows are asked for; an unknown area gives the rows of one that is hidden."""
    kind = KINDS.get(query.measure)
    if kind is None:
        found = plan.find(query.measure)
        if found is None or found.kind is not Kind.QUESTION:
            raise UnknownMeasure
        return (found,)
    everything = plan.of_kind(kind)
    area = query.filter(AREA)
    return tuple(each for each in everything if area in {None, each.area}) or everything[:1]


async def _read_frozen(
    session: AsyncSession, release: str, query: Query, measures: tuple[Measure, ...]
) -> Mapping[str, Protected]:
    """Read leaves and marks; the leaves are added up over the columns that nobody asked for."""
    names = [each.id for each in measures]
    asked = query.dimensions | {name for name, _ in query.where}
    columns = [column for name, column in zip(DIMENSIONS, _columns(FrozenLeaf), strict=True) if name in asked]
    leaves = await session.execute(
        select(FrozenLeaf.measure, func.sum(FrozenLeaf.people), *columns)
        .where(FrozenLeaf.release_id == release, FrozenLeaf.measure.in_(names))
        .group_by(FrozenLeaf.measure, *columns)
    )
    marks = await session.execute(
        select(HiddenCell.measure, HiddenCell.symbol, *_columns(HiddenCell)).where(
            HiddenCell.release_id == release, HiddenCell.measure.in_(names)
        )
    )
    kept: dict[str, list[Leaf]] = {name: [] for name in names}
    for measure, people, *path in leaves:
        told = iter(path)
        kept[measure].append(Leaf(tuple(next(told) if name in asked else "" for name in DIMENSIONS), people))
    marked: dict[str, dict[Cell, Symbol]] = {name: {} for name in names}
    for measure, symbol, *cell in marks:
        marked[measure][tuple(each or None for each in cell)] = Symbol(symbol)
    return {name: Protected(tuple(kept[name]), marked[name]) for name in names}


def _columns(table: type[FrozenLeaf] | type[HiddenCell]) -> list[Any]:
    return [getattr(table, name) for name in DIMENSIONS]


def _rows(query: Query, plan: Plan, measure: Measure, frozen: Mapping[str, Protected]) -> Iterator[Row]:
    """Give the rows of one measure, with its own column first where it has one."""
    where = {name: category for name, category in query.where if name in DIMENSIONS}
    protected = frozen[measure.id] if _is_asked_for(query, measure) else ALL_HIDDEN
    name = query.filter(AREA) if query.measure == AREA else None
    column = {query.measure: name or measure.name} if query.measure in KINDS else {}
    for row in tabulate(protected, plan.splits_of(measure), query.dimensions, where=where):
        yield Row({**column, **row.categories}, row.number)


def _is_asked_for(query: Query, measure: Measure) -> bool:
    """A filter by another area, or by another question, leaves nothing of a measure."""
    return query.filter(AREA) in {None, measure.area} and query.filter("question") in {None, measure.id}
