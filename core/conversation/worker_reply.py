"""A key worker's words reach the young person on their own channel, and nobody else who holds the phone."""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import SayMessage
from core.conversation.house import House
from core.conversation.place import read_place
from core.conversation.rows import add_said, find_heard
from core.conversation.say import Said, say_message
from core.conversation.speak import texts_of
from core.conversation.tables import Author, Channel, Conversation, Kind, Message
from core.errors import Refusal
from core.ids import ContactId, MessageId, RequestId, StaffId
from core.outbox import post_text
from core.signposting.queue import ListedRequest, read_request
from core.signposting.refusals import RequestAlreadyClosed, RequestNotYours
from core.signposting.tables import RequestState
from core.text.clean import clean_text

log = structlog.get_logger()

LONGEST_REPLY = 1000
LONGEST_ONCE = 64


class NoWords(Refusal):
    """A reply needs words."""

    words = "Write some words first. Then send them."


class ReplyTooLong(Refusal):
    """A reply must be readable in a few texts."""

    words = f"Please use fewer words: at most {LONGEST_REPLY} letters."


async def reply_to_young_person(
    house: House, request: RequestId, staff: StaffId, text: str, *, once: str
) -> None:
    """Say a key worker's words; only who took the request may (RequestNotYours), and not after closing it.

    `once` is the id of the form that was sent: a form sent twice by a double click is one reply.

    On a phone that is shared, or of which we do not know, only a neutral notice goes out: the words wait
    until the young person writes.
    """
    words = checked_words(text)
    async with house.service.write() as session:
        listed = (await read_request(session, request)).listed
        conversation, worker = listed.conversation, _may_answer(listed, staff)
        row = await session.get_one(Conversation, conversation, with_for_update=True)
        external_id = f"reply:{request}:{once[:LONGEST_ONCE]}"
        if await find_heard(session, external_id) is not None:
            return
        say = SayMessage("request_worker_says", {"worker": worker, "words": words})
        message = await deliver(session, house, row, say)
        message.external_id = external_id
    log.info("worker_replied", request=request, staff=staff)
    house.doorbell.ring(conversation)


def checked_words(text: str) -> str:
    """Give the words that may go to a young person; NoWords, ReplyTooLong."""
    words = clean_text(text).strip()
    if not words:
        raise NoWords
    if len(words) > LONGEST_REPLY:
        raise ReplyTooLong
    return words


def _may_answer(listed: ListedRequest, staff: StaffId) -> str:
    """Give the first name of who took the request; anybody else, and nobody after closing it, may answer."""
    if listed.taken_by != staff:
        raise RequestNotYours
    if listed.state is RequestState.CLOSED:
        raise RequestAlreadyClosed
    return (listed.helper_name or "").split(" ")[0]


async def deliver(session: AsyncSession, house: House, row: Conversation, say: SayMessage) -> Message:
    """Say a person's words as a turn of the conversation, and text them, or that there are some, to its phone."""
    place, key = read_place(row, house.keys)
    now = house.clock()
    in_words = say_message(house, say, place)
    said = Said(in_words.text, in_words.easy_text, kind=Kind.WORKER, author=Author.WORKER)
    message = add_said(session, row, key, [said], now)[0]
    await session.flush()
    if row.channel != Channel.SMS or row.contact_id is None:
        return message
    to_send = said if place.state["private"] else say_message(house, SayMessage("notice_new_message"), place)
    for part in texts_of([to_send]):
        contact, shown = ContactId(row.contact_id), MessageId(message.id)
        await post_text(session, contact=contact, message=shown, text=part, key=key, now=now)
    return message
