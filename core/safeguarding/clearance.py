"""A concern about an adult who works with children opens only to who says that it is not about them.

The reader may be that adult, or lead them. So they see first that it is such a concern, and no words; they say
that it is not about them nor about somebody in their line, and that is recorded. Who says that it may be is
shut out of it, and is not called about it any more.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area
from core.database import insert_new
from core.ids import ConcernId, ConversationId, StaffId
from core.outbox_tables import AlertKind
from core.safeguarding.calling import Call, call_readers
from core.safeguarding.record_tables import ConcernClearance
from core.safeguarding.refusals import MayBeAboutYou, NoSuchConcern, SayFirstIfItIsAboutYou
from core.safeguarding.tables import Concern


class Clearance(StrEnum):
    """Whether a concern opens to someone."""

    OPEN = "open"
    ASK = "ask"
    SHUT = "shut"


async def clearance_of(session: AsyncSession, concern: ConcernId, staff: StaffId) -> Clearance:
    """Say whether the concern opens to this person, or what they must say first; NoSuchConcern."""
    row = await session.get(Concern, concern)
    if row is None:
        raise NoSuchConcern
    if not row.is_about_worker:
        return Clearance.OPEN
    said = await session.get(ConcernClearance, (concern, staff))
    if said is None:
        return Clearance.ASK
    return Clearance.OPEN if said.is_clear else Clearance.SHUT


async def require_clearance(session: AsyncSession, concern: ConcernId, staff: StaffId) -> None:
    """Refuse who may not read it: NoSuchConcern, SayFirstIfItIsAboutYou or MayBeAboutYou."""
    match await clearance_of(session, concern, staff):
        case Clearance.ASK:
            raise SayFirstIfItIsAboutYou
        case Clearance.SHUT:
            raise MayBeAboutYou
        case Clearance.OPEN:
            return


async def say_if_about_me(
    session: AsyncSession, area: Area, concern: ConcernId, *, staff: StaffId, is_clear: bool, now: datetime
) -> None:
    """Keep what the reader said, once: it can't be taken back. If it may be about them, others are called now."""
    row = {"concern_id": concern, "staff_id": staff, "is_clear": is_clear, "at": now}
    if not await insert_new(session, ConcernClearance, [row]) or is_clear:
        return
    found = await session.get_one(Concern, concern)
    if found.closed_at is None and found.acknowledged_at is None:
        shut_out = await whom_it_may_be_about(session, concern)
        call = Call(concern, AlertKind.AGAIN, max(found.calls, 1), not_to=shut_out)
        await call_readers(session, area, call, now)


async def keep_about_worker(session: AsyncSession, conversation: ConversationId) -> None:
    """Let the open concern of a conversation be about an adult who works with children, as words after it told."""
    is_open = (Concern.conversation_id == conversation, Concern.closed_at.is_(None))
    await session.execute(update(Concern).where(*is_open).values(is_about_worker=True))


async def is_known_about_worker(session: AsyncSession, conversation: ConversationId) -> bool | None:
    """Say whether the open concern of a conversation is about such an adult; None where no concern is open."""
    is_open = (Concern.conversation_id == conversation, Concern.closed_at.is_(None))
    known: bool | None = await session.scalar(select(Concern.is_about_worker).where(*is_open))
    return known


async def whom_it_may_be_about(session: AsyncSession, concern: ConcernId) -> frozenset[StaffId]:
    """Give who said that the concern may be about them or their line."""
    shut_out = select(ConcernClearance.staff_id).where(
        ConcernClearance.concern_id == concern, ConcernClearance.is_clear.is_(False)
    )
    return frozenset(StaffId(each) for each in (await session.execute(shut_out)).scalars())
