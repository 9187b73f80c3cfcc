"""Asking for a key worker, step by step; what is asked and when is core's script."""

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import MENU, Payload, open_request, say
from bot.actions.places import ask_step, begin, changed, come_back, open_question, reply_and_ask_again
from bot.actions.turn import Heard, Reply
from bot.actions.views import keep_words
from core.conversation.bot import State
from core.signposting.requests import RequestStatus
from core.signposting.rules import (
    CHANGE,
    GIVEN,
    NO,
    SCRIPT,
    SEND,
    SKIPPED,
    YES,
    Step,
    is_offered,
    next_step,
    previous_step,
    with_answer,
    without,
)
from core.signposting.tables import RequestKind, RequestState
from core.views.questions import answer_of

SENT = "sent"
AGE_TO_ASK_ALONE = 13
_AGREED = {
    "affirm": {Step.PERMISSION: YES, Step.SEND: SEND},
    "deny": {Step.PERMISSION: NO, Step.SEND: CHANGE},
}


async def request_key_worker(heard: Heard, knowledge: Knowledge) -> Reply:
    """Begin a request, or ask its open step again."""
    state = heard.state
    if state["flow"] == "request":
        return reply_and_ask_again(state, knowledge)
    request = {} if SENT in state["request"] else state["request"]
    opened = _at(begin(changed(state, request=request), "request"), next_step(request))
    alone = () if is_13_or_over(state, knowledge) else (say("request_under_13"),)
    return Reply((say("request_start"), *alone, *ask_step(opened)), opened)


async def answer_step(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take what was said as the answer to the open step."""
    state, step = heard.state, Step(heard.state["step"])
    answer = _answer(heard, step)
    if answer is None and heard.text and heard.intent == "tell_view":
        return keep_words(heard, knowledge, area=knowledge.area_of(heard.text))
    if answer is None:
        return reply_and_ask_again(state, knowledge, say("trouble_not_understood"))
    if step is Step.SEND:
        return _settle(state, knowledge, answer)
    if step is Step.PERMISSION and answer == NO:
        return _end(state, knowledge, say("request_not_sent"))
    if step is Step.CHANGE:
        wanted = Step(answer)
        return _ask(changed(state, request=without(state["request"], wanted)), wanted)
    return _ask_next(changed(state, request=with_answer(state["request"], step, answer)))


async def skip_step(state: State, knowledge: Knowledge) -> Reply:
    """Leave a step out; permission and sending cannot be left out, since silence is no yes."""
    step = Step(state["step"])
    if step in {Step.PERMISSION, Step.SEND}:
        return reply_and_ask_again(state, knowledge)
    if step is Step.CHANGE:
        return _ask(state, Step.SEND)
    return _ask_next(changed(state, request=with_answer(state["request"], step, SKIPPED)))


async def go_back_a_step(state: State, knowledge: Knowledge) -> Reply:
    """Ask the step before again."""
    earlier = previous_step(state["request"], Step(state["step"]))
    if earlier is None:
        return reply_and_ask_again(state, knowledge, say("question_first_already"))
    return _ask(changed(state, request=without(state["request"], earlier)), earlier)


async def tell_request_status(heard: Heard, knowledge: Knowledge) -> Reply:
    """Say how far the latest request is, and the page that was sent, unless others may hold the phone."""
    if heard.state["private"] is not True:
        return reply_and_ask_again(heard.state, knowledge, say("request_status_hidden"))
    found = await knowledge.request_status(heard.message)
    told = tuple(status_of(each) for each in found) or (say("request_status_none"),)
    return reply_and_ask_again(heard.state, knowledge, *told)


def is_13_or_over(state: State, knowledge: Knowledge) -> bool:
    """Say whether somebody told an age from which no grown-up is named; nobody is refused at any age."""
    asked = knowledge.bank.question(knowledge.bank.age_question)
    told = answer_of(asked, state["answers"].get(asked.id, ""))
    return told is not None and told.ages is not None and told.ages[0] >= AGE_TO_ASK_ALONE


def status_of(found: RequestStatus) -> Payload:
    """Say how far one request has come; of a page, who has read it."""
    if found.kind is RequestKind.PAGE and found.planned_for is None:
        return _status_of_page(found)
    if found.state is RequestState.CLOSED:
        return say("request_status_done", reference=found.words)
    if found.state is RequestState.WAITING or found.seen_by is None:
        return say("request_status_asked", reference=found.words)
    if found.planned_for is None:
        return say("request_status_seen", reference=found.words, worker=found.seen_by)
    day = f"{found.planned_for:%A} {found.planned_for.day} {found.planned_for:%B}"
    return say("request_status_planned", reference=found.words, worker=found.seen_by, day=day)


def _status_of_page(found: RequestStatus) -> Payload:
    """Say who has read the page, also after it was given back or closed."""
    if found.seen_by is not None:
        return say("my_page_status_read", reference=found.words, worker=found.seen_by)
    if found.state is RequestState.CLOSED:
        return say("request_status_done", reference=found.words)
    return say("my_page_status_sent", reference=found.words)


def _answer(heard: Heard, step: Step) -> str | None:
    chosen = heard.entities.get("answer") if heard.text is None else None
    if chosen is not None:
        return chosen if is_offered(step, chosen) else None
    if SCRIPT[step].lifts:
        return GIVEN if heard.text else None
    if SCRIPT[step].own_words:
        return heard.text
    return _AGREED.get(heard.intent, {}).get(step)


def _settle(state: State, knowledge: Knowledge, answer: str) -> Reply:
    if answer == SEND:
        return _send(state, knowledge)
    if answer == CHANGE:
        return _ask(state, Step.CHANGE)
    return _end(state, knowledge, say("request_not_sent"))


def _send(state: State, knowledge: Knowledge) -> Reply:
    """Core reads the request out of this turn's state, so it is emptied only when the next one begins."""
    back = changed(come_back(state), request={**state["request"], SENT: YES})
    return Reply((open_request(), *open_question(back, knowledge)), back)


def _end(state: State, knowledge: Knowledge, said: Payload) -> Reply:
    back = changed(come_back(state), request={})
    return Reply((said, *(open_question(back, knowledge) if back["flow"] else (MENU,))), back)


def _ask_next(state: State) -> Reply:
    return _ask(state, next_step(state["request"]))


def _ask(state: State, step: Step) -> Reply:
    opened = _at(state, step)
    return Reply(ask_step(opened), opened)


def _at(state: State, step: Step) -> State:
    return changed(state, step=step.value, lifts=SCRIPT[step].lifts)
