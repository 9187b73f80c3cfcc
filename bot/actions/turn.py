"""One turn as an action sees it: what was heard, and what is answered."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, EventType, SessionStarted, SlotSet

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import Payload
from core.conversation.bot import State

FORMS: Mapping[str, str] = {
    "questions": "questions_form",
    "request": "request_form",
    "complaint": "complaint_form",
    "page": "page_form",
    "help": "help_form",
    "view": "view_form",
    "word": "word_form",
}
"""The form that waits for the answer of each flow."""


SAID = "said"
"""The measure of what is said in own words without having been asked, and the mark of a free answer given."""

FEWEST_WORDS_OF_A_VIEW = 4
"""Fewer words that fit nothing are taken for a slip."""


class StateOutOfStep(Exception):
    """Rasa's memory is not the state that our app sent; to answer from it could undo or repeat something."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in: its meaning, its text (None for a choice) and the state before it.

    `likeliest` are the meanings of typed words, the best first, also where none is sure.
    """

    intent: str
    text: str | None
    entities: Mapping[str, str]
    message: str
    state: State
    likeliest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said and decided, in order, and the state after it."""

    payloads: tuple[Payload, ...]
    state: State


Decide = Callable[[Heard, Knowledge], Awaitable[Reply]]
"""What an action does, without Rasa."""


def hear(tracker: Tracker) -> Heard:
    """Read the turn out of Rasa's tracker; raises StateOutOfStep."""
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    state: State | None = tracker.get_slot("state")
    if state is None or digest_of(state) != metadata.get("digest"):
        raise StateOutOfStep
    is_choice = bool(latest.get("choice"))
    return Heard(
        intent=(latest.get("intent") or {}).get("name") or "nlu_fallback",
        text=None if is_choice else latest.get("text"),
        entities={each["entity"]: str(each["value"]) for each in latest.get("entities") or []},
        message=str(metadata["message"]),
        state=state,
        likeliest=tuple(each["name"] for each in latest.get("intent_ranking") or []),
    )


def sounds_like_a_view(heard: Heard) -> bool:
    """Say whether typed words are something to keep, also where the classifier is not sure.

    To lose what somebody thinks is worse than to keep a sentence that is no view; it is said back, and going
    back takes it back.
    """
    if heard.text is None:
        return False
    if heard.intent in {"tell_view", "give_answer"}:
        return True
    is_question = heard.text.rstrip().endswith("?")
    is_long = len(heard.text.split()) >= FEWEST_WORDS_OF_A_VIEW
    return heard.intent == "nlu_fallback" and is_long and not is_question


def digest_of(state: State) -> str:
    """Return a short fingerprint of a state; bot/rasa/turns.py makes the same one."""
    words = json.dumps(state, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def restoring_events(state: State) -> list[EventType]:
    """Put Rasa where our state says the conversation stands, ready for the very next answer."""
    return [SessionStarted(), *_place(state), ActionExecuted("action_listen")]


def events_after_action(state: State) -> list[EventType]:
    """Put Rasa where the state says, with the open question already asked.

    An action that interrupts a form asks the open question again itself, so the form counts as having run: two
    calls fewer than letting Rasa come back to it.
    """
    form = FORMS.get(state["flow"] or "")
    return [*_place(state), *([ActionExecuted(form)] if form else [])]


def events_after_answer(state: State) -> list[EventType]:
    """Put Rasa where the state says, inside the form that took the answer."""
    return _place(state)


def _place(state: State) -> list[EventType]:
    form = FORMS.get(state["flow"] or "")
    events: list[Any] = [
        SlotSet("state", state),
        SlotSet("answer", None),
        ActiveLoop(form),
        SlotSet("requested_slot", "answer" if form else None),
    ]
    return events
