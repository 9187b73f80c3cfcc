"""Which choices are drawn as tiles: not the ones that always stand below, but every answer to "are you safe?"."""

import pytest

from channels.web_chat.shown import tiles_of
from core.conversation.tables import Author, Kind
from core.conversation.transcript import ShownChoice, ShownMessage
from tests.fakes import MONDAY_MORNING

ALWAYS = ("Skip", "I am not safe")


def a_message(kind: Kind, *labels: str) -> ShownMessage:
    choices = tuple(ShownChoice(str(number), label, None) for number, label in enumerate(labels))
    return ShownMessage(1, Author.BOT, "words", "words", choices, kind, None, MONDAY_MORNING)


@pytest.mark.parametrize(
    ("kind", "drawn"),
    [
        (Kind.QUESTION, ["Good"]),
        (Kind.SAFETY, ["I am not safe", "Good", "Skip"]),
    ],
)
def test_what_always_stands_below_is_not_drawn_twice_unless_it_is_about_safety(
    kind: Kind, drawn: list[str]
) -> None:
    message = a_message(kind, "I am not safe", "Good", "Skip")
    assert [choice.label for choice in tiles_of(message, always=ALWAYS)] == drawn


def test_without_a_message_there_are_no_tiles() -> None:
    assert tiles_of(None, always=ALWAYS) == []
