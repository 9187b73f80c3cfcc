"""Answer what only the second listener heard: the check-in of a worry, the numbers and the call of danger."""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.check_in import raise_unspoken
from core.conversation.claim import Claimed, hold_lease, release
from core.conversation.house import House
from core.conversation.place import read_place, seal_place
from core.conversation.rows import finish_message
from core.conversation.safety import safety_words, stand_by
from core.conversation.say import Said
from core.conversation.second_ear import BECAUSE
from core.conversation.speak import speak
from core.conversation.tables import Conversation
from core.failpoint import Failpoint, pass_by
from core.safeguarding.phrases import Level
from core.safeguarding.tables import ConcernMessage

log = structlog.get_logger()


async def answer_danger(house: House, claimed: Claimed) -> None:
    """Answer as danger is always answered, without any bot: it is no view, answers no question, and moves nothing."""
    async with house.service.write() as session:
        conversation = await hold_lease(session, house, claimed)
        said = await raise_and_answer(session, house, claimed, conversation, Level.DANGER)
        release(conversation)
        await speak(session, conversation, claimed.key, said, house.clock())
        await finish_message(session, claimed.message)
        await session.flush()
        pass_by(Failpoint.TURN_WRITTEN)
    log.info("message_answered", message=claimed.message, attempt=claimed.attempt)


async def raise_news(
    session: AsyncSession, house: House, claimed: Claimed, conversation: Conversation, level: Level | None
) -> tuple[Said, ...]:
    """Raise what was heard where the message is not answered, at whichever try; say nothing that was said before."""
    known = await session.get(ConcernMessage, claimed.message)
    if level is None or (known is not None and known.level in {Level.DANGER, level}):
        return ()
    return await raise_and_answer(session, house, claimed, conversation, level)


async def raise_and_answer(
    session: AsyncSession, house: House, claimed: Claimed, conversation: Conversation, level: Level
) -> tuple[Said, ...]:
    """Raise what the second listener heard; give the safety answer, which is to be said, and let it stand open."""
    await raise_unspoken(session, house, claimed, BECAUSE[level], level)
    place = read_place(conversation, house.keys)[0]
    said = safety_words(house, place, level)
    place = stand_by(place, said, after=max(claimed.seq, place.safety_seq))
    conversation.sealed_place = seal_place(place, claimed.key, claimed.conversation)
    return said
