"""Raise a concern about someone's safety, see that a person reads it, and let only a person close it."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area, who_is_there
from core.database import insert_new
from core.ids import ConcernId, ConversationId, MessageId, StaffId, new_id
from core.outbox_tables import AlertKind
from core.safeguarding.calling import Call, call_readers, tell_leads
from core.safeguarding.check_in import Reply
from core.safeguarding.clearance import whom_it_may_be_about
from core.safeguarding.phrases import Category, Level
from core.safeguarding.refusals import (
    ConcernAlreadyClosed,
    ConcernHasNewWords,
    ConcernNotRead,
    NoSuchConcern,
)
from core.safeguarding.rules import Heard
from core.safeguarding.tables import Concern, ConcernMessage, ConcernOutcome
from core.safeguarding.timing import REPLY_WITHIN, next_call_at

log = structlog.get_logger()


async def raise_concern(
    session: AsyncSession,
    area: Area,
    *,
    conversation: ConversationId,
    message: MessageId,
    heard: Heard,
    now: datetime,
) -> ConcernId:
    """Raise a concern, or join the one that is open for this conversation, in the message's transaction.

    The level may go up and never comes down. What was read before must be read again. Its readers are called
    about what is new to them: a concern, a higher level, or words after they had read it.
    The same message twice changes nothing, but that its level may go up.
    """
    known = await session.get(ConcernMessage, message)
    if known is not None:
        return await _hear_again(session, area, known, heard, now)
    concern, is_new = await _open_or_join(session, area, conversation, heard.level, now)
    if not await _add_message(session, concern, message, heard, now):
        return ConcernId(concern.id)
    is_raised = heard.level is Level.DANGER and concern.level == Level.WORRY
    is_unread_news = concern.acknowledged_at is not None
    concern.level = Level.DANGER if is_raised else concern.level
    concern.is_about_worker |= Category.ADULT_WHO_WORKS_WITH_CHILDREN in heard.categories
    concern.messages += 1
    concern.last_heard_at = now
    concern.acknowledged_by = concern.acknowledged_at = None
    await session.flush()
    if is_new or is_raised or is_unread_news:
        await _begin_calls(session, area, concern, now)
    log.info("concern_heard", concern=concern.id, level=concern.level, messages=concern.messages)
    return ConcernId(concern.id)


async def _hear_again(
    session: AsyncSession, area: Area, known: ConcernMessage, heard: Heard, now: datetime
) -> ConcernId:
    """Raise a message that was a worry to danger; nothing where a person has closed it meanwhile."""
    concern = await session.get_one(Concern, known.concern_id, with_for_update=True, populate_existing=True)
    is_higher = heard.level is Level.DANGER and known.level == Level.WORRY
    if is_higher and concern.closed_at is None:
        known.level = Level.DANGER
        known.because = [*known.because, *(each for each in _reasons(heard) if each not in known.because)]
        is_news = concern.level == Level.WORRY or concern.acknowledged_at is not None
        concern.level = Level.DANGER
        concern.acknowledged_by = concern.acknowledged_at = None
        await session.flush()
        if is_news:
            await _begin_calls(session, area, concern, now)
        log.info("concern_raised", concern=concern.id, level=concern.level)
    return ConcernId(concern.id)


async def acknowledge_concern(
    session: AsyncSession, concern: ConcernId, *, staff: StaffId, seen: int, level: Level, now: datetime
) -> None:
    """Say that a person has read its messages, `seen` of them.

    ConcernHasNewWords if there are more, or if it is no longer of the `level` they saw.
    """
    done = await _change(
        session,
        concern,
        (Concern.closed_at.is_(None), *_as_seen(seen, level)),
        {"acknowledged_by": staff, "acknowledged_at": now, "call_at": None},
    )
    if not done:
        await _refuse(session, concern, seen=seen, level=level)
    log.info("concern_acknowledged", concern=concern, staff=staff)


async def close_concern(
    session: AsyncSession,
    concern: ConcernId,
    *,
    staff: StaffId,
    outcome: ConcernOutcome,
    seen: int,
    level: Level,
    now: datetime,
) -> None:
    """End a concern that was read; ConcernNotRead, ConcernHasNewWords or ConcernAlreadyClosed."""
    done = await _change(
        session,
        concern,
        (Concern.closed_at.is_(None), *_as_seen(seen, level), Concern.acknowledged_at.is_not(None)),
        {"closed_by": staff, "closed_at": now, "outcome": outcome},
    )
    if not done:
        await _refuse(session, concern, seen=seen, level=level)
    log.info("concern_closed", concern=concern, staff=staff)


async def has_open_concern(session: AsyncSession, conversation: ConversationId) -> bool:
    """Say whether a concern about this conversation is open."""
    open_one = select(Concern.id).where(Concern.conversation_id == conversation, Concern.closed_at.is_(None))
    return (await session.execute(open_one)).scalar_one_or_none() is not None


async def note_check_in(
    session: AsyncSession, conversation: ConversationId, reply: Reply, now: datetime
) -> None:
    """Keep what was answered to the check-in; only the plain "I feel safe" leaves a worry at its own time."""
    held = select(Concern).where(Concern.conversation_id == conversation, Concern.closed_at.is_(None))
    concern = (await session.execute(held.with_for_update())).scalar_one_or_none()
    if concern is None:
        return  # closed meanwhile; what is said now is heard anew
    concern.check_in = reply
    if not concern.calls and concern.acknowledged_at is None:
        concern.call_at = concern.read_by_at if reply is Reply.SAFE else now
    log.info("check_in_answered", concern=concern.id)


async def _open_or_join(
    session: AsyncSession, area: Area, conversation: ConversationId, level: Level, now: datetime
) -> tuple[Concern, bool]:
    row = {
        "id": new_id(),
        "conversation_id": conversation,
        "level": level,
        "messages": 0,
        "raised_at": now,
        "last_heard_at": now,
        "read_by_at": who_is_there(area, now).by_when_at,
        "calls": 0,
        "is_about_worker": False,
        "tells_key_worker": False,
    }
    held = select(Concern).where(Concern.conversation_id == conversation, Concern.closed_at.is_(None))
    fresh = held.with_for_update().execution_options(populate_existing=True)
    while True:
        is_new = await insert_new(session, Concern, [row]) == 1
        found = (await session.execute(fresh)).scalar_one_or_none()
        if found is not None:  # else a person closed it between our two steps: a new one is opened
            return found, is_new


async def _add_message(
    session: AsyncSession, concern: Concern, message: MessageId, heard: Heard, now: datetime
) -> bool:
    row = {
        "message_id": message,
        "concern_id": concern.id,
        "level": heard.level,
        "because": _reasons(heard),
        "heard_at": now,
    }
    return await insert_new(session, ConcernMessage, [row]) == 1


def _reasons(heard: Heard) -> list[dict[str, Any]]:
    return [
        {"phrase": match.phrase_id, "category": match.category, "level": match.level}
        for match in heard.because
    ]


async def _begin_calls(session: AsyncSession, area: Area, concern: Concern, now: datetime) -> None:
    """Call the rota about danger; tell the leads of a worry, which waits for the reply to the check-in."""
    concern.read_by_at = who_is_there(area, now).by_when_at
    concern.check_in = None
    its_id = ConcernId(concern.id)
    if concern.level == Level.DANGER:
        shut_out = await whom_it_may_be_about(session, its_id)
        await call_readers(session, area, Call(its_id, AlertKind.DANGER, not_to=shut_out), now)
        concern.calls, concern.call_at = 1, next_call_at(0, now)
    else:
        shut_out = await whom_it_may_be_about(session, its_id)
        await tell_leads(session, Call(its_id, AlertKind.WORRY, not_to=shut_out), now)
        concern.calls, concern.call_at = 0, now + REPLY_WITHIN


async def _change(
    session: AsyncSession, concern: ConcernId, conditions: tuple[Any, ...], values: dict[str, Any]
) -> bool:
    changed = await session.execute(
        update(Concern)
        .where(Concern.id == concern, *conditions)
        .values(**values)
        .returning(Concern.id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar_one_or_none() is not None


def _as_seen(seen: int, level: Level) -> tuple[Any, ...]:
    """What must still be as it was on the page that a person read: danger heard late adds no message."""
    return Concern.messages == seen, Concern.level == level


async def _refuse(session: AsyncSession, concern: ConcernId, *, seen: int, level: Level) -> None:
    row = await session.get(Concern, concern, populate_existing=True)
    if row is None:
        raise NoSuchConcern
    if row.closed_at is not None:
        raise ConcernAlreadyClosed
    if (row.messages, row.level) != (seen, level):
        raise ConcernHasNewWords
    raise ConcernNotRead
