"""A text message is in, durably: whose conversation it is, whether it says stop or start, and what it tells.

A number that said stop is still heard: danger in its words raises a concern, and nothing is sent to it.
One that texts more than anybody writes is heard too, and STOP counts; its other texts are kept and do nothing.
"""

from dataclasses import dataclass, replace
from functools import partial

import structlog
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.accept import take_in, turn_away_in_time, without_code, write_arrival
from core.conversation.arrived import (
    NUMBER_MAY_BE_ANOTHERS,
    READ_BACK_FOR,
    Accepted,
    Arrived,
    InboundText,
    Pace,
)
from core.conversation.bot import SayMessage
from core.conversation.code_asked import is_asked_for_code
from core.conversation.heard_texts import ERASED_SINCE, is_first_time
from core.conversation.hearing import Hearing, hear
from core.conversation.house import ANY_CONVERSATION, House
from core.conversation.not_safe_here import is_not_safe_by_text
from core.conversation.opening import open_by_text, welcome_phone
from core.conversation.pace import count_pace, give_back_pace
from core.conversation.page_parts import after_silence, holds_old_words
from core.conversation.place import Place, read_place, seal_place
from core.conversation.plain_texts import find_plain
from core.conversation.repeats import find_repeat, was_text_heard
from core.conversation.rows import find_heard
from core.conversation.speak import speak
from core.conversation.tables import Channel, Conversation, Message, Progress
from core.conversation.typed_code import TypedCode, take_code
from core.conversation.words import put_into_words
from core.ids import ContactId, ConversationId
from core.outbox import OUTBOX_BELL
from core.safeguarding.rules import Heard
from core.text.clean import cut_text, storable
from core.text.sms import OptWord, opt_word
from core.young_people.consent import is_opted_out, opt_in, opt_out
from core.young_people.contact import (
    find_contact,
    keep_contact,
    prove_contact,
    pseudonyms_of,
    say_whose_phone,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Phone:
    """A conversation by phone, held until commit; `is_new` when this text opens it."""

    row: Conversation
    place: Place
    key: bytes
    is_new: bool


async def accept_text(house: House, inbound: InboundText) -> Accepted:
    """Take a text in; the same `sid` again is acknowledged, and neither repeated nor counted."""
    if inbound.is_late and (before := await find_repeat(house, inbound.sid)) is not None:
        return before  # our own look for missed texts brings each text again: it must use up nobody's limit
    words = _words(inbound)
    hearing = await hear(house, words, whose=inbound.number)
    asks = opt_word(words)
    is_urgent = not hearing.is_nothing or asks is OptWord.OUT
    asks_for_help = partial(is_not_safe_by_text, house, inbound.number, words)
    is_urgent = await turn_away_in_time(house, asks_for_help, is_urgent=is_urgent)
    inbound = replace(inbound, pace=count_pace(house, inbound.number))
    try:
        accepted = await _take_text_in(house, inbound, hearing, asks, is_urgent=is_urgent)
    except Exception:
        give_back_pace(house, inbound)  # it comes again, and must not silence who wrote it once
        raise
    if accepted.is_repeat:
        give_back_pace(house, inbound)
        return accepted
    log.info("message_accepted", conversation=accepted.conversation, channel=Channel.SMS)
    house.doorbell.ring(accepted.conversation)
    house.doorbell.ring(OUTBOX_BELL)
    house.doorbell.ring(ANY_CONVERSATION)
    return accepted


async def _take_text_in(
    house: House, inbound: InboundText, hearing: Hearing, asks: OptWord | None, *, is_urgent: bool
) -> Accepted:
    words = _words(inbound)
    code = await _take_code(house, inbound, words, hearing.heard)
    may_be_plain = hearing.is_nothing and asks is None and code is None
    return await write_arrival(
        house,
        partial(_write_text, house, inbound, hearing, code),
        is_urgent=is_urgent,
        asks_for_help=partial(is_not_safe_by_text, house, inbound.number, words),
        alike=find_plain(house, inbound, words) if may_be_plain else None,
    )


async def _take_code(house: House, inbound: InboundText, words: str, heard: Heard | None) -> TypedCode | None:
    return await take_code(
        house,
        words,
        heard,
        whose=(inbound.number,),
        reads=partial(_reads_answers, house, inbound),
        is_repeat=partial(was_text_heard, house, inbound.sid),
        is_within=inbound.pace is Pace.WELL,
    )


async def _write_text(
    house: House, inbound: InboundText, hearing: Hearing, code: TypedCode | None, session: AsyncSession
) -> Accepted:
    is_new = await is_first_time(session, inbound.sid, house.clock())
    before = await find_heard(session, inbound.sid)
    if before is not None:
        return Accepted(ConversationId(before.conversation_id), before.seq, is_repeat=True)
    if not is_new:
        return ERASED_SINCE
    contact = await keep_contact(session, inbound.number, house.keys, house.clock())
    phone = await _find_or_open(session, house, contact)
    message = await _take_text(session, house, inbound, phone, hearing, code)
    return Accepted(ConversationId(phone.row.id), message.seq)


async def _reads_answers(house: House, inbound: InboundText) -> bool:
    async with house.service.read() as session:
        # To a number that said stop nothing is sent that could be read; what it asked just before is no wish to delete.
        is_stopped = await is_opted_out(session, *pseudonyms_of(inbound.number, house.keys))
        contact = await find_contact(session, inbound.number, house.keys)
    if contact is None:
        return False
    return await is_asked_for_code(house, _latest_of(contact), is_stopped=is_stopped)


def _words(inbound: InboundText) -> str:
    return cut_text(storable(inbound.text))[0] or ""


def _opt_word(inbound: InboundText, *, was_stopped: bool) -> OptWord | None:
    word = opt_word(_words(inbound), stopped=was_stopped)
    return None if word is OptWord.IN and inbound.is_late else word


def _latest_of(contact: ContactId) -> Select[Conversation]:
    return (
        select(Conversation)
        .where(Conversation.contact_id == contact, Conversation.finished_at.is_(None))
        .order_by(Conversation.started_at.desc())
        .limit(1)
    )


async def _find_or_open(session: AsyncSession, house: House, contact: ContactId) -> _Phone:
    """Go on with the phone's conversation; a number that writes back to us is proven."""
    held = _latest_of(contact).with_for_update().execution_options(populate_existing=True)
    row = (await session.scalars(held)).first()
    if row is None:
        return _Phone(*await open_by_text(session, house, contact), is_new=True)
    silence = house.clock() - row.last_heard_at
    if silence >= NUMBER_MAY_BE_ANOTHERS:
        row.finished_at = house.clock()
        await say_whose_phone(session, contact, is_only_theirs=None)
        return _Phone(*await open_by_text(session, house, contact), is_new=True)
    await prove_contact(session, contact, house.clock())
    place, key = read_place(row, house.keys)
    if silence > READ_BACK_FOR and holds_old_words(place):
        place = after_silence(place)
        row.sealed_place = seal_place(place, key, ConversationId(row.id))
    return _Phone(row, place, key, is_new=False)


async def _take_text(
    session: AsyncSession,
    house: House,
    inbound: InboundText,
    phone: _Phone,
    hearing: Hearing,
    code: TypedCode | None,
) -> Message:
    text = _words(inbound)
    names = pseudonyms_of(inbound.number, house.keys)
    was_stopped = await is_opted_out(session, *names)
    word = _opt_word(inbound, was_stopped=was_stopped)
    if word is OptWord.OUT:
        await opt_out(session, names[0], house.clock())
    if word is OptWord.IN:
        await opt_in(session, *names)
    is_stopped = word is OptWord.OUT or (was_stopped and word is None) or not inbound.may_answer
    arrived = Arrived(phone.row, phone.place, phone.key, inbound.sid, text, hearing.heard)
    arrived = replace(arrived, may_answer=not is_stopped, is_quieted=hearing.is_quieted)
    message = await take_in(session, house, without_code(house, arrived, code))
    if message.progress != Progress.WAITING:  # it was answered at once
        return message
    if inbound.pace is not Pace.WELL:
        message.progress = _unanswered(text, word)  # kept and listened to; it moves and asks nothing
        await _say_too_much(session, house, phone, inbound.pace, is_stopped=is_stopped)
        return message
    if word is not None or is_stopped or not text.strip():
        message.progress = _unanswered(text, word)
    if not is_stopped:
        await _say_first(session, house, inbound, phone, message, word)
    return message


def _unanswered(text: str, word: OptWord | None) -> Progress:
    """Leave words that are not answered to the second listener; STOP, START and no words say nothing to it."""
    return Progress.UNHEARD if word is None and text.strip() else Progress.ANSWERED


async def _say_too_much(
    session: AsyncSession, house: House, phone: _Phone, pace: Pace, *, is_stopped: bool
) -> None:
    if pace is Pace.TOO_MUCH and not is_stopped:
        said = put_into_words(house, [SayMessage("trouble_too_many_texts")], phone.place)
        await speak(session, phone.row, phone.key, said, house.clock())


async def _say_first(
    session: AsyncSession,
    house: House,
    inbound: InboundText,
    phone: _Phone,
    message: Message,
    word: OptWord | None,
) -> None:
    """Say what needs no bot: the welcome to a new phone, that texts are back, that we see no pictures."""
    says = []
    if word is OptWord.IN and not phone.is_new:
        says.append(SayMessage("texts_started"))
    if inbound.has_pictures:
        says.append(SayMessage("trouble_picture_not_seen"))
    if says:
        said = put_into_words(house, says, phone.place)
        await speak(session, phone.row, phone.key, said, house.clock())
    if phone.is_new:
        if message.progress == Progress.WAITING:
            message.progress = Progress.HELD
        await welcome_phone(session, house, phone.row, phone.place, phone.key)
