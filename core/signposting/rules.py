"""What is asked, and in which order, when a young person wants a key worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """One thing to ask. The order is the order of asking; CHANGE comes only when it is wanted."""

    ABOUT = "about"
    ABOUT_WORDS = "about_words"
    FIRST_NAME = "first_name"
    REACH = "reach"
    REACH_NUMBER = "reach_number"
    REACH_EMAIL = "reach_email"
    WHEN = "when"
    HELPED_BY = "helped_by"
    PERMISSION = "permission"
    SEND = "send"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a step is asked: a message of the catalogue, and choices as (answer, label's message).

    `own_words` says that anything may be written. `lifts` names the personal answer that the words are: it
    goes, sealed, only into the request, and no bot ever sees it.
    """

    words: str
    choices: tuple[tuple[str, str], ...] = ()
    own_words: bool = False
    lifts: str | None = None


Request = Mapping[str, str]
"""What was answered so far, by step: an answer's id, own words (about), GIVEN for a personal answer, or SKIPPED."""

GIVEN = "given"
NAMED = "\x1f"
"""Before the name of a message: a control character, which no person's cleaned words can hold."""
SKIPPED = "skipped"
ELSE = "else"
YES, NO = "yes", "no"
SEND, CHANGE = "send", "change"

SCRIPT: Mapping[Step, Asked] = {
    Step.ABOUT: Asked(
        "request_about_question",
        (
            ("school", "request_about_school"),
            ("feelings", "request_about_feelings"),
            ("health", "request_about_health"),
            ("plan", "request_about_plan"),
            (ELSE, "choice_something_else"),
        ),
        own_words=True,
    ),
    Step.ABOUT_WORDS: Asked("request_about_else_question", own_words=True),
    Step.FIRST_NAME: Asked(
        "request_name_question", (("none", "request_name_none"),), own_words=True, lifts="first_name"
    ),
    Step.REACH: Asked(
        "request_reach_question",
        (("here", "request_reach_here"), ("call", "request_reach_call"), ("email", "request_reach_email")),
    ),
    Step.REACH_NUMBER: Asked("request_reach_number_question", own_words=True, lifts="reach"),
    Step.REACH_EMAIL: Asked("request_reach_email_question", own_words=True, lifts="reach"),
    Step.WHEN: Asked(
        "request_when_question",
        (
            ("morning", "request_when_morning"),
            ("afternoon", "request_when_afternoon"),
            ("any", "request_when_any"),
        ),
        own_words=True,
    ),
    Step.HELPED_BY: Asked(
        "request_helped_question",
        (
            ("nobody", "request_helped_nobody"),
            ("staff", "request_helped_staff"),
            ("family", "request_helped_family"),
            (ELSE, "request_helped_else"),
        ),
        own_words=True,
    ),
    Step.PERMISSION: Asked(
        "request_permission_question",
        ((YES, "request_permission_yes"), (NO, "request_permission_no")),
    ),
    Step.SEND: Asked(
        "request_read_back_question",
        ((SEND, "choice_send"), (CHANGE, "choice_change"), (NO, "choice_dont_send")),
    ),
    Step.CHANGE: Asked(
        "request_change_question",
        (
            (Step.ABOUT, "request_change_about"),
            (Step.FIRST_NAME, "request_change_name"),
            (Step.REACH, "request_change_reach"),
            (Step.WHEN, "request_change_when"),
        ),
    ),
}

_ONLY_AFTER: Mapping[Step, tuple[Step, str]] = {
    Step.ABOUT_WORDS: (Step.ABOUT, ELSE),
    Step.REACH_NUMBER: (Step.REACH, "call"),
    Step.REACH_EMAIL: (Step.REACH, "email"),
}


def next_step(request: Request) -> Step:
    """Return the first step that is not answered; SEND when all are."""
    return next(step for step in _sequence(request) if step not in request)


def previous_step(request: Request, step: Step) -> Step | None:
    """Return the step asked before this one, or None at the first; before CHANGE comes SEND."""
    if step is Step.CHANGE:
        return Step.SEND
    sequence = _sequence(request)
    place = sequence.index(step) if step in sequence else 0
    return sequence[place - 1] if place else None


def with_answer(request: Request, step: Step, answer: str) -> dict[str, str]:
    """Return the request with a step answered, without what hung on an older answer to it."""
    return {**without(request, step), step.value: answer}


def without(request: Request, step: Step) -> dict[str, str]:
    """Return the request as if this step, and what hangs on it, had not been asked yet."""
    gone = {step, *(later for later, (earlier, _) in _ONLY_AFTER.items() if earlier is step)}
    return {key: answer for key, answer in request.items() if key not in gone}


def is_offered(step: Step, answer: str) -> bool:
    """Say whether this answer is one of the step's choices."""
    return any(answer == offered for offered, _ in SCRIPT[step].choices)


def read_back(request: Request) -> dict[str, str]:
    """Return what the read-back says, by the names of its values.

    A value that starts with NAMED names a message of the catalogue. A personal answer is left out: only core,
    which keeps it sealed, can fill it in.
    """
    about = (
        request.get(Step.ABOUT_WORDS, SKIPPED) if request.get(Step.ABOUT) == ELSE else request.get(Step.ABOUT)
    )
    values = {
        "about": _said(Step.ABOUT, about),
        "first_name": _said(Step.FIRST_NAME, request.get(Step.FIRST_NAME)),
        "reach": _said(Step.REACH, _reach(request)),
        "when": _said(Step.WHEN, request.get(Step.WHEN)),
        "helped_by": _said(Step.HELPED_BY, request.get(Step.HELPED_BY)),
    }
    return {name: value for name, value in values.items() if value}


def _reach(request: Request) -> str:
    """Return GIVEN where a number or an address was given; without one, only this chat reaches them."""
    written = request.get(Step.REACH_NUMBER) or request.get(Step.REACH_EMAIL)
    if written:
        return GIVEN if written == GIVEN else "here"
    return "here" if request.get(Step.REACH) == SKIPPED else request.get(Step.REACH, "here")


def _said(step: Step, answer: str | None) -> str | None:
    """Return the label of a choice or the own words; what was skipped is said as what asks for nothing."""
    if answer == GIVEN:
        return None
    if answer is None or answer == SKIPPED:
        fallbacks = {Step.ABOUT: "choice_something_else", Step.FIRST_NAME: "request_name_none"}
        return NAMED + fallbacks.get(step, SCRIPT[step].choices[-1][1])
    labels = dict(SCRIPT[step].choices)
    return f"{NAMED}{labels[answer]}" if answer in labels else answer


def _sequence(request: Request) -> tuple[Step, ...]:
    """Return the steps that apply to this request, in order."""
    return tuple(step for step in Step if step is not Step.CHANGE and _applies(request, step))


def _applies(request: Request, step: Step) -> bool:
    if step not in _ONLY_AFTER:
        return True
    earlier, answer = _ONLY_AFTER[step]
    return request.get(earlier) == answer
