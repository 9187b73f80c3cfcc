"""A message is in, durably: nothing is acknowledged before it is on the disk.

One transaction writes the message once (the provider's or the browser's id is unique) and, if danger or a
worry is heard in its raw text, the concern, its alerts and the answer to it. No bot, no network and no model
is needed for that.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import Accepted, Arrived, Inbound
from core.conversation.code_asked import is_asked_here
from core.conversation.hearing import Hearing, hear
from core.conversation.house import House
from core.conversation.lease_on_arrival import WriteArrival, seat_for
from core.conversation.not_safe_here import is_not_safe_on_web
from core.conversation.place import find_choice, read_place
from core.conversation.plain_messages import find_plain_message
from core.conversation.refusals import EmptyText, StaleChoice, TextOrChoice, TextTooLong
from core.conversation.repeats import was_heard
from core.conversation.reviewing import let_review
from core.conversation.rows import add_heard, find_heard, lock_conversation, read_body, said_body
from core.conversation.safety import answer_at_once, hear_in_place, heard_in_choice
from core.conversation.staff_named import note_staff_named
from core.conversation.tables import Channel, Message, Progress
from core.conversation.typed_code import TypedCode, take_code
from core.conversation.understand import STANDING_LABELS
from core.failpoint import Failpoint, pass_by
from core.group_commit import Alike, TooBusy
from core.rate_limits import Limit, TooMuch
from core.safeguarding.rules import Heard
from core.safeguarding.unreadable import Unreadable
from core.text.clean import cut_text, storable
from core.text.code_words import CodeKind

log = structlog.get_logger()

DIGEST_LENGTH = 32


async def accept_message(house: House, inbound: Inbound) -> Accepted:
    """Take a message of a web conversation in.

    Raises TextOrChoice, EmptyText, StaleChoice, NoSuchConversation, TooMuch; and TextTooLong, after its first
    200 kB were screened and kept.
    """
    text, is_cut = cut_text(_check_said(inbound))
    hearing = await hear(house, text, whose=inbound.conversation)
    asks_for_help = partial(is_not_safe_on_web, house, inbound.conversation, inbound.choice, text)
    is_urgent = await turn_away_in_time(house, asks_for_help, is_urgent=not hearing.is_nothing)
    is_within = house.limiter.count(Limit.WEB_MESSAGES, inbound.conversation)
    whose = (inbound.conversation, inbound.address)
    reads = partial(is_asked_here, house, inbound.conversation)
    is_repeat = partial(was_heard, house, inbound.external_id)
    code = await take_code(
        house, text, hearing.heard, whose=whose, reads=reads, is_repeat=is_repeat, is_within=is_within
    )
    inbound = replace(inbound, text=text)
    is_plain = hearing.is_nothing and code is None
    async with seat_for(house, inbound.conversation, is_plain=is_plain) as seat:
        accepted = await write_arrival(
            house,
            seat.leasing(partial(_write_message, house, inbound, hearing, code)),
            is_urgent=is_urgent,
            is_within=is_within,
            alike=seat.leasing_alike(find_plain_message(house, inbound)) if is_plain else None,
            asks_for_help=asks_for_help,
        )
    house.doorbell.ring(inbound.conversation)
    seat.begin()
    if accepted.is_repeat:
        return accepted
    log.info("message_accepted", conversation=inbound.conversation, channel=Channel.WEB)
    if is_cut:
        raise TextTooLong
    return accepted


async def turn_away_in_time(
    house: House, asks_for_help: Callable[[], Awaitable[bool]], *, is_urgent: bool
) -> bool:
    """Raise TooBusy before more is done for what would be turned away at the end: in a flood that is most of all.

    Say whether what is let in is urgent: also where it asks for help while there is no room.
    """
    if is_urgent:
        return True
    try:
        house.arrivals.turn_away_if_full()
    except TooBusy:
        if not await asks_for_help():
            raise
        return True
    return False


async def write_arrival(
    house: House,
    write: WriteArrival,
    *,
    is_urgent: bool,
    asks_for_help: Callable[[], Awaitable[bool]],
    is_within: bool = True,
    alike: Alike | None = None,
) -> Accepted:
    """Write what arrived, together with what else waits; raises TooBusy, or TooMuch where it is not within a limit.

    What says "I am not safe" only where it was asked ("1", a button) is seen from where the conversation stands.
    That is looked up when too much waits: danger is never turned away.
    """
    pass_by(Failpoint.ACCEPT_BEGUN)
    if not is_within and not is_urgent:
        if not await asks_for_help():
            raise TooMuch
        is_urgent = True
    try:
        accepted = await house.arrivals.write(write, is_urgent=is_urgent, alike=alike)
    except TooBusy:
        if not await asks_for_help():
            raise
        accepted = await house.arrivals.write(write, is_urgent=True, alike=alike)
    pass_by(Failpoint.ACCEPT_COMMITTED)
    return accepted


async def _write_message(
    house: House, inbound: Inbound, hearing: Hearing, code: TypedCode | None, session: AsyncSession
) -> Accepted:
    conversation = await lock_conversation(session, inbound.conversation)
    place, key = read_place(conversation, house.keys)
    arrived = Arrived(
        conversation,
        place,
        key,
        inbound.external_id,
        inbound.text,
        hearing.heard,
        is_quieted=hearing.is_quieted,
    )
    arrived = without_code(house, arrived, code)
    before = await find_heard(session, inbound.external_id)
    if before is not None:
        await hear_other_words(session, house, arrived, before)
        return Accepted(inbound.conversation, before.seq, is_repeat=True)
    message = await take_in(session, house, choose(house, arrived, inbound.choice))
    return Accepted(inbound.conversation, message.seq)


async def take_in(session: AsyncSession, house: House, arrived: Arrived) -> Message:
    """Write the message, and with it whatever must not wait for a bot."""
    arrived, heard = hear_here(house, arrived)
    message = keep_words(session, house, arrived, heard)
    await session.flush()
    pass_by(Failpoint.ACCEPT_WRITTEN)
    if heard is None:
        await note_staff_named(session, arrived)
        let_review(session, house, arrived, message)
        return message
    await answer_at_once(session, house, arrived, message, heard)
    pass_by(Failpoint.CONCERN_WRITTEN)
    return message


def hear_here(house: House, arrived: Arrived) -> tuple[Arrived, Heard | None]:
    """Hear what a message means where its conversation stands, also when its words can't be read."""
    heard = arrived.heard or heard_in_choice(arrived.chosen)
    if heard is not None or arrived.code is not None:
        return arrived, heard
    here = hear_in_place(house, arrived.place, arrived.text)
    if isinstance(here, Unreadable):
        return replace(arrived, unreadable=here), here.heard
    return arrived, here


