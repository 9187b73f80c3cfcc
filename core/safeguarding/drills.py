"""Measure how soon a person reads a synthetic concern, and when the next one is due."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area, Who, who_is_there
from core.ids import ConversationId, new_id
from core.outbox_tables import Post
from core.safeguarding.drill_tables import Drill
from core.safeguarding.retention import OF_A_CONCERN
from core.safeguarding.tables import Concern

log = structlog.get_logger()

LASTS = timedelta(hours=1)
"""So long it is called about like a real one; then it ends by itself, and this is what it says: nobody read it."""
STAYS = timedelta(hours=1)
"""So long it stands there once it was read."""
DAYS_TO_BEGIN = 24
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """A drill as staff see it: how long until it was read (None: nobody has), and after how many calls."""

    begun_at: datetime
    was_raised: bool
    calls: int
    took: timedelta | None
    is_over: bool


async def note_drill(session: AsyncSession, conversation: ConversationId, now: datetime) -> None:
    """Mark a conversation as a drill, before anything is said in it."""
    row = Drill(
        id=new_id(), conversation_id=conversation, begun_at=now, was_raised=False, calls=0, read_at=None
    )
    session.add(row)


async def measure_drills(session: AsyncSession, now: datetime) -> list[ConversationId]:
    """Note what became of each drill under way; give the conversations of those whose time is over.

    Of these everything about the concern is deleted, and alerts that have not left leave no more.
    """
    over = []
    running = select(Drill).where(Drill.conversation_id.is_not(None)).with_for_update()
    for drill in (await session.execute(running)).scalars().all():
        held = select(Concern).where(Concern.conversation_id == drill.conversation_id).with_for_update()
        concern = (await session.execute(held)).scalar_one_or_none()
        if concern is not None:
            drill.was_raised, drill.calls = True, concern.calls
            drill.read_at = concern.acknowledged_at
        if (drill.read_at or drill.begun_at) + (STAYS if drill.read_at else LASTS) <= now:
            over.append(ConversationId(str(drill.conversation_id)))
            drill.conversation_id, drill.ended_at = None, now
            await _delete_concern(session, concern)
            log.warning("drill_ended", attempt=drill.calls)
    return over


async def list_drills(session: AsyncSession) -> Sequence[Measured]:
    """List the last drills, the newest first."""
    newest = select(Drill).order_by(Drill.begun_at.desc()).limit(SHOWN)
    return [
        Measured(
            row.begun_at,
            row.was_raised,
            row.calls,
            took=row.read_at - row.begun_at if row.read_at else None,
            is_over=row.read_at is not None or row.ended_at is not None,
        )
        for row in (await session.execute(newest)).scalars()
    ]


async def is_drill_due(session: AsyncSession, area: Area, key: bytes, now: datetime) -> bool:
    """Say whether this month's drill is to begin now: in the safety team's hours, at a time that nobody foresees."""
    here = now.astimezone(area.zone)
    month = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if who_is_there(area, now).who is not Who.STAFFED or here < month + _drawn(key, f"{month:%Y-%m}"):
        return False
    begun = select(Drill.id).where(Drill.begun_at >= month).limit(1)
    return (await session.execute(begun)).first() is None


def _drawn(key: bytes, month: str) -> timedelta:
    """Draw a moment of the month out of a key: every process draws the same, and no person can."""
    drawn = int.from_bytes(hmac.new(key, f"drill {month}".encode(), hashlib.sha256).digest()[:8])
    return timedelta(days=DAYS_TO_BEGIN) * (drawn / 2**64)


async def _delete_concern(session: AsyncSession, concern: Concern | None) -> None:
    if concern is None:
        return
    await session.execute(delete(Post).where(Post.concern_id == concern.id))
    for table in OF_A_CONCERN:
        await session.execute(delete(table).where(table.concern_id == concern.id))
    await session.delete(concern)
    await session.flush()
