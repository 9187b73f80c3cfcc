"""Who is behind a contact: asked while a text is claimed, so that a stop said a moment ago still counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.tables import Conversation, Kind, Message
from core.ids import ContactId, ConversationId, MessageId
from core.keys import ServiceKeys
from core.sealing import CannotOpen
from core.sending import Recipient, Withheld
from core.young_people.consent import is_opted_out, opt_out
from core.young_people.contact import address_of, pseudonym_of, pseudonyms_of


@dataclass(frozen=True, slots=True)
class PhoneRecipients:
    """Looks recipients up in the service store."""

    keys: ServiceKeys

    async def look_up(
        self, session: AsyncSession, contact: ContactId, message: MessageId
    ) -> Recipient | Withheld:
        """Give the number and the key of the words; Withheld when it said stop or was erased."""
        turn = await session.get(Message, message)
        if turn is None:
            return Withheld.ERASED
        try:
            address = await address_of(session, contact, self.keys)
            row = await session.get_one(Conversation, turn.conversation_id)
            key = self.keys.open_conversation_key(row.sealed_key, ConversationId(row.id))
        except (CannotOpen, NoResultFound):  # an erased key or number ends its own texts, and no others
            return Withheld.ERASED
        if await is_opted_out(session, *pseudonyms_of(address, self.keys)):
            return Withheld.SAID_STOP
        return Recipient(address, key, is_safety=turn.kind == Kind.SAFETY)

    async def note_stop(self, session: AsyncSession, contact: ContactId, now: datetime) -> None:
        """Keep that this number said stop to the provider before we knew."""
        address = await address_of(session, contact, self.keys)
        await opt_out(session, pseudonym_of(address, self.keys), now)
