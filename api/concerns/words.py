"""Open the messages of a concern in the young person's own words."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.rows import read_body
from core.conversation.tables import Channel, Conversation, Message
from core.ids import ConversationId
from core.keys import ServiceKeys
from core.safeguarding.listing import HeardMessage, ListedConcern
from core.sealing import CannotOpen


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message of a concern: what was heard, and its words (None: erased; "": a button without words)."""

    heard: HeardMessage
    words: str | None


async def read_words(
    session: AsyncSession, keys: ServiceKeys, concern: ListedConcern, heard: list[HeardMessage]
) -> list[ReadMessage]:
    """Give the messages of a concern with their words, in the order in which they were heard."""
    key = await _key_of(session, keys, concern.conversation)
    wanted = select(Message).where(Message.id.in_([each.message for each in heard]))
    rows = {row.id: row for row in (await session.execute(wanted)).scalars()}
    return [ReadMessage(each, _words(rows.get(each.message), key)) for each in heard]


async def channel_of(session: AsyncSession, conversation: ConversationId) -> Channel | None:
    """Give how the young person talks to us; None when the conversation was erased."""
    row = await session.get(Conversation, conversation)
    return Channel(row.channel) if row else None


async def _key_of(session: AsyncSession, keys: ServiceKeys, conversation: ConversationId) -> bytes | None:
    row = await session.get(Conversation, conversation)
    try:
        return keys.open_conversation_key(row.sealed_key, conversation) if row else None
    except CannotOpen:
        return None


def _words(row: Message | None, key: bytes | None) -> str | None:
    if row is None or key is None:
        return None
    try:
        return str(read_body(row, key).get("text") or "")
    except CannotOpen:
        return None
