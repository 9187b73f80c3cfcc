"""Read one turn as our app sends it, and make sure that typed words can never be a command."""

from __future__ import annotations

import hashlib
import json
from typing import Any

LONGEST_TEXT = 2_200  # characters: the 2,000 that core gives, and room for what cleaning may add


class BadTurnError(ValueError):
    """The turn from our app is not in the shape that was agreed."""


def read_turn(body: Any) -> dict[str, Any]:
    """Check a turn: sender, message, expects, state, and either text or intent with entities.

    Raises BadTurnError.
    """
    if not isinstance(body, dict):
        raise BadTurnError("The body is not an object.")
    for key in ("sender", "message", "expects"):
        if not isinstance(body.get(key), str) or not body[key]:
            raise BadTurnError(f"'{key}' is missing.")
    if not isinstance(body.get("state"), dict):
        raise BadTurnError("'state' is missing.")
    text, intent = body.get("text"), body.get("intent")
    if isinstance(text, str) == isinstance(intent, str):
        raise BadTurnError("There must be a text or an intent, and not both.")
    return body if isinstance(intent, str) else {**body, "text": _checked_text(text)}


def never_a_command(text: str) -> str:
    """Take away what would make Rasa read typed words as a command.

    Rasa strips white space and then takes a leading slash as a command, so neither may be left in front.
    """
    before = None
    while before != text:
        before, text = text, text.strip().lstrip("/")
    return text


def digest_of(state: dict[str, Any]) -> str:
    """Return a short fingerprint of a state; bot/actions/turn.py makes the same one."""
    words = json.dumps(state, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def choice_as_understood(turn: dict[str, Any]) -> dict[str, Any]:
    """Give a choice as if it had been understood; it never passes through text."""
    entities = turn.get("entities") or {}
    return {
        "text": choice_text(turn),
        "intent": {"name": turn["intent"], "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "choice": True,
    }


def choice_text(turn: dict[str, Any]) -> str:
    """Return what stands in Rasa's memory for a choice; its brackets keep it from being a command."""
    return f"({turn['intent']})"


def _checked_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadTurnError("The text is too long.")
    words = never_a_command(text)
    if not words:
        raise BadTurnError("The text is empty.")
    return words
