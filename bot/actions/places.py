"""Where a conversation stands: which question is open, how to ask it again, and how to leave and come back."""

from collections.abc import Callable, Mapping

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import MENU, Payload, answers, ask, ask_question, choice, say
from bot.actions.turn import Reply
from core.conversation.bot import State
from core.conversation.page_parts import MAY, NAME, PARTS, SEND, WHERE, WRITTEN
from core.signposting.rules import SCRIPT, Step, read_back

NEED, AGE, FOUND = "need", "age", "found"
"""The steps of a search for help: what for, how old, and were these right."""


FEELING, GOOD, BETTER = "feeling", "good", "better"
"""What is asked after something said: if it is good or not, what makes it good, what would make it better."""
MAY_USE = "may-use"
"""Asked apart, once a period: whether their words may be used."""
CHANGE, AGAIN = "change", "again"
"""What is asked when it was not meant so: what to do with it, or to say it again."""


COMPLAINT_ABOUT, COMPLAINT_SEND = "about", "send"
"""What a complaint asks: what it is about, and whether to send it."""

PAGE_READY, PAGE_CHANGE = "ready", "change"
"""What is asked when "My page" is whole: what to do with it, and which part to change."""

PAGE_WISHES = (
    ("change", "my_page_change"),
    ("send", "my_page_send"),
    ("keep", "my_page_keep"),
    ("delete", "my_page_delete"),
)
BESIDE_PAGE = ((NAME, "request_change_name"), (WHERE, "my_page_where"))
PAGE_MAY = (("yes", "request_permission_yes"), ("no", "request_permission_no"))
PAGE_SEND = (("send", "choice_send"), ("change", "choice_change"), ("no", "choice_dont_send"))

OWN_WORDS: Mapping[str, tuple[str | None, ...]] = {
    "complaint": (COMPLAINT_ABOUT,),
    "page": WRITTEN,
    "help": (NEED,),
    "view": (GOOD, BETTER, AGAIN),
    "word": (None,),
}
"""The steps of each flow that are answered in own words."""

FEELINGS = (
    ("good", "view_feeling_good"),
    ("mixed", "view_feeling_mixed"),
    ("bad", "view_feeling_not_good"),
)
MAY_USES = (("yes", "view_may_use_yes"), ("no", "view_may_use_no"))
CHANGES = (("again", "view_say_again"), ("take-back", "view_take_back"))


def changed(state: State, **changes: object) -> State:
    """Return the state with some of its keys changed; a state is never changed in place."""
    return {**state, **changes}


def wants_own_words(state: State) -> bool:
    """Say whether the open question is answered in own words, so that few words are commands."""
    if state.get("flow") == "request":
        return SCRIPT[Step(state["step"])].own_words
    return state.get("step") in OWN_WORDS.get(state.get("flow") or "", ())


def open_question(state: State, knowledge: Knowledge) -> tuple[Payload, ...]:
    """Return what asks the open question, or the menu where none is open."""
    if state["flow"] == "questions" and _is_in_bank(state, knowledge):
        return (ask_question(state["set"], state["question"]),)
    asked = ASKED.get(state["flow"] or "")
    return asked(state) if asked else (MENU,)


def ask_step(state: State) -> tuple[Payload, ...]:
    """Ask the open step of a request; before it is sent, it is read back."""
    step = Step(state["step"])
    asked = ask(SCRIPT[step].words, answers(SCRIPT[step].choices))
    if step is not Step.SEND:
        return (asked,)
    values = read_back(state["request"])
    return (say("request_read_back", **values), say("request_read_back_reach", **values), asked)


def reply_and_ask_again(state: State, knowledge: Knowledge, *said: Payload) -> Reply:
    """Say something in the middle of whatever is open, and then ask that again."""
    return Reply((*said, *open_question(state, knowledge)), state)


