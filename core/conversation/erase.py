"""Erase what was said in a conversation, as far as may be, and give what must stay a new key.

With the old key go all copies of the words: in the write-ahead log, in dead rows and in backups. What must
stay are the words of a concern; what was said after the wish stays too, and so does an answer to danger that
has not left for the phone yet.
"""

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, and_, delete, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.complaints.erasing import erase_complaints, has_complaint, reseal_complaints
from core.conversation.group import group_at, in_group
from core.conversation.place import Place, new_place, read_place, seal_place
from core.conversation.rows import read_body
from core.conversation.tables import Conversation, GivenCode, Kind, Message, Progress
from core.ids import ConversationId
from core.keys import ServiceKeys
from core.outbox_erasing import delete_posts, reseal_posts, unsent_messages
from core.safeguarding.keeping import has_concern, messages_kept
from core.safeguarding.resealing import reseal_concerns
from core.sealing import new_key, seal_json
from core.signposting.erasing import erase_requests, has_request, reseal_requests
from core.views.erasing import Wish, open_tags, reseal_waiting, wish_erasure
from core.views.record import forget_conversation
from core.young_people.contact import forget_contact

log = structlog.get_logger()

ERASED = b""
UNANSWERED = (Progress.WAITING, Progress.HELD)


async def erase_on_wish(
    session: AsyncSession, keys: ServiceKeys, row: Conversation, *, since: int | None, now: datetime
) -> None:
    """Erase what a young person said before the message `since`; None: all of it, also what waits."""
    conversation = ConversationId(row.id)
    key = keys.open_conversation_key(row.sealed_key, conversation)
    tags = tuple(await open_tags(session, conversation, key))
    await wish_erasure(session, keys.conversations, Wish(tags, conversation, row.last_heard_at))
    await forget_conversation(session, conversation)
    await erase_requests(session, conversation, now)
    await erase_complaints(session, conversation)
    await session.execute(delete(GivenCode).where(GivenCode.conversation_id == conversation))
    spared = false() if since is None else or_(Message.seq >= since, Message.progress.in_(UNANSWERED))
    await _delete_messages(session, conversation, spared)
    place, _ = read_place(row, keys)
    row.sealed_place = seal_place(_begun_anew(place), key, conversation)
    await _rekey(session, keys, row)
    log.info("words_erased", conversation=conversation)


async def let_go(session: AsyncSession, keys: ServiceKeys, row: Conversation, now: datetime) -> bool:
    """Delete a conversation whose time is over; of one that something still needs, all but that. Say if it is gone.

    Needed are: words of a concern, words of a request or a complaint, views that have not moved. They get a new key.
    """
    conversation = ConversationId(row.id)
    row.token_hash, row.finished_at = None, row.finished_at or now
    if row.sealed_key:
        await _delete_messages(session, conversation, false())
        place, key = read_place(row, keys)
        row.sealed_place = seal_place(_begun_anew(place), key, conversation)
        if await _rekey(session, keys, row):
            return False
    await _forget_number(session, row)
    if await _is_still_needed(session, conversation):
        row.sealed_key = row.sealed_place = ERASED
        return False
    await forget_conversation(session, conversation)
    await session.execute(delete(GivenCode).where(GivenCode.conversation_id == conversation))
    await session.delete(row)
    return True


async def _is_still_needed(session: AsyncSession, conversation: ConversationId) -> bool:
    """Say whether a row of another table, emptied or not, still names this conversation."""
    for has_one in (has_concern, has_request, has_complaint):
        if await has_one(session, conversation):
            return True
    return False


def _begun_anew(place: Place) -> Place:
    """Forget all that was said but how they like to talk; the question that is open now stays open.

    The group session stays with the conversation to its end: who is not safe after the wish must still be found.
    """
    state = new_place(channel=place.state["channel"], mirrored=place.state["mirrored"]).state
    kept = {name: place.state[name] for name in ("my_way", "private")}
    again = Place({**state, **kept}, open=place.open, question=place.question, expects=place.expects)
    group = group_at(place)
    again = again if group is None else in_group(again, group)
    return replace(again, safety_seq=place.safety_seq, is_check_in=place.is_check_in)


async def _delete_messages(
    session: AsyncSession, conversation: ConversationId, spared: ColumnElement[bool]
) -> None:
    on_its_way = and_(Message.kind == Kind.SAFETY, Message.id.in_(unsent_messages()))
    may_go = and_(
        Message.conversation_id == conversation,
        Message.id.not_in(messages_kept(conversation)),
        ~or_(spared, on_its_way),
    )
    await delete_posts(session, select(Message.id).where(may_go))
    await session.execute(delete(Message).where(may_go).execution_options(synchronize_session=False))


async def _rekey(session: AsyncSession, keys: ServiceKeys, row: Conversation) -> bool:
    """Draw the conversation a new key and seal all that is left under it; say whether anything is."""
    conversation, new = ConversationId(row.id), new_key()
    place, old = read_place(row, keys)
    left = select(Message).where(Message.conversation_id == conversation).with_for_update()
    messages = (await session.scalars(left.execution_options(populate_existing=True))).all()
    for message in messages:
        if message.sealed_body:
            message.sealed_body = seal_json(read_body(message, old), new, row=f"message:{message.id}")
    mine = select(Message.id).where(Message.conversation_id == conversation)
    await reseal_posts(session, mine, old=old, new=new)
    await reseal_concerns(session, conversation, old=old, new=new)
    requests = await reseal_requests(session, conversation, old=old, new=new)
    complaints = await reseal_complaints(session, conversation, old=old, new=new)
    waits = await reseal_waiting(session, conversation, old=old, new=new)
    row.sealed_place = seal_place(place, new, conversation)
    row.sealed_key = keys.seal_conversation_key(new, conversation)
    await session.flush()
    return bool(messages or requests or complaints or waits)


async def _forget_number(session: AsyncSession, row: Conversation) -> None:
    """Let a conversation know no number any more, and delete the number when no other conversation needs it."""
    contact, row.contact_id = row.contact_id, None
    await session.flush()
    if contact is not None:
        others = select(Conversation.id).where(Conversation.contact_id == contact).limit(1)
        if (await session.execute(others)).first() is None:
            await forget_contact(session, contact)
