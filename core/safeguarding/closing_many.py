"""Close many concerns of a flood at once: by a person, with a reason, and another person looks at some again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import ceil
from random import Random

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area, who_is_there
from core.ids import ConcernId, ConversationId, StaffId, new_id
from core.safeguarding.clearance import require_clearance
from core.safeguarding.notes import LONGEST_NOTE, add_note
from core.safeguarding.phrases import Level
from core.safeguarding.refusals import (
    AnotherMustLook,
    ConcernAlreadyClosed,
    ConcernHasNewWords,
    NoReason,
    NoSecondLook,
    NoSuchConcern,
    NothingPicked,
    ReadDangerFirst,
)
from core.safeguarding.tables import Concern, ConcernOutcome, SecondLook

log = structlog.get_logger()

LOOKED_AT_AGAIN = 0.05
KeyOf = Callable[[ConversationId], bytes]


async def close_many(
    session: AsyncSession,
    picked: Mapping[ConcernId, int],
    *,
    staff: StaffId,
    reason: str,
    keys: Mapping[ConcernId, bytes],
    random: Random,
    now: datetime,
) -> int:
    """Close all that were picked (id to the number of messages seen in the list); say how many get a second look.

    All or none. Danger must have been read, one by one. At least 5 % and at least one wait for a second look
    by another person. The reason is kept on each as a note, under its key in `keys`.
    NothingPicked, NoReason, ReadDangerFirst, ConcernHasNewWords, ConcernAlreadyClosed, and those of clearance.
    """
    if not picked:
        raise NothingPicked
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        raise NoReason
    rows = await _hold(session, list(picked))
    for row in rows:
        await require_clearance(session, ConcernId(row.id), staff)
        _check(row, picked[ConcernId(row.id)])
    looked_at = set(random.sample([row.id for row in rows], ceil(len(rows) * LOOKED_AT_AGAIN)))
    bulk = new_id()
    for row in rows:
        row.closed_by, row.closed_at, row.outcome = staff, now, ConcernOutcome.NO_CONCERN
        row.call_at, row.bulk_id = None, bulk
        row.second_look = SecondLook.WANTED if row.id in looked_at else None
        its_id = ConcernId(row.id)
        await add_note(session, its_id, staff=staff, text=reason, key=keys[its_id], now=now)
    log.warning("concerns_closed", count=len(rows), staff=staff)
    return len(looked_at)


async def agree_to_closing(session: AsyncSession, concern: ConcernId, *, staff: StaffId) -> None:
    """Say, as another person, that it was right to close this one. NoSecondLook, AnotherMustLook."""
    row = await _hold_for_second_look(session, concern, staff)
    row.second_look, row.second_look_by = SecondLook.AGREED, staff


async def reopen_all(
    session: AsyncSession, area: Area, concern: ConcernId, *, staff: StaffId, now: datetime
) -> int:
    """Say that it was wrong: all that were closed with it are open again, unread, and called about at once.

    Gives how many. One whose conversation has a newer concern open stays closed: its words are heard there.
    """
    row = await _hold_for_second_look(session, concern, staff)
    row.second_look, row.second_look_by = SecondLook.REOPENED, staff
    busy = select(Concern.conversation_id).where(Concern.closed_at.is_(None))
    together = select(Concern).where(Concern.bulk_id == row.bulk_id, Concern.conversation_id.not_in(busy))
    found = (await session.execute(together.with_for_update())).scalars().all()
    for each in found:
        each.closed_by = each.closed_at = each.outcome = each.bulk_id = None
        each.acknowledged_by = each.acknowledged_at = None
        each.read_by_at, each.calls, each.call_at = who_is_there(area, now).by_when_at, 0, now
    log.warning("concerns_reopened", count=len(found), staff=staff)
    return len(found)


async def _hold(session: AsyncSession, wanted: Sequence[ConcernId]) -> Sequence[Concern]:
    query = select(Concern).where(Concern.id.in_(wanted)).order_by(Concern.id).with_for_update()
    rows = (await session.execute(query)).scalars().all()
    if len(rows) != len(set(wanted)):
        raise NoSuchConcern
    return rows


async def _hold_for_second_look(session: AsyncSession, concern: ConcernId, staff: StaffId) -> Concern:
    row = await session.get(Concern, concern, with_for_update=True)
    if row is None or row.second_look != SecondLook.WANTED:
        raise NoSecondLook
    if row.closed_by == staff:
        raise AnotherMustLook
    return row


def _check(row: Concern, seen: int) -> None:
    if row.closed_at is not None:
        raise ConcernAlreadyClosed
    if row.messages != seen:
        raise ConcernHasNewWords
    if row.level == Level.DANGER and row.acknowledged_at is None:
        raise ReadDangerFirst
