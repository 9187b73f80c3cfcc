"""THE WAY OF A SUMMARY: when a period has closed, count its people, protect them, attack the result, freeze it.

Everything that is ever shown of a period is a sum of what is frozen here, once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from random import Random
from typing import Protocol

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area_file import Period
from core.clock import Clock
from core.database import Store
from core.errors import Refusal
from core.ids import PeriodId
from core.summaries.audit import Attacked, Finding, audit_release
from core.summaries.count import Anchoring, count_people, count_unanchored
from core.summaries.freeze import freeze
from core.summaries.homogeneity import hide_nearly_all
from core.summaries.measures import Plan
from core.summaries.protect import Tally, make_leaves
from core.summaries.tables import Release, ReleaseId
from core.summaries.tabulate import TABLES

log = structlog.get_logger()


class PeriodStillOpen(Refusal):
    """The period, or the week after it in which the last views arrive, is not over."""

    status = HTTPStatus.CONFLICT
    words = "This period is still open. It can be published 7 days after it ends."


class AlreadyPublished(Refusal):
    """A release is made once; its counts never change."""

    status = HTTPStatus.CONFLICT
    words = "This period was published before. A release never changes."


class NoSuchPeriod(Refusal):
    """The area file names no such period."""

    status = HTTPStatus.NOT_FOUND
    words = "The area file has no such period."


class ReleaseUnsafe(Refusal):
    """The audit found something under k; nothing was frozen."""

    status = HTTPStatus.CONFLICT
    words = "The check found a number that is too small. We published nothing."


class Audit(Protocol):
    """Lists what a release would give away."""

    def __call__(self, measures: Sequence[Attacked], *, k: int) -> Sequence[Finding]:
        """Attack all measures together."""
        ...


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """The policy's numbers: SAFETY-AND-PRIVACY.md section 3. `noise` is the scale of the noise, in people.

    `audit` attacks the release; what it finds stops it.
    """

    k: int = 10
    nearly_all_above: float = 0.9
    lag: timedelta = timedelta(days=7)
    noise: float = 5.0
    anchoring: Anchoring = Anchoring.PROVEN
    audit: Audit = audit_release


async def publish_summary(
    views: Store,
    clock: Clock,
    periods: Sequence[Period],
    *,
    period: PeriodId,
    plan: Plan,
    rng: Random,
    rules: ReleaseRules,
) -> ReleaseId:
    """Publish one closed period; PeriodStillOpen, AlreadyPublished, NoSuchPeriod or ReleaseUnsafe.

    Move all views of the period first, and forget its tags afterwards. `rng` draws the noise, and must be a
    SystemRandom outside tests.
    """
    closed = _closed_period(periods, period, clock, rules)
    async with views.write() as session:
        await _refuse_if_published(session, period)
        people = await count_people(session, period, plan, anchoring=rules.anchoring)
        protected = protect_all(people, plan, rules)
        _refuse_if_unsafe(protected, rules)
        release = await freeze(
            session,
            closed,
            plan,
            protected,
            k=rules.k,
            anchoring=rules.anchoring,
            unanchored=draw_noise(rng, rules.noise) + await count_unanchored(session, period),
        )
    log.info(
        "summary_published", release=release, leaves=sum(len(each.protected.leaves) for each in protected)
    )
    return release


def protect_all(people: Mapping[str, Tally], plan: Plan, rules: ReleaseRules) -> list[Attacked]:
    """Make the leaves of every measure, and melt what would say that nearly all gave one answer."""
    protected = []
    for measure in plan.measures:
        splits = plan.splits_of(measure)
        wider = people[measure.wider] if measure.wider else None
        leaves = make_leaves(people[measure.id], splits, k=rules.k, wider=wider)
        safe = hide_nearly_all(leaves, splits, TABLES, above=rules.nearly_all_above)
        protected.append(Attacked(measure.id, splits, leaves, safe, measure.wider))
    return protected


def draw_noise(rng: Random, scale: float) -> int:
    """Draw whole-numbered noise around 0 (two-sided geometric: Ghosh, Roughgarden and Sundararajan, 2009)."""
    return _geometric(rng, scale) - _geometric(rng, scale)


def _geometric(rng: Random, scale: float) -> int:
    return math.floor(-scale * math.log(1.0 - rng.random()))


def _closed_period(periods: Sequence[Period], period: PeriodId, clock: Clock, rules: ReleaseRules) -> Period:
    found = next((each for each in periods if each.id == period), None)
    if found is None:
        raise NoSuchPeriod
    if clock().date() <= found.to + rules.lag:
        raise PeriodStillOpen
    return found


async def _refuse_if_published(session: AsyncSession, period: PeriodId) -> None:
    asked = select(func.count()).select_from(Release).where(Release.period == period)
    if await session.scalar(asked):
        raise AlreadyPublished


def _refuse_if_unsafe(protected: Sequence[Attacked], rules: ReleaseRules) -> None:
    findings = rules.audit(protected, k=rules.k)
    for finding in findings:
        log.error("release_found_unsafe", measure=finding.measure, what=finding.what)
    if findings:
        raise ReleaseUnsafe
