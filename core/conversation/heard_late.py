"""Raise what the second listener heard in words that were answered, or given up, while it was away.

By then the words may be a view, and the young person may be gone: so what waits of them is taken back, and the
answer is only said where they have just written. Whoever reads the concern is told what they were told.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import READ_BACK_FOR
from core.conversation.check_in import raise_unspoken
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.conversation.periods import period_at
from core.conversation.second_answer import raise_news
from core.conversation.second_ear import BECAUSE
from core.conversation.speak import speak
from core.conversation.tables import Conversation, Message
from core.conversation.understand import words_to_keep
from core.safeguarding.phrases import Level
from core.views.record import take_back_view, take_back_words
from core.views.waiting import SAID_MANY_TIMES

ANSWERED_FOR: Final[timedelta] = READ_BACK_FOR
"""Later a text or a check-in would come out of the blue, on a screen that others may see by now."""
TOO_LATE: Final = "heard late, because it was away: they were answered as if these were everyday words"


async def raise_late(
    session: AsyncSession,
    house: House,
    claimed: Claimed,
    message: Message,
    conversation: Conversation,
    level: Level,
) -> None:
    """Raise it, and take its words back as a view; give the safety answer where they wrote a short while ago."""
    await _take_back(session, house, claimed, message)
    if house.clock() - message.at > ANSWERED_FOR:
        await raise_unspoken(session, house, claimed, f"{BECAUSE[level]}; {TOO_LATE}", level)
        return
    said = await raise_news(session, house, claimed, conversation, level)
    if said:
        await speak(session, conversation, claimed.key, said, house.clock())


async def _take_back(session: AsyncSession, house: House, claimed: Claimed, message: Message) -> None:
    """Take back what these words say as a view: what waits, and what has moved as long as its name is known."""
    its_id, said = claimed.conversation, (period_at(house, message.at), message.id)
    for measure in sorted(SAID_MANY_TIMES):
        await take_back_view(session, conversation=its_id, key=claimed.key, measure=measure, said=said)
    words = words_to_keep(claimed.body["text"])
    await take_back_words(session, conversation=its_id, key=claimed.key, words=words)
