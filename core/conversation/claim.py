"""Take the oldest waiting message of a conversation, so that one worker at a time answers it or listens to it.

A lease, not a lock: it names its owner and ends by itself, so that a worker that was killed holds nothing
for long. Who commits an answer must still hold the lease.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.conversation.house import House
from core.conversation.place import Place, read_place
from core.conversation.rows import read_body
from core.conversation.tables import IS_UNHEARD, Channel, Conversation, Message, Progress
from core.failpoint import Failpoint, pass_by
from core.ids import ConversationId, MessageId

Find = Callable[[AsyncSession, ConversationId, datetime], Awaitable[Message | None]]

LEASE = timedelta(seconds=15)
"""Longer than a bot is waited for (10 seconds), short for who waits after a crash."""


class LeaseLost(Exception):
    """Another worker has the conversation now: what was decided here is dropped, and decided again there."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to be answered, and where its conversation stood when it was taken."""

    conversation: ConversationId
    channel: Channel
    message: MessageId
    seq: int
    attempt: int
    lease: int
    body: dict[str, Any]
    place: Place
    key: bytes


async def claim_next(house: House, conversation: ConversationId) -> Claimed | None:
    """Lease the conversation and give its oldest message that is due; None if there is none or it is taken."""
    return await _claim(house, conversation, _oldest_due)


async def claim_unheard(house: House, conversation: ConversationId) -> Claimed | None:
    """The same for its oldest message that no answer takes and that was not heard twice yet."""
    return await _claim(house, conversation, _oldest_unheard)


async def _claim(house: House, conversation: ConversationId, find: Find) -> Claimed | None:
    now = house.clock()
    async with house.service.write() as session:
        message = await find(session, conversation, now)
        if message is None or not await _lease(session, house, conversation, now):
            return None
        message.attempts += message.progress == Progress.WAITING
        row = await session.get_one(Conversation, conversation, populate_existing=True)
        pass_by(Failpoint.CLAIM_WRITTEN)
        place, key = read_place(row, house.keys)
        return Claimed(
            conversation=conversation,
            channel=row.channel,
            message=MessageId(message.id),
            seq=message.seq,
            attempt=message.attempts,
            lease=row.lease_attempt,
            body=read_body(message, key),
            place=place,
            key=key,
        )


async def hold_lease(session: AsyncSession, house: House, claimed: Claimed) -> Conversation:
    """Give the claimed conversation's row, held until commit; LeaseLost if another worker has it."""
    row = await session.get_one(Conversation, claimed.conversation, with_for_update=True)
    if (row.lease_owner, row.lease_attempt) != (house.owner, claimed.lease):
        raise LeaseLost
    return row


def release(conversation: Conversation) -> None:
    """Let the next message of the conversation be claimed."""
    conversation.lease_owner = conversation.lease_until = None


async def conversations_waiting(house: House, *, limit: int = 200) -> list[ConversationId]:
    """List conversations whose oldest waiting message is due and that nobody has leased, oldest first."""
    now = house.clock()
    earlier = aliased(Message)
    is_behind = exists().where(
        earlier.conversation_id == Message.conversation_id,
        earlier.progress == Progress.WAITING,
        earlier.seq < Message.seq,
    )
    due = (
        select(Message.conversation_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.progress == Progress.WAITING, or_(Message.due_at.is_(None), Message.due_at <= now))
        .where(~is_behind, or_(Conversation.lease_until.is_(None), Conversation.lease_until <= now))
        .order_by(Message.at)
        .limit(limit)
    )
    return [ConversationId(row.conversation_id) for row in await house.service.glance(due)]


async def conversations_unheard(house: House, *, limit: int = 200) -> list[ConversationId]:
    """List conversations with a message for the second listener alone, and that nobody has leased."""
    free = or_(Conversation.lease_until.is_(None), Conversation.lease_until <= house.clock())
    unheard = (
        select(Conversation.id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(IS_UNHEARD, free)
        .group_by(Conversation.id)
        .order_by(func.min(Message.at))
        .limit(limit)
    )
    return [ConversationId(row.id) for row in await house.service.glance(unheard)]


async def _oldest_unheard(
    session: AsyncSession, conversation: ConversationId, _now: datetime
) -> Message | None:
    unheard = select(Message).where(Message.conversation_id == conversation, IS_UNHEARD)
    return (await session.scalars(unheard.order_by(Message.seq).limit(1))).first()


async def _oldest_due(session: AsyncSession, conversation: ConversationId, now: datetime) -> Message | None:
    waiting = (
        select(Message)
        .where(Message.conversation_id == conversation, Message.progress == Progress.WAITING)
        .order_by(Message.seq)
        .limit(1)
    )
    message = (await session.execute(waiting)).scalar_one_or_none()
    is_due = message is not None and (message.due_at is None or message.due_at <= now)
    return message if is_due else None


async def _lease(session: AsyncSession, house: House, conversation: ConversationId, now: datetime) -> bool:
    """Take the lease in one conditional update, so that of two workers one wins."""
    taken = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation)
        .where(or_(Conversation.lease_until.is_(None), Conversation.lease_until <= now))
        .values(
            lease_owner=house.owner, lease_until=now + LEASE, lease_attempt=Conversation.lease_attempt + 1
        )
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


async def oldest_waiting_at(session: AsyncSession) -> datetime | None:
    """Say since when the oldest message waits to be answered; None when none does."""
    return await session.scalar(select(func.min(Message.at)).where(Message.progress == Progress.WAITING))
