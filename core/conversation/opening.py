"""Open a conversation with its welcome, find it again by the key its browser holds, and finish it."""

import secrets
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import Say
from core.conversation.group import in_group
from core.conversation.house import House
from core.conversation.my_page import forget_page_not_kept
from core.conversation.ourselves import MENU, WHOSE_PHONE, welcome, welcome_by_text
from core.conversation.place import Place, seal_place
from core.conversation.rows import add_conversation, lock_conversation, token_hash
from core.conversation.say import as_json
from core.conversation.speak import speak
from core.conversation.tables import Channel, Conversation
from core.conversation.words import put_into_words
from core.group_sessions.group import Group
from core.ids import ContactId, ConversationId

log = structlog.get_logger()

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """A new conversation, and the token that its browser keeps: who holds it is the young person."""

    conversation: ConversationId
    token: str


async def open_conversation(
    house: House, *, channel: Channel = Channel.WEB, group: Group | None = None
) -> Opened:
    """Open a conversation on the web; its welcome is there before anything is asked of a bot.

    `group` is the group session whose code they came with.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with house.service.write() as session:
        row, place, key = await add_conversation(
            session, house.keys, channel=channel, mirrored=draw_mirrored(), now=house.clock(), token=token
        )
        place = place if group is None else in_group(place, group)
        await _welcome(session, house, row, place, key)
    log.info("conversation_opened", conversation=row.id, channel=channel)
    return Opened(ConversationId(row.id), token)


async def open_by_text(
    session: AsyncSession, house: House, contact: ContactId
) -> tuple[Conversation, Place, bytes]:
    """Open a conversation with a phone, in the caller's transaction; nothing is said yet."""
    return await add_conversation(
        session,
        house.keys,
        channel=Channel.SMS,
        mirrored=draw_mirrored(),
        now=house.clock(),
        contact=contact,
    )


async def welcome_phone(
    session: AsyncSession, house: House, row: Conversation, place: Place, key: bytes
) -> None:
    """Say the welcome by text, and ask whose phone it is."""
    await _welcome(session, house, row, place, key)


async def find_by_token(house: House, token: str) -> ConversationId | None:
    """Find the unfinished conversation whose browser holds this token."""
    found = await house.service.glance(_BY_TOKEN, token=token_hash(token))
    return ConversationId(found[0].id) if found else None


async def finish_conversation(house: House, conversation: ConversationId) -> None:
    """Let nobody in any more by this conversation's token; what was said stays, and waiting words are answered.

    "My page" goes, unless they asked to keep it.
    """
    async with house.service.write() as session:
        row = await lock_conversation(session, conversation)
        row.finished_at, row.token_hash = house.clock(), None
        await forget_page_not_kept(session, house, row)
    log.info("conversation_finished", conversation=conversation)
    house.doorbell.ring(conversation)


def draw_mirrored() -> bool:
    """Draw whether a person sees answers in mirrored order: half of people do."""
    return secrets.randbelow(2) == 1


async def _welcome(session: AsyncSession, house: House, row: Conversation, place: Place, key: bytes) -> None:
    by_text = row.channel == Channel.SMS
    says: tuple[Say, ...] = welcome_by_text() if by_text else welcome(in_group=place.group is not None)
    said = put_into_words(house, says, place)
    await speak(session, row, key, said, house.clock())
    question = as_json(WHOSE_PHONE if by_text else MENU)
    stands = replace(place, open=said[-1].choices, question=question)
    row.sealed_place = seal_place(stands, key, ConversationId(row.id))


_BY_TOKEN = select(Conversation.id).where(
    Conversation.token_hash == bindparam("token"), Conversation.finished_at.is_(None)
)
