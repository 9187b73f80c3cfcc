"""Find and write the rows of a conversation, inside the caller's transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Row, Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.place import Place, new_place, seal_place
from core.conversation.refusals import NoSuchConversation
from core.conversation.say import Said
from core.conversation.tables import Author, Channel, Conversation, Kind, Message, Progress
from core.database import UtcDateTime
from core.ids import ContactId, ConversationId, MessageId, new_id
from core.keys import ServiceKeys
from core.safeguarding.phrases import Level
from core.sealing import new_key, seal_json, unseal_json


def token_hash(token: str) -> bytes:
    """Turn the key of a conversation that its browser holds into what we keep of it."""
    return hashlib.sha256(token.encode()).digest()


async def add_conversation(
    session: AsyncSession,
    keys: ServiceKeys,
    *,
    channel: Channel,
    mirrored: bool,
    now: datetime,
    token: str | None = None,
    contact: ContactId | None = None,
) -> tuple[Conversation, Place, bytes]:
    """Write the row of a new conversation, with a key of its own and a place with nothing asked."""
    conversation_id, key = ConversationId(new_id()), new_key()
    place = new_place(channel=channel, mirrored=mirrored)
    row = Conversation(
        id=conversation_id,
        channel=channel,
        contact_id=contact,
        token_hash=token_hash(token) if token else None,
        sealed_key=keys.seal_conversation_key(key, conversation_id),
        sealed_place=seal_place(place, key, conversation_id),
        next_seq=1,
        lease_attempt=0,
        started_at=now,
        last_heard_at=now,
    )
    session.add(row)
    await session.flush()
    return row, place, key


async def lock_conversation(session: AsyncSession, conversation: ConversationId) -> Conversation:
    """Give the row of an unfinished conversation and hold it until commit; NoSuchConversation else."""
    row = await session.get(Conversation, conversation, with_for_update=True, populate_existing=True)
    if row is None or row.finished_at is not None:
        raise NoSuchConversation
    return row


async def find_heard(session: AsyncSession, external_id: str) -> Message | None:
    """Find the message that came with this id before."""
    return (
        await session.execute(select(Message).where(Message.external_id == external_id))
    ).scalar_one_or_none()


def add_heard(
    session: AsyncSession,
    conversation: Conversation,
    key: bytes,
    *,
    external_id: str,
    body: Mapping[str, Any],
    progress: Progress,
    now: datetime,
) -> Message:
    """Write what a young person said, as the next turn of the conversation."""
    conversation.last_heard_at = now
    its_id, seq = ConversationId(conversation.id), _next_seq(conversation)
    turn = heard_turn(its_id, seq, key, external_id=external_id, body=body, progress=progress, now=now)
    row = Message(**turn)
    session.add(row)
    return row


def heard_turn(
    conversation: ConversationId,
    seq: int,
    key: bytes,
    *,
    external_id: str,
    body: Mapping[str, Any],
    progress: Progress,
    now: datetime,
) -> dict[str, Any]:
    """Give the row of what a young person said, as this turn of the conversation."""
    told = {"author": Author.YOU, "kind": Kind.MESSAGE, "progress": progress, "external_id": external_id}
    return {**_turn(conversation, seq, key, body, now), **told}


def said_body(
    text: str,
    *,
    choice: Mapping[str, Any] | None = None,
    heard: Level | None = None,
    code: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What of a message is sealed: its words exactly, or what was chosen; and whether danger or a worry was heard."""
    return {"text": text, "choice": choice, "heard": None if heard is None else str(heard), "code": code}


def add_said(
    session: AsyncSession, conversation: Conversation, key: bytes, said: Sequence[Said], now: datetime
) -> list[Message]:
    """Write what we say, in order, as the next turns of the conversation."""
    rows = []
    for each in said:
        its_id, seq = ConversationId(conversation.id), _next_seq(conversation)
        row = Message(**_turn(its_id, seq, key, each.body, now))
        row.author, row.kind, row.level, row.progress = each.author, each.kind, each.level, Progress.SHOWN
        session.add(row)
        rows.append(row)
    return rows


async def finish_message(
    session: AsyncSession, message: MessageId, *, hear_again_at: datetime | None = None
) -> None:
    """Mark a message as answered; the second listener hears it later, where it could not now."""
    await session.execute(_FINISH, {"its_id": message, "hear_again_at": hear_again_at})


async def set_message_aside(
    session: AsyncSession, message: MessageId, *, hear_again_at: datetime | None = None
) -> None:
    """Keep a message that we can't answer, and let what follows it be answered; it may still be heard later."""
    aside = {"progress": Progress.SET_ASIDE, "due_at": hear_again_at}
    await session.execute(update(Message).where(Message.id == message).values(**aside))


async def put_off_message(session: AsyncSession, message: MessageId, until: datetime) -> None:
    """Let a message wait: it is kept, and answered later."""
    row = await session.get_one(Message, message)
    row.due_at = until


def read_body(message: Message | Row[*tuple[Any, ...]], key: bytes) -> dict[str, Any]:
    """Open what a message says."""
    body: dict[str, Any] = unseal_json(message.sealed_body, key, row=f"message:{message.id}")
    return body


def _next_seq(conversation: Conversation) -> int:
    seq = conversation.next_seq
    conversation.next_seq = seq + 1
    return seq


def _turn(
    conversation: ConversationId, seq: int, key: bytes, body: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    message = MessageId(new_id())
    sealed = seal_json(dict(body), key, row=f"message:{message}")
    return {
        "id": message,
        "conversation_id": conversation,
        "seq": seq,
        "sealed_body": sealed,
        "attempts": 0,
        "at": now,
    }


# Made once: making it takes longer than SQLite takes to carry it out.
_MESSAGES: Final = cast("Table", Message.__table__)
_FINISH: Final = (
    update(_MESSAGES)
    .where(_MESSAGES.c.id == bindparam("its_id"))
    .values(progress=Progress.ANSWERED, due_at=bindparam("hear_again_at", type_=UtcDateTime()))
)
