"""Moving about in a conversation: back, skip, again, the menu, a pause, another way of talking."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions.complaining import go_back_in_complaint, leave_complaint
from bot.actions.finding_help import go_back_in_search, skip_in_search
from bot.actions.knowledge import Knowledge
from bot.actions.my_page import go_back_a_part, skip_part
from bot.actions.payloads import MENU, choice, hand_back, hear_not_safe, offer, say
from bot.actions.places import come_back, reply_and_ask_again
from bot.actions.questions import go_back_a_question, skip_open_question
from bot.actions.requesting import go_back_a_step, skip_step
from bot.actions.turn import Heard, Reply
from bot.actions.views import go_back_from_view, leave_view
from core.conversation.bot import State
from core.conversation.safety import age_variant

Move = Callable[[State, Knowledge], Awaitable[Reply]]


async def leave_word(state: State, knowledge: Knowledge) -> Reply:
    """Leave the question which word."""
    return reply_and_ask_again(come_back(state), knowledge)


BACK: Mapping[str | None, Move] = {
    "questions": go_back_a_question,
    "request": go_back_a_step,
    "complaint": go_back_in_complaint,
    "page": go_back_a_part,
    "help": go_back_in_search,
    "view": go_back_from_view,
    "word": leave_word,
}
SKIP: Mapping[str | None, Move] = {
    "questions": skip_open_question,
    "request": skip_step,
    "complaint": leave_complaint,
    "page": skip_part,
    "help": skip_in_search,
    "view": leave_view,
    "word": leave_word,
}


async def go_back(heard: Heard, knowledge: Knowledge) -> Reply:
    """Go back one step in whatever is open."""
    return await _move(BACK, heard, knowledge)


async def skip_question(heard: Heard, knowledge: Knowledge) -> Reply:
    """Leave out what is asked."""
    return await _move(SKIP, heard, knowledge)


async def ask_again(heard: Heard, knowledge: Knowledge) -> Reply:
    """Ask what is open again; where nothing is, show the menu."""
    return reply_and_ask_again(heard.state, knowledge)


async def show_menu(heard: Heard, knowledge: Knowledge) -> Reply:
    """Say what can be done here, and who helps in danger. What is open stays open; one choice goes on with it."""
    numbers = say(f"danger_numbers_{age_variant(knowledge.bank, heard.state)}")
    more = [choice("talk_to_person", "menu_talk_to_person"), choice("make_complaint", "menu_complaint")]
    go_on = [choice("go_on", "choice_go_on")] if heard.state["flow"] else []
    offered = offer("menu_question", [*MENU["choices"], *more, *go_on])
    return Reply((say("help_start"), numbers, offered), heard.state)


async def pause_conversation(heard: Heard, knowledge: Knowledge) -> Reply:  # noqa: ARG001
    """Stop for now; everything stays where it is, and "Go on" asks the open question again."""
    by_text = heard.state["channel"] == "sms"
    name = "pause_done_text" if by_text else "pause_done"
    return Reply((offer(name, [choice("go_on", "choice_go_on")]),), heard.state)


async def talk_to_person(heard: Heard, knowledge: Knowledge) -> Reply:
    """Say how to reach a person, and promise nobody who is not there."""
    call = knowledge.who_to_call(age_variant(knowledge.bank, heard.state))
    said = say("person_how", team=call.name, number=call.number)
    return reply_and_ask_again(heard.state, knowledge, said)


async def say_not_safe(heard: Heard, knowledge: Knowledge) -> Reply:  # noqa: ARG001
    """Tell core, which asks and alerts. Danger in the words themselves was heard before, without Rasa."""
    return Reply((hear_not_safe(),), heard.state)


async def hand_over(heard: Heard, knowledge: Knowledge) -> Reply:  # noqa: ARG001
    """Hand a wish over that only core can do: to delete, to get a copy, to link a phone."""
    return Reply((hand_back(heard.intent),), heard.state)


async def _move(moves: Mapping[str | None, Move], heard: Heard, knowledge: Knowledge) -> Reply:
    move = moves.get(heard.state["flow"])
    if move is None:
        return reply_and_ask_again(heard.state, knowledge)
    return await move(heard.state, knowledge)
