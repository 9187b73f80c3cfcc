"""What is a young person's own to decide about their words: delete them, have a copy, a code, phone and web joined."""

from core.conversation.bot import Answer, Choice, Chosen, Decision, Say, SayMessage
from core.conversation.given_codes import draw
from core.conversation.house import House
from core.conversation.ourselves import MENU
from core.conversation.own_answers import ask_for_code
from core.conversation.place import Place
from core.conversation.read_or_delete import LOOKED_AT, plain_words
from core.conversation.tables import Channel
from core.text.code_words import CodeKind

CONFIRM_DELETE = "confirm_delete"
READ_ANSWERS = "read_answers"

WISHES = {
    "delete_words": "rights_delete_label",
    "get_copy": "rights_copy_label",
    "link_phone": "rights_link_label",
    "ask_code": "rights_code_label",
    "ask_delete_code": "rights_delete_code_label",
    "ask_return_code": "rights_return_code_label",
    READ_ANSWERS: "answers_label",
}
"""Wishes that only the house can do, and the label under which each is offered and may be typed."""

ALSO_SAID = {
    **dict.fromkeys(
        (
            *(
                "give me my code",
                "give me a code",
                "give me a code please",
                "can i have a code",
                "get my code",
            ),
            *("can i get a code", "i want a code", "i need a code", "i lost my code", "ive lost my code"),
        ),
        "ask_code",
    ),
    **dict.fromkeys(("delete code", "my delete code", "get a delete code"), "ask_delete_code"),
    **dict.fromkeys(
        (
            *("my answer", "my answers", "my answers please", "my answers pls", "my answers plz"),
            *("my answer please", "please my answers", "write my answers", "say my answers"),
            *("see my answers", "see my answers please", "read my answers", "read my answers please"),
            "answers to my words",
        ),
        READ_ANSWERS,
    ),
    **dict.fromkeys(("return code", "my return code", "get a return code"), "ask_return_code"),
}
"""Other ways to ask for these: exactly these words, so that no answer is eaten as a wish; marks do not count."""

OF_RIGHTS = frozenset({*WISHES, CONFIRM_DELETE})

DELETE_QUESTION = SayMessage(
    "rights_delete_question",
    kind="question",
    choices=(Choice(CONFIRM_DELETE, "rights_delete_yes"), Choice("repeat_question", "rights_delete_no")),
)

WHICH_CODE = SayMessage(
    "code_which_question",
    choices=(
        Choice("ask_delete_code", "code_which_delete"),
        Choice("ask_return_code", "code_which_return"),
        Choice("repeat_question", "code_which_none"),
    ),
)
"""Of no kind of its own: the question that was open before stays open beside it."""

ON_THE_WEB = {
    "get_copy": "rights_copy_web",
    "link_phone": "rights_link_web",
    "ask_code": "code_web",
    "ask_delete_code": "code_web",
    "ask_return_code": "code_web",
}
"""What is said on the web, where codes and copies are pages of their own."""

BY_TEXT = {
    "get_copy": CodeKind.RETURN,
    "link_phone": CodeKind.LINK,
    "ask_delete_code": CodeKind.DELETE,
    "ask_return_code": CodeKind.RETURN,
}
"""Which code is texted for a wish; a copy itself is never sent by text."""


async def answer_wish(
    house: House, intent: str, channel: Channel, place: Place, again: tuple[Say, ...]
) -> Answer:
    """Answer a wish, or what was chosen after it; `again` asks the open question anew.

    What is said after deleting is the same whether or not words had to stay: it must not tell of a concern. A code
    is texted only to a phone that is just theirs.
    """
    if intent == CONFIRM_DELETE:
        return Answer((SayMessage("rights_deleted"), SayMessage("rights_deleted_next"), MENU), ())
    if intent in {"delete_words", READ_ANSWERS}:
        return Answer((DELETE_QUESTION,) if intent == "delete_words" else ask_for_code(place, again), ())
    if channel == Channel.WEB:
        return Answer((SayMessage(ON_THE_WEB[intent]), *_have_code(intent), *again), ())
    if place.state["private"] is not True:
        return Answer((SayMessage("code_phone_shared"), *again), ())
    if intent == "ask_code":
        return Answer((WHICH_CODE,), ())
    given: Decision = await draw(house, BY_TEXT[intent], with_copy=intent == "get_copy")
    return Answer(again, (given,))


def wish_in(house: House, text: str) -> str | None:
    """Give the wish that words are: exactly a label or one of those we know, whatever marks stand around them."""
    if len(text) > LOOKED_AT:
        return None
    words = plain_words(text)
    labels = {plain_words(house.catalogue.say(label)): wish for wish, label in WISHES.items()}
    return labels.get(words) or ALSO_SAID.get(words)


def _have_code(intent: str) -> tuple[Say, ...]:
    """Say where a code is written: "i have a code" and "link my phone" are one wish."""
    return (SayMessage("code_write_here"),) if intent == "link_phone" else ()


def has_confirmed_delete(chosen: Chosen | None) -> bool:
    """Say whether this turn ends with everything before it being erased."""
    return chosen is not None and chosen.intent == CONFIRM_DELETE
