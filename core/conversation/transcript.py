"""Read a conversation back: for the young person's screen, and the words of a concern for its reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.house import House
from core.conversation.place import STANDING_INTENTS, standing_id
from core.conversation.refusals import NoSuchConversation
from core.conversation.rows import read_body
from core.conversation.tables import Author, Conversation, Kind, Message, Progress
from core.conversation.understand import STANDING_LABELS
from core.ids import ConversationId
from core.keys import ServiceKeys

MOST_AT_ONCE = 200
SHOWN = (
    Message.id,
    Message.seq,
    Message.author,
    Message.kind,
    Message.level,
    Message.sealed_body,
    Message.at,
)
"""What of a message a screen is made of."""


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """A choice as a screen shows it; the id is all that comes back."""

    id: str
    label: str
    symbol: str | None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as a screen shows it."""

    seq: int
    author: Author
    text: str
    easy_text: str
    choices: tuple[ShownChoice, ...]
    kind: Kind
    level: str | None
    at: datetime


async def messages_after(
    house: House, conversation: ConversationId, after: int, *, limit: int = MOST_AT_ONCE
) -> list[ShownMessage]:
    """List the messages with a higher seq, oldest first; NoSuchConversation if it is not there or finished."""
    rows = await house.service.glance(_NEWER, its_id=conversation, after=after, most=limit)
    if not rows:
        raise NoSuchConversation
    key = house.keys.open_conversation_key(rows[0].sealed_key, conversation)
    return [shown(row, key) for row in rows if row.id is not None]


async def read_messages(
    session: AsyncSession, keys: ServiceKeys, conversation: ConversationId
) -> Sequence[ShownMessage]:
    """Read all that was said in a conversation, for who may: the reader of a concern."""
    row = await session.get_one(Conversation, conversation)
    if not row.sealed_key:  # its time was over, and all of it is erased
        return []
    key = keys.open_conversation_key(row.sealed_key, conversation)
    wanted = select(Message).where(Message.conversation_id == conversation).order_by(Message.seq)
    return [shown(message, key) for message in (await session.execute(wanted)).scalars()]


async def standing_choices(house: House, conversation: ConversationId) -> tuple[ShownChoice, ...]:
    """Give the choices that are always there, each under this conversation's own id for it."""
    async with house.service.read() as session:
        row = await session.get(Conversation, conversation)
    if row is None or row.finished_at is not None:
        raise NoSuchConversation
    key = house.keys.open_conversation_key(row.sealed_key, conversation)
    return tuple(
        ShownChoice(
            standing_id(intent, key),
            house.catalogue.say(STANDING_LABELS[intent]),
            house.catalogue.symbol(STANDING_LABELS[intent]),
        )
        for intent in STANDING_INTENTS
    )


async def is_waiting(house: House, conversation: ConversationId) -> bool:
    """Say whether a message of the young person still waits for its answer."""
    wanted = select(Message.id).where(
        Message.conversation_id == conversation, Message.progress == Progress.WAITING
    )
    async with house.service.read() as session:
        return (await session.execute(wanted.limit(1))).scalar_one_or_none() is not None


async def wait_for_news(house: House, conversation: ConversationId, seconds: float) -> None:
    """Return when something new may stand in a conversation, or after so many seconds."""
    await house.doorbell.wait(conversation, seconds)


def shown(message: Message | Row[*tuple[Any, ...]], key: bytes) -> ShownMessage:
    """Open a message, or the `SHOWN` of it, as a screen shows it."""
    body = read_body(message, key)
    return ShownMessage(
        seq=message.seq,
        author=Author(message.author),
        text=body["text"],
        easy_text=body.get("easy_text") or body["text"],
        choices=tuple(ShownChoice(**choice) for choice in body.get("choices", ())),
        kind=Kind(message.kind),
        level=message.level,
        at=message.at,
    )


_IS_NEWER = and_(Message.conversation_id == Conversation.id, Message.seq > bindparam("after"))
_NEWER = (
    select(Conversation.sealed_key, *SHOWN)
    .join(Message, _IS_NEWER, isouter=True)
    .where(Conversation.id == bindparam("its_id"), Conversation.finished_at.is_(None))
    .order_by(Message.seq)
    .limit(bindparam("most"))
)
