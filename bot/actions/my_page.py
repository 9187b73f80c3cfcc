"""Making "My page" for a meeting, part by part; what is written stays with core, and no bot sees it."""

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import MENU, Payload, forget_page, say
from bot.actions.places import (
    PAGE_CHANGE,
    PAGE_READY,
    begin,
    changed,
    come_back,
    open_question,
    reply_and_ask_again,
)
from bot.actions.turn import Heard, Reply
from core.conversation.bot import GIVEN, State
from core.conversation.my_page import IS_GIVEN, PARTS, lifts_for

SKIPPED = "skipped"
CHANGE, KEEP, DELETE = "change", "keep", "delete"


async def make_my_page(heard: Heard, knowledge: Knowledge) -> Reply:
    """Begin the page, or go on with the one that was begun."""
    state = heard.state
    if state["flow"] == "page":
        return reply_and_ask_again(state, knowledge)
    is_begun = bool(state.get("page"))
    said = (say("my_page_go_on"),) if is_begun else (say("my_page_start"), say("my_page_private"))
    return _ask(begin(state, "page"), _next(state), knowledge, *said)


async def answer_page_step(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take what was written for a part, or what to do with the page."""
    state, step = heard.state, heard.state["step"]
    chosen = heard.entities.get("answer") if heard.text is None else None
    if step in PARTS and heard.text == GIVEN:
        return _mark(state, step, IS_GIVEN, knowledge)
    if step == PAGE_CHANGE and chosen in PARTS:
        return _ask(_unmarked(state, chosen), chosen, knowledge)
    if step == PAGE_READY and chosen == CHANGE:
        return _ask(state, PAGE_CHANGE, knowledge)
    if step == PAGE_READY and chosen == KEEP:
        return _leave(changed(state, page_kept=True), knowledge, say("my_page_kept"))
    if step == PAGE_READY and chosen == DELETE:
        return _leave(
            changed(state, page={}, page_kept=False), knowledge, forget_page(), say("my_page_deleted")
        )
    return reply_and_ask_again(state, knowledge, say("trouble_not_understood"))


async def skip_part(state: State, knowledge: Knowledge) -> Reply:
    """Leave a part empty: there is space on the paper to write; skip what to do, and the page stays for this chat."""
    if state["step"] == PAGE_CHANGE:
        return _ask(state, PAGE_READY, knowledge)
    if state["step"] == PAGE_READY:
        return _leave(state, knowledge, say("my_page_later"))
    return _mark(state, state["step"], SKIPPED, knowledge)


async def go_back_a_part(state: State, knowledge: Knowledge) -> Reply:
    """Ask the part before again."""
    if state["step"] == PAGE_CHANGE:
        return _ask(state, PAGE_READY, knowledge)
    place = len(PARTS) if state["step"] == PAGE_READY else PARTS.index(state["step"])
    if place == 0:
        return reply_and_ask_again(state, knowledge, say("question_first_already"))
    before = PARTS[place - 1]
    return _ask(_unmarked(state, before), before, knowledge)


def _next(state: State) -> str:
    done = state.get("page") or {}
    return next((part for part in PARTS if part not in done), PAGE_READY)


def _mark(state: State, part: str, how: str, knowledge: Knowledge) -> Reply:
    marked = changed(state, page={**(state.get("page") or {}), part: how})
    return _ask(marked, _next(marked), knowledge)


def _unmarked(state: State, part: str) -> State:
    left = {each: how for each, how in (state.get("page") or {}).items() if each != part}
    return changed(state, page=left)


def _ask(state: State, step: str, knowledge: Knowledge, *said: Payload) -> Reply:
    opened = changed(state, step=step, lifts=lifts_for(step) if step in PARTS else None)
    return Reply((*said, *open_question(opened, knowledge)), opened)


def _leave(state: State, knowledge: Knowledge, *said: Payload) -> Reply:
    back = come_back(state)
    return Reply((*said, *(open_question(back, knowledge) if back["flow"] else (MENU,))), back)
