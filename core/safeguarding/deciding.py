"""What only a person may decide about a concern, beside closing it: raise its level, tell a key worker."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area
from core.ids import ConcernId, ConversationId, StaffId
from core.outbox_tables import AlertKind
from core.safeguarding.calling import Call, call_readers
from core.safeguarding.clearance import whom_it_may_be_about
from core.safeguarding.phrases import Level
from core.safeguarding.refusals import ConcernAlreadyClosed, NoSuchConcern, NotForKeyWorkers
from core.safeguarding.tables import Concern

log = structlog.get_logger()

TO_MANAGER = 2
"""The step of a call that reaches everyone who is there, the duty manager too."""


async def escalate_concern(
    session: AsyncSession, area: Area, concern: ConcernId, *, staff: StaffId, now: datetime
) -> None:
    """Make it danger if it was a worry, and call everyone there and the duty manager, but not who asks.

    NoSuchConcern, ConcernAlreadyClosed.
    """
    row = await _hold_open(session, concern)
    row.level = Level.DANGER
    shut_out = await whom_it_may_be_about(session, concern)
    call = Call(concern, AlertKind.AGAIN, TO_MANAGER, not_to=shut_out | {staff})
    await call_readers(session, area, call, now)
    log.warning("concern_escalated", concern=concern, staff=staff)


async def tell_key_worker(session: AsyncSession, concern: ConcernId, *, may_know: bool) -> None:
    """Let a key worker of the same person see that a lead is involved, or no more. NotForKeyWorkers."""
    row = await _hold_open(session, concern)
    if row.is_about_worker and may_know:
        raise NotForKeyWorkers
    row.tells_key_worker = may_know


async def is_lead_involved(session: AsyncSession, conversation: ConversationId) -> bool:
    """Say whether the key worker of this conversation's request may know that a safeguarding lead is involved."""
    known = select(Concern.id).where(
        Concern.conversation_id == conversation,
        Concern.closed_at.is_(None),
        Concern.tells_key_worker.is_(True),
        Concern.is_about_worker.is_(False),
    )
    return (await session.execute(known)).scalar_one_or_none() is not None


async def _hold_open(session: AsyncSession, concern: ConcernId) -> Concern:
    row = await session.get(Concern, concern, with_for_update=True)
    if row is None:
        raise NoSuchConcern
    if row.closed_at is not None:
        raise ConcernAlreadyClosed
    return row
