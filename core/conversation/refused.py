"""Hear words that could not be taken in as a message: who is in danger gets the numbers that help all the same."""

import hashlib
from collections.abc import Mapping
from typing import Final

import structlog

from core.conversation.accept import DIGEST_LENGTH, accept_message
from core.conversation.arrived import Inbound
from core.conversation.hearing import hear_phrases
from core.conversation.house import House
from core.errors import Refusal
from core.ids import ConversationId
from core.safeguarding.phrases import Level
from core.text.clean import cut_text, storable

log = structlog.get_logger()

NUMBERS: Final[Mapping[Level, tuple[str, ...]]] = {
    Level.DANGER: ("danger_numbers_age_unknown", "danger_cannot_talk", "danger_more_numbers"),
    Level.WORRY: ("worry_numbers_age_unknown",),
}
"""What is said to each level; not who reads it: of a conversation that is not known, nobody does."""


async def hear_refused(house: House, conversation: ConversationId | None, text: str) -> tuple[str, ...]:
    """Give the numbers that help when danger or a worry is heard in refused words; nothing else.

    Where it is known whose words they are, they are kept as a message of that conversation with all that follows:
    the concern, the alerts and the answer. Elsewhere nothing is kept.
    """
    words = cut_text(storable(text))[0] or ""
    heard = await hear_phrases(house, words)  # nobody is called in vain here: what is kept is weighed then
    if heard is None:
        return ()
    if conversation is not None:
        await _keep(house, conversation, words)
    return tuple(house.catalogue.say(name) for name in NUMBERS[heard.level])


async def _keep(house: House, conversation: ConversationId, words: str) -> None:
    """Take the words in under a name made of themselves, so that sent twice they are one message."""
    digest = hashlib.sha256(words.encode()).hexdigest()[:DIGEST_LENGTH]
    try:
        await accept_message(house, Inbound(conversation, f"refused:{conversation}:{digest}", words))
    except (
        Refusal
    ) as refusal:  # it was finished meanwhile, or a database is away: the numbers are said anyway
        log.warning("refused_words_not_kept", reason=type(refusal).__name__)
