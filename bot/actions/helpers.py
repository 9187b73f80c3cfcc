"""A grown-up says who they are: what they say is kept apart from what young people say."""

import re

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import choice, offer, say
from bot.actions.places import changed, reply_and_ask_again
from bot.actions.turn import Heard, Reply
from core.conversation.bot import State

HELPER, HOW = "about-helper", "about-helper-how"
STAFF, FAMILY = "staff", "family"
SAID_FOR, WRITING = "said-for", "writing"
AT_WORK = re.compile(
    r"\b(?:teacher|ta|teaching|tutor|staff|work(?:er|s)?|senco|nurse|therapist|assistant|escort|driver|job)\b"
)


async def hear_who_they_are(heard: Heard, knowledge: Knowledge) -> Reply:
    """Keep their words apart at once, and ask whose words they will write; no answer leaves them apart."""
    how = heard.entities.get("how")
    if how is None:
        by = STAFF if AT_WORK.search((heard.text or "").lower()) else FAMILY
        asked = offer(
            "grown_up_whose_words",
            [
                choice(heard.intent, "grown_up_own_words", how=SAID_FOR),
                choice(heard.intent, "grown_up_their_words", how=WRITING),
            ],
        )
        return Reply((asked,), _helped(heard.state, {HELPER: by, HOW: SAID_FOR}))
    kept = say("grown_up_words_theirs" if how == WRITING else "grown_up_words_apart")
    return reply_and_ask_again(_helped(heard.state, {HOW: how}), knowledge, kept)


def _helped(state: State, told: dict[str, str]) -> State:
    return changed(state, answers={**state["answers"], **told})
