"""A staffed house for tests: keys, conversations and members of staff as rows."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.tables import Author, Channel, Conversation, Kind, Message, Progress
from core.ids import ConversationId, MessageId, StaffId, new_id
from core.keys import ServiceKeys
from core.sealing import Keyring, new_key, seal_json
from core.staff.roles import Role
from core.staff.tables import StaffAccount

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROOT = Keyring((("test", b"k" * 32),))


def pretend_keys() -> ServiceKeys:
    """Make keys of the service store that are the same in every test."""
    return ServiceKeys(
        conversations=ROOT.derive("conversations"),
        addresses=ROOT.derive("addresses"),
        pseudonyms=ROOT.derive("pseudonyms"),
        staff=ROOT.derive("staff"),
    )


@dataclass(frozen=True)
class Talk:
    """A conversation and its key."""

    id: ConversationId
    key: bytes


async def hold_conversation(session: AsyncSession, *, now: datetime = NOON) -> Talk:
    """Write a web conversation with nothing said."""
    talk = Talk(ConversationId(new_id()), new_key())
    session.add(
        Conversation(
            id=talk.id,
            channel=Channel.WEB,
            sealed_key=pretend_keys().seal_conversation_key(talk.key, talk.id),
            sealed_place=b"",
            next_seq=1,
            started_at=now,
            last_heard_at=now,
        )
    )
    await session.flush()
    return talk


async def hold_message(session: AsyncSession, talk: Talk, words: str, *, now: datetime = NOON) -> MessageId:
    """Write a message of a young person."""
    conversation = await session.get_one(Conversation, talk.id)
    message = MessageId(new_id())
    session.add(
        Message(
            id=message,
            conversation_id=talk.id,
            seq=conversation.next_seq,
            author=Author.YOU,
            kind=Kind.MESSAGE,
            progress=Progress.ANSWERED,
            sealed_body=seal_json({"text": words}, talk.key, row=f"message:{message}"),
            attempts=0,
            at=now,
        )
    )
    conversation.next_seq += 1
    await session.flush()
    return message


async def hold_staff(
    session: AsyncSession,
    name: str = "Sam Green",
    role: Role = Role.KEY_WORKER,
    *,
    password_hash: str = "none",
    now: datetime = NOON,
) -> StaffId:
    """Write a member of staff; their e-mail is made of their name."""
    staff = StaffId(new_id())
    session.add(
        StaffAccount(
            id=staff,
            email=f"{name.lower().replace(' ', '.')}@council.example",
            name=name,
            role=role,
            password_hash=password_hash,
            added_at=now,
        )
    )
    await session.flush()
    return staff