def begin(state: State, flow: str, step: str | None = None) -> State:
    """Open a flow on top of the one that is open, which is kept to come back to."""
    below = list(state.get("suspended") or [])
    if state["flow"] not in {None, "view", "word", flow}:
        below.append({"flow": state["flow"], "step": state["step"], "lifts": state["lifts"]})
    below = [kept for kept in below if kept["flow"] != flow]
    return changed(state, flow=flow, step=step, lifts=None, suspended=below)


def come_back(state: State) -> State:
    """Close the open flow and return to the one below it, if there is one."""
    below = list(state.get("suspended") or [])
    back = below.pop() if below else {"flow": None, "step": None, "lifts": None}
    return changed(state, **back, suspended=below)


def _is_in_bank(state: State, knowledge: Knowledge) -> bool:
    """Practitioners may take a question out of the bank while somebody pauses before it."""
    try:
        knowledge.bank.question(state["question"])
    except KeyError:
        return False
    return True


def _ask_about_view(state: State) -> tuple[Payload, ...]:
    return (_question_about_view(state["step"]),)


def _question_about_view(step: str | None) -> Payload:
    not_right, skip = choice("correct_view", "view_not_right"), choice("skip_question", "choice_skip")
    match step:
        case "feeling":
            return ask("view_feeling_question", answers([*FEELINGS, ("dont-know", "choice_dont_know")]))
        case "change":
            return ask("view_change_question", answers([*FEELINGS, *CHANGES]))
        case "again":
            return ask("view_say_again_ask", [skip])
        case "may-use":
            return ask("view_may_use_question", answers(MAY_USES))
        case "good":
            return ask("view_good_question", [not_right, skip])
        case _:
            return ask("view_better_question", [not_right, skip])


def _ask_about_complaint(state: State) -> tuple[Payload, ...]:
    if state["step"] == COMPLAINT_ABOUT:
        return (ask("complaint_about_question"),)
    choices = [("send", "choice_send"), ("change", "choice_change"), ("no", "choice_dont_send")]
    return (say("complaint_read_back"), ask("complaint_send_question", answers(choices)))


def _ask_about_page(state: State) -> tuple[Payload, ...]:
    skip = choice("skip_question", "choice_skip")
    step = state["step"]
    if step == PAGE_READY:
        return (say("my_page_ready"), ask("my_page_ready_question", answers(PAGE_WISHES)))
    if step == PAGE_CHANGE:
        beside = [(part, label) for part, label in BESIDE_PAGE if part in (state.get("page") or {})]
        parts = answers([*((part, f"my_page_{part}") for part in PARTS), *beside])
        return (ask("my_page_change_question", [*parts, skip]),)
    if step == MAY:
        return (ask("my_page_may_question", answers(PAGE_MAY)),)
    if step == SEND:
        read_back = (say("my_page_read_back_who"), say("my_page_read_back"), say("rights_copy_left_out"))
        return (*read_back, ask("my_page_send_question", answers(PAGE_SEND)))
    return (ask("request_name_question" if step == NAME else f"my_page_{step}_question", [skip]),)


def _ask_about_help(state: State) -> tuple[Payload, ...]:
    if state["step"] == AGE:
        return (ask("find_help_age_question", [choice("skip_question", "choice_skip")]),)
    if state["step"] == FOUND:
        right = [("yes", "choice_yes"), ("none-of-these", "choice_none_of_these")]
        return (ask("service_right_question", answers(right)),)
    return (ask("find_help_question"),)


def _ask_word(_state: State) -> tuple[Payload, ...]:
    return (ask("word_question"),)


ASKED: Mapping[str, Callable[[State], tuple[Payload, ...]]] = {
    "request": ask_step,
    "complaint": _ask_about_complaint,
    "page": _ask_about_page,
    "help": _ask_about_help,
    "view": _ask_about_view,
    "word": _ask_word,
}
"""How the open step of each flow is asked; the questions of the bank are core's."""