def keep_words(session: AsyncSession, house: House, arrived: Arrived, heard: Heard | None) -> Message:
    """Write the message as the next of its conversation: it waits, if nothing in it was heard."""
    return add_heard(
        session,
        arrived.conversation,
        arrived.key,
        external_id=arrived.external_id,
        body=_body(arrived, heard),
        progress=Progress.WAITING if heard is None else Progress.ANSWERED,
        now=house.clock(),
    )


async def hear_other_words(session: AsyncSession, house: House, arrived: Arrived, before: Message) -> None:
    """Take danger in that came under an id that was used before, for other words: it is never dropped."""
    is_nothing = arrived.heard is None and not arrived.is_quieted
    if is_nothing or read_body(before, arrived.key)["text"] == arrived.text:
        return
    digest = hashlib.sha256((arrived.text or "").encode()).hexdigest()[:DIGEST_LENGTH]
    other = replace(arrived, external_id=f"{before.id}~{digest}")
    if await find_heard(session, other.external_id) is None:
        await take_in(session, house, other)


def choose(house: House, arrived: Arrived, choice: str | None) -> Arrived:
    """Say what a choice means now; StaleChoice if it is of an earlier question or another conversation."""
    if choice is None:
        return arrived
    chosen = find_choice(choice, arrived.place, arrived.key)
    if chosen is None:
        raise StaleChoice
    offered = {each.id: each.label for each in arrived.place.open}
    label = offered.get(choice) or house.catalogue.say(STANDING_LABELS[chosen.intent])
    return replace(arrived, chosen=chosen, choice=choice, label=label)


def without_code(house: House, arrived: Arrived, code: TypedCode | None) -> Arrived:
    """Take a code out of a message before it is written; three words may also be an answer in own words."""
    if code is None or (code.kind == CodeKind.LINK and arrived.place.expects == "free_text"):
        return arrived
    return replace(arrived, text=house.catalogue.say("code_typed"), code=code)


def _check_said(inbound: Inbound) -> str | None:
    """Refuse words and a choice at once, neither, or nothing but space; give the words as we can keep them."""
    if (inbound.text is None) == (inbound.choice is None):
        raise TextOrChoice
    if inbound.text is None:
        return None
    text = storable(inbound.text)
    if not text.strip():
        raise EmptyText
    return text


def _body(arrived: Arrived, heard: Heard | None) -> dict[str, Any]:
    chosen = arrived.chosen
    return said_body(
        arrived.text or arrived.label or "",
        choice=None if chosen is None else {"id": arrived.choice, **asdict(chosen)},
        heard=None if heard is None else heard.level,
        code=None if arrived.code is None else arrived.code.body,
    )
