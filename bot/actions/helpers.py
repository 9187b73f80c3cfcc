"""A grown-up says who they are: what they say is kept apart from what young people say."""

import re
from dataclasses import replace

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import choice, offer, say
from bot.actions.places import changed, come_back, reply_and_ask_again
from bot.actions.questions import start_questions
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
    told = _helped(heard.state, {HOW: how})
    if how == WRITING:
        return reply_and_ask_again(_speaking(told, None), knowledge, say("grown_up_words_theirs"))
    return await _ask_in_own_lane(heard, _speaking(told, _voice(told)), knowledge)


async def _ask_in_own_lane(heard: Heard, state: State, knowledge: Knowledge) -> Reply:
    """Ask the questions for their own voice; where something else is open, just go on with it."""
    apart = say("grown_up_words_apart")
    if state["flow"] is not None:
        return reply_and_ask_again(state, knowledge, apart)
    asked = await start_questions(replace(heard, text=None, entities={}, state=state), knowledge)
    return Reply((apart, *asked.payloads), asked.state)


def _speaking(state: State, voice: str | None) -> State:
    """Let another voice speak: a set of questions that was open for the one before is left."""
    if state["flow"] == "questions" and state.get("voice") != voice:
        state = changed(come_back(state), set=None, question=None, trail=[])
    return changed(state, voice=voice)


def _voice(state: State) -> str:
    return STAFF if state["answers"].get(HELPER) == STAFF else FAMILY


def _helped(state: State, told: dict[str, str]) -> State:
    return changed(state, answers={**state["answers"], **told})
