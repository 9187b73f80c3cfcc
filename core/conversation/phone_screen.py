"""What a young person's phone shows: the texts that it sent us, and those that left for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.rows import read_body
from core.conversation.tables import Author, Conversation, Message
from core.ids import ContactId, ConversationId
from core.keys import ServiceKeys
from core.outbox_tables import Post, Status
from core.outbox_words import open_text
from core.young_people.contact import find_contact


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text on a phone: its words, whether the phone sent it, and when it was heard or left."""

    text: str
    is_mine: bool
    at: datetime


async def read_phone(session: AsyncSession, number: str, keys: ServiceKeys) -> list[ShownText]:
    """List what the phone with this number shows, oldest first; its own before ours of the same moment."""
    contact = await find_contact(session, number, keys)
    if contact is None:
        return []
    texts = await _heard(session, contact, keys) + await _left(session, contact, keys)
    return sorted(texts, key=lambda text: text.at)


async def _heard(session: AsyncSession, contact: ContactId, keys: ServiceKeys) -> list[ShownText]:
    query = (
        select(Message, Conversation)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.contact_id == contact, Message.author == Author.YOU)
        .order_by(Message.at, Message.seq)
    )
    return [
        ShownText(read_body(message, _key(conversation, keys))["text"], is_mine=True, at=message.at)
        for message, conversation in await session.execute(query)
    ]


async def _left(session: AsyncSession, contact: ContactId, keys: ServiceKeys) -> list[ShownText]:
    query = (
        select(Post, Conversation)
        .join(Message, Message.id == Post.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Post.contact_id == contact, Post.status.in_((Status.SENT, Status.DELIVERED)))
        .order_by(Post.place)
    )
    return [
        ShownText(text, is_mine=False, at=post.sent_at or post.posted_at)
        for post, conversation in await session.execute(query)
        if (text := open_text(post, _key(conversation, keys)))
    ]


def _key(conversation: Conversation, keys: ServiceKeys) -> bytes:
    return keys.open_conversation_key(conversation.sealed_key, ConversationId(conversation.id))
