"""What is a young person's own to decide about their words: delete them, and later a copy and codes."""

from core.conversation.bot import Choice, Chosen, Say, SayMessage
from core.conversation.ourselves import MENU

CONFIRM_DELETE = "confirm_delete"

WISHES = {"delete_words": "rights_delete_label"}
"""Wishes that only the house can do, and the label under which each is offered and may be typed."""

OF_RIGHTS = frozenset({*WISHES, CONFIRM_DELETE})

DELETE_QUESTION = SayMessage(
    "rights_delete_question",
    kind="question",
    choices=(Choice(CONFIRM_DELETE, "rights_delete_yes"), Choice("repeat_question", "rights_delete_no")),
)


def answer_wish(intent: str) -> tuple[Say, ...]:
    """Answer a wish, or what was chosen after it.

    What is said after deleting is the same whether or not words had to stay: it must not tell of a concern.
    """
    match intent:
        case "delete_words":
            return (DELETE_QUESTION,)
        case "confirm_delete":
            return (SayMessage("rights_deleted"), SayMessage("rights_deleted_next"), MENU)
        case _:
            return (MENU,)


def has_confirmed_delete(chosen: Chosen | None) -> bool:
    """Say whether this turn ends with everything before it being erased."""
    return chosen is not None and chosen.intent == CONFIRM_DELETE
