"""The text of a concern goes 30 days after the council's case system confirmed its copy; a count stays."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.ids import ConversationId
from core.safeguarding.record_tables import (
    ConcernClearance,
    ConcernCount,
    ConcernNote,
    ContactOpening,
    HandOver,
)
from core.safeguarding.tables import Concern, ConcernMessage, ConcernOutcome, SecondLook

log = structlog.get_logger()

MOST_AT_ONCE = 500
OF_A_CONCERN = (ConcernNote, ConcernClearance, ContactOpening, HandOver, ConcernMessage)


async def purge_concerns(session: AsyncSession, now: datetime, days: int) -> list[str]:
    """Delete closed concerns whose text may go, with notes and what was heard; give the ids of their messages.

    A concern may go so many days after its hand-over; one in which a person found nobody at risk, after
    its closing. One that waits for a second look or a review stays. Who purges deletes the messages themselves: their
    words belong to the conversation. At most 500 at a time, the oldest first; call again until none comes.
    """
    gone = select(Concern).where(_may_go(now - timedelta(days=days))).order_by(Concern.closed_at)
    found = (await session.execute(gone.limit(MOST_AT_ONCE).with_for_update())).scalars().all()
    ids = [row.id for row in found]
    for row in found:
        await _count(session, row)
    heard = select(ConcernMessage.message_id).where(ConcernMessage.concern_id.in_(ids))
    messages = list((await session.execute(heard)).scalars())
    for table in OF_A_CONCERN:
        await session.execute(delete(table).where(table.concern_id.in_(ids)))
    await session.execute(delete(Concern).where(Concern.id.in_(ids)))
    if found:
        log.info("concerns_purged", count=len(found))
    return messages


async def count_concerns_to_purge(session: AsyncSession, now: datetime, days: int) -> int:
    """Say how many concerns `purge_concerns` would delete."""
    counted = select(func.count()).select_from(Concern).where(_may_go(now - timedelta(days=days)))
    return (await session.scalars(counted)).one()


async def is_kept_for_concern(session: AsyncSession, conversation: ConversationId) -> bool:
    """Say whether the words of a conversation must stay: a concern of it is open or not handed over long enough."""
    held = select(Concern.id).where(Concern.conversation_id == conversation).limit(1)
    return (await session.execute(held)).scalar_one_or_none() is not None


def _may_go(before: datetime) -> ColumnElement[bool]:
    handed_over = select(HandOver.concern_id).where(HandOver.at <= before)
    nothing_found = and_(Concern.outcome == ConcernOutcome.NO_CONCERN, Concern.closed_at <= before)
    looked_at = or_(Concern.second_look.is_(None), Concern.second_look != SecondLook.WANTED)
    unreviewed = select(ContactOpening.concern_id).where(
        ContactOpening.is_life_at_risk.is_(True), ContactOpening.reviewed_by.is_(None)
    )
    is_done = and_(Concern.closed_at.is_not(None), looked_at, Concern.id.not_in(unreviewed))
    return and_(is_done, or_(Concern.id.in_(handed_over), nothing_found))


async def _count(session: AsyncSession, row: Concern) -> None:
    counted = {"month": f"{row.raised_at:%Y-%m}", "level": row.level, "outcome": row.outcome}
    await insert_new(session, ConcernCount, [{**counted, "count": 0}])
    await session.execute(
        update(ConcernCount)
        .where(*(getattr(ConcernCount, name) == value for name, value in counted.items()))
        .values(count=ConcernCount.count + 1)
        .execution_options(synchronize_session=False)
    )
