"""Making "My page" for a meeting, part by part, and sending it; what is written stays with core, and no bot sees it."""

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import MENU, Payload, forget_page, say, send_page
from bot.actions.places import (
    PAGE_CHANGE,
    PAGE_READY,
    begin,
    changed,
    come_back,
    open_question,
    reply_and_ask_again,
)
from bot.actions.requesting import is_13_or_over, status_of
from bot.actions.turn import Heard, Reply
from core.conversation.bot import GIVEN, State
from core.conversation.page_parts import IS_GIVEN, MAY, NAME, PARTS, SEND, SENDING, WHERE, WRITTEN, lifts_for
from core.signposting.tables import RequestKind

SKIPPED = "skipped"
CHANGE, SEND_IT, KEEP, DELETE = "change", "send", "keep", "delete"
_AGREED = {"affirm": {MAY: "yes", SEND: SEND_IT}, "deny": {MAY: "no", SEND: "no"}}


async def make_my_page(heard: Heard, knowledge: Knowledge) -> Reply:
    """Begin the page, or go on with the one that was begun; say who has read it where it was sent."""
    state = heard.state
    if state["flow"] == "page":
        return reply_and_ask_again(state, knowledge)
    if not state.get("page"):
        fresh = changed(begin(state, "page"), page_kept=False, page_sent=False, page_old=False)
        return _ask(fresh, _next(fresh), knowledge, say("my_page_start"), say("my_page_private"))
    told = await _who_has_read(heard, knowledge)
    return _ask(begin(state, "page"), _next(state), knowledge, say("my_page_go_on"), *told)


async def answer_page_step(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take what was written for a part, or what to do with the page."""
    state, step = heard.state, heard.state["step"]
    if step in WRITTEN and heard.text == GIVEN:
        return _mark(state, step, IS_GIVEN, knowledge)
    chosen = heard.entities.get("answer") if heard.text is None else _AGREED.get(heard.intent, {}).get(step)
    reply = None
    if step == PAGE_CHANGE and chosen in WRITTEN:
        reply = _ask(_unmarked(state, chosen), chosen, knowledge)
    elif step == PAGE_READY:
        reply = _do_with_page(state, chosen, knowledge)
    elif step in (MAY, SEND):
        reply = _go_on_sending(state, chosen, knowledge)
    return reply or reply_and_ask_again(state, knowledge, say("trouble_not_understood"))


async def skip_part(state: State, knowledge: Knowledge) -> Reply:
    """Leave a part empty: there is space on the paper to write; skip what to do, and the page stays for this chat.

    Permission and sending cannot be left out, since silence is no yes.
    """
    step = state["step"]
    if step in (MAY, SEND):
        return reply_and_ask_again(state, knowledge)
    if step == PAGE_CHANGE:
        return _ask(state, PAGE_READY, knowledge)
    if step == PAGE_READY:
        return _leave(state, knowledge, say("my_page_later"))
    return _mark(state, step, SKIPPED, knowledge)


async def go_back_a_part(state: State, knowledge: Knowledge) -> Reply:
    """Ask the part before again."""
    step = state["step"]
    if step in (PAGE_CHANGE, NAME):
        return _ask(state, PAGE_READY, knowledge)
    steps = SENDING if step in SENDING else (*PARTS, PAGE_READY)
    place = steps.index(step)
    if place == 0:
        return reply_and_ask_again(state, knowledge, say("question_first_already"))
    before = steps[place - 1]
    return _ask(_unmarked(state, before), before, knowledge)


def _do_with_page(state: State, chosen: str | None, knowledge: Knowledge) -> Reply | None:
    if chosen == CHANGE:
        return _ask(state, PAGE_CHANGE, knowledge)
    if chosen == SEND_IT:
        return _begin_sending(state, knowledge)
    if chosen == KEEP:
        return _leave(changed(state, page_kept=True), knowledge, say("my_page_kept"))
    if chosen == DELETE:
        back = (say("my_page_taken_back"),) if state.get("page_sent") else ()
        gone = changed(state, page={}, page_kept=False)
        return _leave(gone, knowledge, forget_page(), say("my_page_deleted"), *back)
    return None


def _begin_sending(state: State, knowledge: Knowledge) -> Reply:
    """Say to whom it goes; an empty page is not sent, nor one that can not be read back by text any more."""
    if IS_GIVEN not in {(state.get("page") or {}).get(part) for part in PARTS}:
        return reply_and_ask_again(state, knowledge, say("my_page_send_empty"))
    if state["channel"] == "sms" and state.get("page_old"):
        return reply_and_ask_again(state, knowledge, say("my_page_send_old"))
    alone = () if is_13_or_over(state, knowledge) else (say("request_under_13"),)
    return _ask(state, _next_of_sending(state), knowledge, say("my_page_send_start"), *alone)


def _go_on_sending(state: State, chosen: str | None, knowledge: Knowledge) -> Reply | None:
    """Read it back once it may be sent, and send it once that is right."""
    match state["step"], chosen:
        case "may", "yes":
            return _ask(state, SEND, knowledge)
        case "send", "send":
            return _leave(changed(state, page_sent=True), knowledge, send_page())
        case "send", "change":
            return _ask(state, PAGE_CHANGE, knowledge)
        case _, "no":
            return _ask(state, PAGE_READY, knowledge, say("my_page_not_sent"))
        case _:
            return None


async def _who_has_read(heard: Heard, knowledge: Knowledge) -> tuple[Payload, ...]:
    if heard.state["private"] is not True:
        return ()
    found = await knowledge.request_status(heard.message)
    return tuple(status_of(each) for each in found if each.kind is RequestKind.PAGE)


def _next(state: State) -> str:
    done = state.get("page") or {}
    return next((part for part in PARTS if part not in done), PAGE_READY)


def _next_of_sending(state: State) -> str:
    """Give the first that is not told yet of the name and the school; then comes permission, each time."""
    done = state.get("page") or {}
    return next((part for part in (NAME, WHERE) if part not in done), MAY)


def _mark(state: State, part: str, how: str, knowledge: Knowledge) -> Reply:
    marked = changed(state, page={**(state.get("page") or {}), part: how})
    return _ask(marked, _next_of_sending(marked) if part in SENDING else _next(marked), knowledge)


def _unmarked(state: State, part: str) -> State:
    left = {each: how for each, how in (state.get("page") or {}).items() if each != part}
    return changed(state, page=left)


def _ask(state: State, step: str, knowledge: Knowledge, *said: Payload) -> Reply:
    opened = changed(state, step=step, lifts=lifts_for(step) if step in WRITTEN else None)
    return Reply((*said, *open_question(opened, knowledge)), opened)


def _leave(state: State, knowledge: Knowledge, *said: Payload) -> Reply:
    back = come_back(state)
    return Reply((*said, *(open_question(back, knowledge) if back["flow"] else (MENU,))), back)
