"""Saying that one is not happy with the service: where to send it, in own words, read back, and sent."""

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import MENU, make_complaint, say
from bot.actions.places import (
    COMPLAINT_ABOUT,
    COMPLAINT_SEND,
    begin,
    changed,
    come_back,
    open_question,
    reply_and_ask_again,
)
from bot.actions.turn import Heard, Reply
from core.conversation.bot import GIVEN, State
from core.signposting.personal_answers import COMPLAINT

SEND, CHANGE = "send", "change"
_AGREED = {"affirm": SEND, "deny": CHANGE}


async def start_complaint(heard: Heard, knowledge: Knowledge) -> Reply:
    """Say who answers complaints and where else to go, and ask what it is about; nobody is refused."""
    if heard.state["flow"] == "complaint":
        return reply_and_ask_again(heard.state, knowledge)
    office = knowledge.complaints
    opened = _at(begin(heard.state, "complaint"), COMPLAINT_ABOUT)
    said = (
        say("complaint_start", office=office.name),
        say("complaint_page", page=office.page),
        say("complaint_not_workers"),
    )
    return Reply((*said, *open_question(opened, knowledge)), opened)


async def answer_complaint_step(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take the words, then the wish to send them; what was written stays with core."""
    if heard.state["step"] == COMPLAINT_ABOUT:
        if heard.text != GIVEN:
            return reply_and_ask_again(heard.state, knowledge, say("trouble_not_understood"))
        asked = _at(heard.state, COMPLAINT_SEND)
        return Reply(open_question(asked, knowledge), asked)
    chosen = heard.entities.get("answer") if heard.text is None else _AGREED.get(heard.intent)
    if chosen == SEND:
        back = come_back(heard.state)
        ombudsman = knowledge.complaints.not_happy
        elsewhere = say("complaint_not_happy", team=ombudsman.name, number=ombudsman.number)
        return Reply((make_complaint(), elsewhere, *open_question(back, knowledge)), back)
    if chosen == CHANGE:
        return await go_back_in_complaint(heard.state, knowledge)
    if chosen is None:
        return reply_and_ask_again(heard.state, knowledge, say("trouble_not_understood"))
    return await leave_complaint(heard.state, knowledge)


async def go_back_in_complaint(state: State, knowledge: Knowledge) -> Reply:
    """Ask what it is about again; at the first step, stop complaining."""
    if state["step"] == COMPLAINT_ABOUT:
        return await leave_complaint(state, knowledge)
    asked = _at(state, COMPLAINT_ABOUT)
    return Reply(open_question(asked, knowledge), asked)


async def leave_complaint(state: State, knowledge: Knowledge) -> Reply:
    """Send nothing, and go back to what was open before."""
    back = come_back(state)
    again = open_question(back, knowledge) if back["flow"] else (MENU,)
    return Reply((say("complaint_not_sent"), *again), back)


def _at(state: State, step: str) -> State:
    return changed(state, step=step, lifts=COMPLAINT if step == COMPLAINT_ABOUT else None)
