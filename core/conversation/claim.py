"""Take the oldest waiting message of a conversation, so that one worker at a time answers it or listens to it.

A lease, not a lock: it names its owner and ends by itself, so that a worker that was killed holds nothing
for long. Who commits an answer must still hold the lease.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Executable,
    Row,
    Update,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.conversation.house import House
from core.conversation.place import Place, read_place
from core.conversation.rows import read_body
from core.conversation.tables import IS_UNHEARD, Channel, Conversation, Message, Progress
from core.failpoint import Failpoint, pass_by
from core.ids import ConversationId, MessageId

LEASE = timedelta(seconds=15)
"""Longer than a bot is waited for (10 seconds), short for who waits after a crash."""


class LeaseLost(Exception):
    """Another worker has the conversation now: what was decided here is dropped, and decided again there."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to be answered, and where its conversation stood when it was taken.

    `hear_again_at`: the second listener could not hear it, and is to do so from then on, whatever is answered.
    """

    conversation: ConversationId
    channel: Channel
    message: MessageId
    seq: int
    attempt: int
    lease: int
    body: dict[str, Any]
    place: Place
    key: bytes
    hear_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leased:
    """A conversation that is leased, as its row was written, and its oldest message that is due; both still sealed."""

    conversation: ConversationId
    row: Row[Any]
    message: Row[Any]


async def claim_next(house: House, conversation: ConversationId) -> Claimed | None:
    """Lease the conversation and give its oldest message that is due; None if there is none or it is taken."""
    return await _claim(house, conversation, _LEASE_DUE, _TAKE_OLDEST)


async def claim_unheard(house: House, conversation: ConversationId) -> Claimed | None:
    """The same for its oldest message that no answer takes now and that was not heard twice; tried ones come last."""
    return await _claim(house, conversation, _LEASE_UNHEARD, _FIND_UNHEARD)


async def lease_arrival(session: AsyncSession, house: House, conversation: ConversationId) -> Leased | None:
    """Lease the conversation for its oldest message that is due, in the transaction in which one arrived."""
    return await _lease(session, house, conversation, _LEASE_DUE, _TAKE_OLDEST)


async def _claim(
    house: House, conversation: ConversationId, lease: Update, take: Executable
) -> Claimed | None:
    async with house.service.write() as session:
        leased = await _lease(session, house, conversation, lease, take)
        return None if leased is None else open_leased(house, leased)


async def _lease(
    session: AsyncSession, house: House, conversation: ConversationId, lease: Update, take: Executable
) -> Leased | None:
    """Take the lease in one conditional update, so that of two workers one wins, and then the message."""
    its, now = {"its_id": conversation}, house.clock()
    wanted = {**its, "now": now, "until": now + LEASE, "owner": house.owner}
    connection = await session.connection()
    row = (await connection.execute(lease, wanted)).first()
    if row is None:
        return None
    message = (await connection.execute(take, its)).first()
    if message is None:  # another worker answered it a moment ago
        await connection.execute(_RELEASE, its)
        return None
    pass_by(Failpoint.CLAIM_WRITTEN)
    return Leased(conversation, row, message)


def open_leased(house: House, leased: Leased) -> Claimed:
    """Open what was leased: the message, and where its conversation stands."""
    row, message = leased.row, leased.message
    place, key = read_place(row, house.keys)
    return Claimed(
        conversation=leased.conversation,
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
    found = await house.service.glance(_WAITING, now=house.clock(), most=limit)
    return [ConversationId(row.conversation_id) for row in found]


async def conversations_unheard(house: House, *, limit: int = 200) -> list[ConversationId]:
    """List conversations with a message for the second listener alone that is due, and that nobody has leased."""
    found = await house.service.glance(_UNHEARD, now=house.clock(), most=limit)
    return [ConversationId(row.id) for row in found]


async def oldest_waiting_at(session: AsyncSession) -> datetime | None:
    """Say since when the oldest message waits to be answered; None when none does."""
    return await session.scalar(select(func.min(Message.at)).where(Message.progress == Progress.WAITING))


# The statements are made once: making one takes longer than SQLite takes to carry it out.
_ITS_ID: BindParameter[str] = bindparam("its_id")
_NOW: BindParameter[datetime] = bindparam("now")
_MOST: BindParameter[int] = bindparam("most")
_IS_FREE = or_(Conversation.lease_until.is_(None), Conversation.lease_until <= _NOW)
_IS_ITS_TIME = or_(Message.due_at.is_(None), Message.due_at <= _NOW)
_IS_DUE = and_(Message.progress == Progress.WAITING, _IS_ITS_TIME)
_EARLIER = aliased(Message)
_IS_OLDEST = ~exists().where(
    _EARLIER.conversation_id == Message.conversation_id,
    _EARLIER.progress == Progress.WAITING,
    _EARLIER.seq < Message.seq,
)
_OF_THIS = Message.conversation_id == _ITS_ID
_TAKEN = (Message.id, Message.seq, Message.attempts, Message.sealed_body)

_WAITING = (
    select(Message.conversation_id)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .where(_IS_DUE, _IS_OLDEST, _IS_FREE)
    .order_by(Message.at)
    .limit(_MOST)
)
_UNHEARD = (
    select(Conversation.id)
    .join(Message, Message.conversation_id == Conversation.id)
    .where(IS_UNHEARD, _IS_ITS_TIME, _IS_FREE)
    .group_by(Conversation.id)
    .order_by(func.min(Message.at))
    .limit(_MOST)
)
_LEASE = (
    update(Conversation)
    .where(Conversation.id == _ITS_ID, _IS_FREE)
    .values(
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        lease_attempt=Conversation.lease_attempt + 1,
    )
    .returning(
        Conversation.id,
        Conversation.channel,
        Conversation.sealed_key,
        Conversation.sealed_place,
        Conversation.lease_attempt,
    )
)
_LEASE_DUE = _LEASE.where(exists().where(_OF_THIS, _IS_DUE, _IS_OLDEST))
_LEASE_UNHEARD = _LEASE.where(exists().where(_OF_THIS, IS_UNHEARD, _IS_ITS_TIME))
_RELEASE = update(Conversation).where(Conversation.id == _ITS_ID).values(lease_owner=None, lease_until=None)
_FIRST_WAITING = (
    select(_EARLIER.id)
    .where(_EARLIER.conversation_id == _ITS_ID, _EARLIER.progress == Progress.WAITING)
    .order_by(_EARLIER.seq)
    .limit(1)
)
_TAKE_OLDEST = (
    update(Message)
    .where(Message.id == _FIRST_WAITING.scalar_subquery())
    .values(attempts=Message.attempts + 1)
    .returning(*_TAKEN)
)
_FIND_UNHEARD = (
    select(*_TAKEN)
    .where(_OF_THIS, IS_UNHEARD)
    .order_by(Message.due_at.nulls_first(), Message.seq)  # one is due: so the first is
    .limit(1)
)
