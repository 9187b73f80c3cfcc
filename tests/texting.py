"""Builders for texts: a young person with a phone, and what waits to be sent to them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.place import new_place, seal_place
from core.conversation.recipients import PhoneRecipients
from core.conversation.tables import Author, Channel, Conversation, Kind, Message, Progress
from core.database import Store
from core.ids import ContactId, ConversationId, MessageId, OutboxId, new_id
from core.keys import ServiceKeys
from core.outbox import post_text
from core.outbox_tables import Post
from core.sealing import Keyring, new_key, seal_json
from core.young_people.contact import keep_contact
from tests.fakes import FakeClock

SAM = "+447700900123"
ALEX = "+447700900456"


def some_keys(*key_ids: str) -> ServiceKeys:
    """Give keys that are the same in every run: one keyring for each purpose, newest first."""
    ids = key_ids or ("1",)

    def ring(purpose: str) -> Keyring:
        return Keyring(tuple((key_id, f"{purpose}{key_id}".encode().ljust(32, b"-")) for key_id in ids))

    return ServiceKeys(ring("conversations"), ring("addresses"), ring("pseudonyms"), ring("staff"))


@dataclass(frozen=True)
class YoungPerson:
    number: str
    contact: ContactId
    conversation: ConversationId
    key: bytes


@dataclass(frozen=True)
class Texting:
    store: Store
    clock: FakeClock
    keys: ServiceKeys

    @property
    def recipients(self) -> PhoneRecipients:
        return PhoneRecipients(self.keys)

    async def young_person(self, number: str = SAM) -> YoungPerson:
        conversation, key, now = ConversationId(new_id()), new_key(), self.clock()
        async with self.store.write() as session:
            contact = await keep_contact(session, number, self.keys, now)
            session.add(
                Conversation(
                    id=conversation,
                    channel=Channel.SMS,
                    contact_id=contact,
                    sealed_key=self.keys.seal_conversation_key(key, conversation),
                    sealed_place=seal_place(new_place(channel="sms", mirrored=False), key, conversation),
                    next_seq=1,
                    started_at=now,
                    last_heard_at=now,
                )
            )
        return YoungPerson(number, contact, conversation, key)

    async def hear(self, sent_by: YoungPerson, text: str) -> MessageId:
        async with self.store.write() as session:
            return await self._add_turn(session, sent_by, text, Author.YOU)

    async def post(self, to: YoungPerson, text: str = "Hello.") -> OutboxId:
        async with self.store.write() as session:
            message = await self._add_turn(session, to, text, Author.BOT)
            return await post_text(
                session, contact=to.contact, message=message, text=text, key=to.key, now=self.clock()
            )

    async def _add_turn(
        self, session: AsyncSession, person: YoungPerson, text: str, author: Author
    ) -> MessageId:
        message = MessageId(new_id())
        conversation = await session.get_one(Conversation, person.conversation, with_for_update=True)
        session.add(
            Message(
                id=message,
                conversation_id=person.conversation,
                seq=conversation.next_seq,
                author=author,
                kind=Kind.MESSAGE,
                progress=Progress.SHOWN,
                sealed_body=seal_json({"text": text}, person.key, row=f"message:{message}"),
                attempts=0,
                at=self.clock(),
            )
        )
        conversation.next_seq += 1
        await session.flush()
        return message

    async def find(self, post: OutboxId) -> Post:
        async with self.store.read() as session:
            return (await session.scalars(select(Post).where(Post.id == post))).one()
