"""Nobody has read it: call again, and louder, until somebody has.

A timed job. What is due, and that it was done, stand on the concern's own row and change in the transaction
that posts the calls: a crash calls nobody twice and leaves nobody uncalled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area, Who, who_is_there
from core.clock import Clock
from core.database import Store
from core.ids import ConcernId, StaffId
from core.job_lease import lease_job
from core.outbox_tables import AlertKind, Post
from core.safeguarding.calling import LOUDEST, Call, call_people, call_readers, tell_leads
from core.safeguarding.clearance import whom_it_may_be_about
from core.safeguarding.drill_tables import Drill
from core.safeguarding.phrases import Level
from core.safeguarding.record_tables import ContactOpening
from core.safeguarding.rota import read_rota
from core.safeguarding.rota_rules import Turn, has_readers, on_duty
from core.safeguarding.tables import Concern
from core.safeguarding.timing import next_call_at

log = structlog.get_logger()

JOB = "call readers"
JOB_LASTS = timedelta(minutes=1)
LATE_STEP = 2
"""A worry that is late goes to the duty manager at once."""
MOST_AT_ONCE = 200
FLOOD = 20
FLOOD_TIME = timedelta(hours=1)
"""So many unread concerns in this time are a flood, which wakes the duty manager; once in this time."""


@dataclass(frozen=True, slots=True)
class Chaser:
    """What the job needs; `owner` names this process."""

    store: Store
    area: Area
    clock: Clock
    owner: str


async def chase(chaser: Chaser) -> int:
    """Make every call that is due, and say for how many concerns; 0 when another process is at it."""
    async with lease_job(
        chaser.store, JOB, owner=chaser.owner, clock=chaser.clock, lasting=JOB_LASTS
    ) as is_ours:
        if not is_ours:
            return 0
        async with chaser.store.write() as session:
            return await _chase(session, chaser.area, chaser.clock())


async def _chase(session: AsyncSession, area: Area, now: datetime) -> int:
    turns = await read_rota(session)
    await _wake_manager_in_flood(session, turns, area, now)
    if not has_readers(on_duty(turns, area, now), area, now):
        return 0  # what is due stays due, and is called when somebody is there
    await _call_for_late_reviews(session, area, now)
    due = await _due(session, area, now)
    for concern in due:
        await _call_again(session, area, concern, now)
    return len(due)


async def _due(session: AsyncSession, area: Area, now: datetime) -> Sequence[Concern]:
    """List what to call about, danger first. A worry begins to be called in the safety team's own hours only."""
    may_be_called: ColumnElement[bool] = or_(Concern.level == Level.DANGER, Concern.calls > 0)
    if who_is_there(area, now).who is Who.STAFFED:
        may_be_called = or_(may_be_called, Concern.level == Level.WORRY)
    waiting = (
        select(Concern)
        .where(Concern.closed_at.is_(None), Concern.acknowledged_at.is_(None), Concern.call_at <= now)
        .where(may_be_called)
        .order_by(case((Concern.level == Level.DANGER, 0), else_=1), Concern.call_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return (await session.execute(waiting)).scalars().all()


async def _call_again(session: AsyncSession, area: Area, concern: Concern, now: datetime) -> None:
    is_late = concern.level == Level.WORRY and concern.read_by_at <= now
    step = max(concern.calls, LATE_STEP) if is_late else concern.calls
    kind = AlertKind.AGAIN if step else AlertKind.WORRY
    its_id = ConcernId(concern.id)
    shut_out = await whom_it_may_be_about(session, its_id)
    await call_readers(session, area, Call(its_id, kind, step, not_to=shut_out), now)
    concern.calls = min(step + 1, LOUDEST)
    concern.call_at = next_call_at(step, now)
    log.warning("concern_chased", concern=concern.id, attempt=step)


async def _call_for_late_reviews(session: AsyncSession, area: Area, now: datetime) -> None:
    """Call everyone there, but not who opened a contact alone, about a review that is late; once a day."""
    late = select(ContactOpening).where(ContactOpening.review_call_at <= now)
    for row in (await session.execute(late.with_for_update(skip_locked=True))).scalars().all():
        concern = ConcernId(row.concern_id)
        not_to = await whom_it_may_be_about(session, concern) | {StaffId(row.asked_by)}
        await call_readers(session, area, Call(concern, AlertKind.REVIEW, LATE_STEP, not_to=not_to), now)
        row.review_call_at = now + timedelta(days=1)


async def _wake_manager_in_flood(
    session: AsyncSession, turns: Sequence[Turn], area: Area, now: datetime
) -> None:
    since = now - FLOOD_TIME
    drills = select(Drill.conversation_id).where(Drill.conversation_id.is_not(None))
    is_real = Concern.conversation_id.not_in(drills)
    unread = (
        is_real,
        Concern.closed_at.is_(None),
        Concern.acknowledged_at.is_(None),
        Concern.raised_at > since,
    )
    count = (await session.execute(select(func.count()).select_from(Concern).where(*unread))).scalar_one()
    woken = (
        select(func.count()).select_from(Post).where(Post.alert == AlertKind.FLOOD, Post.posted_at > since)
    )
    if count < FLOOD or (await session.execute(woken)).scalar_one():
        return
    newest = select(Concern.id).where(*unread).order_by(Concern.raised_at.desc()).limit(1)
    call = Call(ConcernId((await session.execute(newest)).scalar_one()), AlertKind.FLOOD)
    managers = [turn for turn in turns if turn.is_manager]
    there = [turn for turn in on_duty(turns, area, now) if turn.is_manager] or managers
    people = {turn.staff: turn for turn in there}
    await call_people(session, call, people.values(), now)
    if not people:
        await tell_leads(session, call, now)
    log.critical("manager_called", count=count)
