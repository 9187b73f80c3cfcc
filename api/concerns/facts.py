"""What else a reader must know of a concern: who was beside them, what reached them, how they can be found."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.sent_texts import SentText, texts_of_messages
from core.conversation.group import group_at
from core.conversation.place import Place, read_place
from core.conversation.staff_named import is_staff_named
from core.conversation.tables import Channel, Conversation, Kind, Message
from core.group_sessions.group import Group
from core.ids import ContactId, ConversationId
from core.keys import ServiceKeys
from core.safeguarding.listing import HeardMessage, ListedConcern
from core.safeguarding.phrases import Category
from core.sealing import CannotOpen
from core.signposting.tables import RequestState, SignpostingRequest
from core.young_people.contact import is_proven

ALONE = frozenset({"nobody", "skip", "dont-know"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the words. `is_proven` is None on the web; `was_answered`: the numbers were said.

    `group` is the group session they came with; `is_setting_meant` where an adult there may be the danger, where what
    they said lately names who leads it, or where nothing says who is.
    """

    channel: Channel
    is_proven: bool | None
    was_answered: bool
    texts: tuple[SentText, ...]
    has_helper: bool
    has_request: bool
    group: Group | None
    is_setting_meant: bool


async def facts_of(
    session: AsyncSession, keys: ServiceKeys, concern: ListedConcern, heard: Sequence[HeardMessage]
) -> Facts | None:
    """Give the facts; None when the conversation was erased."""
    conversation = concern.conversation
    row = await session.get(Conversation, conversation)
    if row is None:
        return None
    place, key = _place(row, keys)
    is_about_worker = concern.is_about_worker or (
        place is not None and await is_staff_named(session, conversation, place=place, key=key)
    )
    answers = await _safety_answers(session, conversation, heard)
    contact = row.contact_id
    return Facts(
        channel=Channel(row.channel),
        is_proven=None if contact is None else await is_proven(session, ContactId(contact)),
        was_answered=bool(answers),
        texts=await texts_of_messages(session, answers),
        has_helper=place is not None and place.state["answers"].get("about-helper", "nobody") not in ALONE,
        has_request=await _has_request(session, conversation),
        group=None if place is None else group_at(place),
        is_setting_meant=is_about_worker or _is_restraint(heard) or _is_unspoken(heard),
    )


async def setting_of(session: AsyncSession, keys: ServiceKeys, conversation: ConversationId) -> str | None:
    """Give where the group session was that they came with: all that stands before who reads says "not me"."""
    row = await session.get(Conversation, conversation)
    place = None if row is None else _place(row, keys)[0]
    group = None if place is None else group_at(place)
    return None if group is None else group.setting


async def _safety_answers(
    session: AsyncSession, conversation: ConversationId, heard: Sequence[HeardMessage]
) -> list[str]:
    """List what we said of safety after the newest message that was heard."""
    if not heard:
        return []
    newest = select(Message.seq).where(Message.id.in_([each.message for each in heard]))
    last = (await session.execute(newest.order_by(Message.seq.desc()).limit(1))).scalar_one_or_none() or 0
    said = select(Message.id).where(
        Message.conversation_id == conversation, Message.kind == Kind.SAFETY, Message.seq > last
    )
    return list((await session.execute(said.order_by(Message.seq))).scalars())


def _place(row: Conversation, keys: ServiceKeys) -> tuple[Place | None, bytes]:
    """Open where a conversation stands, with who helps them: the helper may be the danger; and give its key."""
    try:
        return read_place(row, keys)
    except CannotOpen:
        return None, b""


def _is_restraint(heard: Sequence[HeardMessage]) -> bool:
    """Say whether they tell of being held or locked in: where they learn, that is done by staff."""
    return any(match.category is Category.RESTRAINT for each in heard for match in each.because)


def _is_unspoken(heard: Sequence[HeardMessage]) -> bool:
    """Say whether no phrase was heard at all: then nobody knows yet whom their words mean."""
    return all(match.category is Category.UNSPOKEN for each in heard for match in each.because)


async def _has_request(session: AsyncSession, conversation: ConversationId) -> bool:
    is_open = SignpostingRequest.state != RequestState.CLOSED
    wanted = select(SignpostingRequest.id).where(SignpostingRequest.conversation_id == conversation, is_open)
    return (await session.execute(wanted.limit(1))).scalar_one_or_none() is not None
