"""Let the second listener hear what no bot answers: sent after STOP, one text too many, or before we know whose phone.

It may raise what it hears, in the transaction that notes that the message was heard. There it sends nothing. Words in
which phrases heard a worry are listened to as well, after their answer: where they are danger, that is answered too.
While it is away, or fails on the words, they stay unheard and are tried again for a day: nobody waits, nothing is lost.
So are words that the bot answered meanwhile.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.check_in import raise_unspoken
from core.conversation.claim import Claimed, LeaseLost, claim_unheard, hold_lease, release
from core.conversation.heard_late import raise_late
from core.conversation.house import ANY_CONVERSATION, House
from core.conversation.second_answer import raise_and_answer
from core.conversation.second_ear import BECAUSE, FIRST_PAUSE, NotHeard, hear_again
from core.conversation.speak import speak
from core.conversation.tables import Conversation, Message, Progress
from core.failpoint import Failpoint, pass_by
from core.ids import ConversationId
from core.safeguarding.phrases import Level

log = structlog.get_logger()

SILENT: Final = {
    Progress.UNHEARD: "nothing was sent: it came after STOP, or as one text too many",
    Progress.HELD: "the first text of a phone: it is answered when they write again",
}
LONGEST_PAUSE: Final = timedelta(minutes=5)
GIVE_UP_AFTER: Final = timedelta(days=1)
"""Then the words are left as heard, and may be drawn for a person to read."""


async def overhear_next(house: House, conversation: ConversationId) -> bool:
    """Listen to the oldest such message of a conversation; False when none is due or another worker has it."""
    claimed = await claim_unheard(house, conversation)
    if claimed is None:
        return False
    try:
        await _note_heard(
            house, claimed, await hear_again(house, claimed) if _is_own_words(claimed) else None
        )
    except NotHeard:
        return await _leave_unheard(house, claimed)
    except (LeaseLost, NoResultFound):  # another worker hears it again, or all of it was erased meanwhile
        log.warning("lease_lost", message=claimed.message)
        return False
    house.doorbell.ring(conversation)
    house.doorbell.ring(ANY_CONVERSATION)
    return True


def next_try(at: datetime, tried: datetime | None, now: datetime) -> datetime | None:
    """Say when words that came then are tried again: after pauses that grow with their age; None to give up.

    They are given up after a day, but not at the first try: the service may have been down so long.
    """
    age = now - at
    if tried is not None and age > GIVE_UP_AFTER:
        return None
    return now + min(max(age, FIRST_PAUSE), LONGEST_PAUSE)


async def _leave_unheard(house: House, claimed: Claimed) -> bool:
    """Put off what could not be heard; others, and what follows it, are heard meanwhile. False if the lease is lost."""
    try:
        async with house.service.write() as session:
            conversation = await hold_lease(session, house, claimed)
            release(conversation)
            message = await session.get(Message, claimed.message, with_for_update=True)
            if message is None:
                return True
            message.due_at = next_try(message.at, message.due_at, house.clock())
            if message.due_at is None:
                _mark_heard(message)
                log.error("message_not_listened_to", message=claimed.message)
    except (LeaseLost, NoResultFound):
        log.warning("lease_lost", message=claimed.message)
        return False
    house.doorbell.ring(ANY_CONVERSATION)
    return True


async def _note_heard(house: House, claimed: Claimed, level: Level | None) -> None:
    """Note that it was heard, and raise what was, at once or not at all; of erased words nothing is raised."""
    async with house.service.write() as session:
        conversation = await hold_lease(session, house, claimed)
        release(conversation)
        message = await session.get(Message, claimed.message, with_for_update=True)
        if message is None:
            return
        if level is not None:
            await _raise(session, house, claimed, message, conversation, level)
        _mark_heard(message)
        await session.flush()
        pass_by(Failpoint.TURN_WRITTEN)
    log.info("message_listened_to", message=claimed.message)


async def _raise(
    session: AsyncSession,
    house: House,
    claimed: Claimed,
    message: Message,
    conversation: Conversation,
    level: Level,
) -> None:
    """Raise it without a word where nothing is sent; where a phrase was answered as a worry, only danger adds to it."""
    if message.progress not in SILENT:
        await raise_late(session, house, claimed, message, conversation, level)
    elif not claimed.body["heard"]:
        because = f"{BECAUSE[level]}; {SILENT[message.progress]}"
        await raise_unspoken(session, house, claimed, because, level)
    elif level is Level.DANGER and claimed.place.safety_seq >= claimed.seq:
        said = await raise_and_answer(session, house, claimed, conversation, level)
        await speak(session, conversation, claimed.key, said, house.clock())
    else:
        await raise_unspoken(session, house, claimed, BECAUSE[level], level)


def _mark_heard(message: Message) -> None:
    message.due_at = None
    if message.progress == Progress.UNHEARD:
        message.progress = Progress.ANSWERED
    elif message.progress == Progress.HELD:
        message.attempts = 1


def _is_own_words(claimed: Claimed) -> bool:
    return claimed.body["choice"] is None and claimed.body["code"] is None
