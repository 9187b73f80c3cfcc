"""Who is behind a text that waits to be sent: their number, any stop, and the key of its words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.tables import Conversation, Message
from core.ids import ContactId, ConversationId, MessageId
from core.keys import ServiceKeys
from core.outbox import open_text
from core.outbox_tables import Post, Status
from core.sealing import CannotOpen
from core.sending import Recipient, Withheld
from core.young_people.consent import is_opted_out, opt_out
from core.young_people.contact import address_of, pseudonym_of, pseudonyms_of


@dataclass(frozen=True, slots=True)
class SentText:
    """A text as it left the house."""

    text: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class ContactBook:
    """The Recipients of core.outbox, from the contacts and conversations of the service store."""

    keys: ServiceKeys

    async def look_up(
        self, session: AsyncSession, contact: ContactId, message: MessageId
    ) -> Recipient | Withheld:
        """Find number and key; withheld when the number said stop, or contact or conversation are erased."""
        try:
            address = await address_of(session, contact, self.keys)
            key = await self._key_of(session, message)
        except (CannotOpen, NoResultFound):
            return Withheld.ERASED
        if await is_opted_out(session, *pseudonyms_of(address, self.keys)):
            return Withheld.SAID_STOP
        return Recipient(address, key)

    async def note_stop(self, session: AsyncSession, contact: ContactId, now: datetime) -> None:
        """Keep that a number said stop to the provider, as if it had said it to us."""
        address = await address_of(session, contact, self.keys)
        await opt_out(session, pseudonym_of(address, self.keys), now)

    async def sent_to(self, session: AsyncSession, contact: ContactId) -> list[SentText]:
        """List the texts that left for a contact, oldest first, as its phone shows them."""
        left = Post.status.in_((Status.SENT, Status.DELIVERED))
        query = select(Post).where(Post.contact_id == contact, left, Post.sealed_text.is_not(None))
        posts = (await session.scalars(query.order_by(Post.place))).all()
        return [
            SentText(text, post.posted_at)
            for post in posts
            if (text := open_text(post, await self._key_of(session, MessageId(post.message_id or ""))))
        ]

    async def _key_of(self, session: AsyncSession, message: MessageId) -> bytes:
        query = select(Conversation.id, Conversation.sealed_key).join(
            Message, Message.conversation_id == Conversation.id
        )
        conversation, sealed = (await session.execute(query.where(Message.id == message))).one()
        return self.keys.open_conversation_key(sealed, ConversationId(conversation))
