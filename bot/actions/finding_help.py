"""A search in the Local Offer: the need in own words, an age where it is known, and one to three entries."""

import re

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import Payload, record_comment, record_unmet_need, say, show_service
from bot.actions.places import AGE, FOUND, NEED, begin, changed, come_back, open_question
from bot.actions.requesting import request_key_worker
from bot.actions.turn import Heard, Reply
from bot.actions.views import keep_words
from core.conversation.bot import State
from core.local_offer.about_you import age_in
from core.views.questions import answer_of

FEWEST_WORDS_OF_A_NEED = 3
"""Fewer words ("find help") only ask to begin."""

KEY_WORKER = re.compile(r"\b(?:a|my|ask for|get|need|want|see|have) (?:a )?key ?worker\b")
"""Who asks for one where the need is asked for is asking for that, and no search."""


async def find_help(heard: Heard, knowledge: Knowledge) -> Reply:
    """Begin a search; where the message itself says what is needed, search at once."""
    state = begin(heard.state, "help", NEED)
    if heard.text and len(heard.text.split()) >= FEWEST_WORDS_OF_A_NEED:
        return await _search(state, knowledge, heard.text, _age(state, knowledge, heard.text))
    return Reply(open_question(state, knowledge), changed(state, help={}))


async def answer_search(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take what was said as the need, the age, or how the entries were."""
    state = heard.state
    if state["step"] == NEED and heard.text and KEY_WORKER.search(heard.text.lower()):
        return await request_key_worker(heard, knowledge)
    if state["step"] == NEED and heard.text:
        return await _need(state, knowledge, heard.text)
    if state["step"] == AGE and heard.text:
        age = age_in(heard.text) or age_in(f"im {heard.text}")
        if age is None and heard.intent == "tell_view":
            return keep_words(heard, knowledge, area=knowledge.area_of(heard.text))
        return await _search(state, knowledge, _kept_need(state), age)
    if state["step"] == FOUND:
        return await _judge(heard, knowledge)
    return Reply(open_question(state, knowledge), state)


async def skip_in_search(state: State, knowledge: Knowledge) -> Reply:
    """Search without an age, or leave the search."""
    if state["step"] == AGE:
        return await _search(state, knowledge, _kept_need(state), None)
    return _leave(state, knowledge)


async def go_back_in_search(state: State, knowledge: Knowledge) -> Reply:
    """Ask for the need again, or leave the search."""
    if state["step"] == NEED:
        return _leave(state, knowledge)
    back = changed(state, step=NEED)
    return Reply(open_question(back, knowledge), back)


async def _need(state: State, knowledge: Knowledge, need: str) -> Reply:
    age = _age(state, knowledge, need)
    if age is not None:
        return await _search(state, knowledge, need, age)
    asking = changed(state, step=AGE, help={"need": need})
    return Reply(open_question(asking, knowledge), asking)


async def _search(state: State, knowledge: Knowledge, need: str, age: int | None) -> Reply:
    found = await knowledge.find_services(need, age, district_of_state(state))
    before = state.get("help") or {}
    kept = before if before.get("need") == need else {}  # what core noted about a need goes with it
    searched = changed(state, help={**kept, "need": need, "shown": list(found)}, step=FOUND)
    if not found:
        return _leave(searched, knowledge, say("find_help_none"), record_unmet_need())
    heading = say("find_help_found_many", total=str(len(found)))
    shown = [show_service(service) for service in found]
    opening = say("find_help_found_one") if len(found) == 1 else heading
    return Reply((opening, *shown, *open_question(searched, knowledge)), searched)


async def _judge(heard: Heard, knowledge: Knowledge) -> Reply:
    """Hear whether the entries fitted; other words are a better way of saying the need."""
    answer = heard.entities.get("answer") if heard.text is None else None
    if answer == "none-of-these" or heard.intent == "deny":
        none = (*_comment(heard.state, "not-right"), record_unmet_need(), say("find_help_missing_kept"))
        return _leave(heard.state, knowledge, *none)
    if answer == "yes" or heard.intent == "affirm":
        return _leave(heard.state, knowledge, *_comment(heard.state, "right"), say("service_right_kept"))
    if heard.text and heard.intent == "tell_view":
        return keep_words(heard, knowledge, area=knowledge.area_of(heard.text))
    if heard.text and len(heard.text.split()) >= FEWEST_WORDS_OF_A_NEED:
        return await _search(heard.state, knowledge, heard.text, _age(heard.state, knowledge, heard.text))
    return Reply(
        (say("trouble_not_understood"), *open_question(heard.state, knowledge)),
        heard.state,
    )


def _leave(state: State, knowledge: Knowledge, *said: Payload) -> Reply:
    """Go back to what was open before; the need stays in the state for core, which keeps what is missing."""
    back = come_back(state)
    return Reply((*said, *open_question(back, knowledge)), back)


def _comment(state: State, verdict: str) -> tuple[Payload, ...]:
    """Keep how it fitted as a comment on each service that was shown; of several, "yes" may mean any one."""
    shown = (state.get("help") or {}).get("shown") or ()
    if verdict == "right" and len(shown) > 1:
        verdict = "one-was-right"
    return (record_comment(shown, verdict),) if shown else ()


def _kept_need(state: State) -> str:
    return str((state.get("help") or {}).get("need", ""))


def _age(state: State, knowledge: Knowledge, text: str) -> int | None:
    """Return the age said now, or the lowest of the age group told before."""
    said = age_in(text)
    if said is not None:
        return said
    bank = knowledge.bank
    group = answer_of(bank.question(bank.age_question), state["answers"].get(bank.age_question, ""))
    return group.ages[0] if group and group.ages else None


def district_of_state(state: State) -> str | None:
    """Give the district somebody told us; None where it is not told, or not of this area."""
    told = state["answers"].get("about-town")
    return told if told not in {None, "skip", "dont-know", "elsewhere"} else None
