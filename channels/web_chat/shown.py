"""Turn a message of the conversation into what a browser is given."""

from collections.abc import Collection, Sequence
from typing import Any

from core.conversation.tables import Author, Kind
from core.conversation.transcript import ShownChoice, ShownMessage


def as_json(message: ShownMessage) -> dict[str, Any]:
    """Give a message as `GET .../messages` and the event stream tell it."""
    told: dict[str, Any] = {
        "seq": message.seq,
        "author": str(message.author),
        "text": message.text,
        "easy_text": message.easy_text or message.text,
        "choices": [
            {"id": choice.id, "label": choice.label, "symbol": choice.symbol} for choice in message.choices
        ],
        "kind": str(message.kind),
    }
    if message.level is not None:
        told["level"] = str(message.level)
    return told


def tiles_of(message: ShownMessage | None, *, always: Collection[str]) -> list[ShownChoice]:
    """Give the choices of a message but for those whose words always stand on the page (Skip).

    Who is asked if they are safe sees every answer together, also the one that always stands below.
    """
    if message is None or message.kind is Kind.SAFETY:
        return list(message.choices) if message else []
    return [choice for choice in message.choices if choice.label not in always]


def open_message(messages: Sequence[ShownMessage]) -> ShownMessage | None:
    """Give the message whose choices may be picked now: the last one with choices since the last answer."""
    for message in reversed(messages):
        if message.author is Author.YOU:
            return None
        if message.choices:
            return message
    return None


def first_unread(messages: Sequence[ShownMessage]) -> int:
    """Give the seq of the first message since the young person's last; 0 when nothing came since."""
    first = 0
    for message in reversed(messages):
        if message.author is Author.YOU:
            break
        first = message.seq
    return first


def is_waiting(messages: Sequence[ShownMessage]) -> bool:
    """Whether the young person spoke last."""
    return bool(messages) and messages[-1].author is Author.YOU
