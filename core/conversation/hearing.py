"""Hear what raw words mean for someone's safety: phrases first, and the second listener weighs what they heard.

Nothing here waits long: what can't be weighed within a second counts as the phrases heard it.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog

from core.conversation.house import House
from core.safeguarding.phrases import Level
from core.safeguarding.rules import Heard, listen
from core.safeguarding.second_listener import Ear, FarEar
from core.safeguarding.weighing import is_weighed, weigh_heard

log = structlog.get_logger()

LONG_TEXT: Final = 5_000
SECONDS_TO_WEIGH: Final = 1.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """What counts of what was heard; `is_quieted` when a phrase was heard and the second listener let it pass."""

    heard: Heard | None
    is_quieted: bool = False

    @property
    def is_nothing(self) -> bool:
        """Say whether neither a phrase nor anything else was heard."""
        return self.heard is None and not self.is_quieted


async def hear(house: House, text: str | None, *, whose: str = "") -> Hearing:
    """Listen for danger in raw words, and let the second listener weigh what phrases heard that are not sure.

    Words in which nothing is heard wait for earlier ones of the same person (`whose`) that are being weighed.
    """
    heard = await hear_phrases(house, text)
    if heard is None and text and whose in house.weighed:
        await house.weighed.wait_for(whose)
    if heard is None or house.second_listener is None or not is_weighed(heard, text or ""):
        return Hearing(heard)
    async with house.weighed.in_order(whose):
        return await _weigh(house.second_listener, text or "", heard)


async def hear_phrases(house: House, text: str | None) -> Heard | None:
    """Listen with the phrases alone; a text of a book's length holds up nobody else meanwhile."""
    if not text:
        return None
    if len(text) <= LONG_TEXT:
        return listen(text, house.phrases)
    return await asyncio.to_thread(listen, text, house.phrases)


async def ask(ear: Ear | FarEar, words: str, *, can_wait: bool = False) -> Level | None:
    """Let the second listener hear some words, where it is or in a thread; raises whatever keeps it from hearing."""
    return await (asyncio.to_thread(ear, words) if callable(ear) else ear.hear(words, can_wait=can_wait))


async def _weigh(ear: Ear | FarEar, text: str, heard: Heard) -> Hearing:
    try:
        async with asyncio.timeout(SECONDS_TO_WEIGH):
            also = await ask(ear, text)
    except Exception as error:  # noqa: BLE001 - whatever ails it, what phrases heard counts
        log.error("not_weighed", problem=type(error).__name__)  # noqa: TRY400
        return Hearing(heard)
    counts = weigh_heard(heard, also)
    return Hearing(counts, is_quieted=counts is None)
