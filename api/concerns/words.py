"""Open the messages of a concern in the young person's own words."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.rows import read_body
from core.conversation.tables import Conversation, Message
from core.ids import ConversationId
from core.keys import ServiceKeys
from core.safeguarding.listing import HeardMessage
from core.safeguarding.refusals import WordsGone
from core.sealing import CannotOpen


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message of a concern: what was heard, and its words (None: erased; "": a button without words)."""

    heard: HeardMessage
    words: str | None


async def read_words(
    session: AsyncSession, key: bytes | None, heard: list[HeardMessage]
) -> list[ReadMessage]:
    """Give the messages of a concern with their words, in the order in which they were heard."""
    wanted = select(Message).where(Message.id.in_([each.message for each in heard]))
    rows = {row.id: row for row in (await session.execute(wanted)).scalars()}
    return [ReadMessage(each, _words(rows.get(each.message), key)) for each in heard]


async def key_of(session: AsyncSession, keys: ServiceKeys, conversation: ConversationId) -> bytes | None:
    """Give the key of a conversation; None when it was erased."""
    row = await session.get(Conversation, conversation)
    try:
        return keys.open_conversation_key(row.sealed_key, conversation) if row else None
    except CannotOpen:
        return None


async def need_key_of(session: AsyncSession, keys: ServiceKeys, conversation: ConversationId) -> bytes:
    """Give the key of a conversation to seal a note with; WordsGone when it was erased."""
    key = await key_of(session, keys, conversation)
    if key is None:
        raise WordsGone
    return key


def _words(row: Message | None, key: bytes | None) -> str | None:
    if row is None or key is None:
        return None
    try:
        return str(read_body(row, key).get("text") or "")
    except CannotOpen:
        return None
