"""What the house answers itself, without a bot: the welcome, the menu, the check-in, whose phone it is."""

from core.area import who_is_there
from core.conversation.bot import Choice, Chosen, Say, SayMessage
from core.conversation.house import House
from core.conversation.symbols import MEAN

MENU = SayMessage(
    "menu_question",
    kind="question",
    choices=(
        Choice("start_questions", "menu_tell"),
        Choice("find_help", "menu_find_help"),
        Choice("request_key_worker", "menu_key_worker"),
        Choice("explain_word", "menu_explain_word"),
        Choice("make_my_page", "menu_my_page"),
        Choice("ask_what_happened", "menu_what_happened"),
        Choice("ask_request_status", "menu_request_status"),
        Choice("ask_who_reads", "menu_who_reads"),
        Choice("change_my_way", "menu_my_way"),
    ),
)

WHOSE = "say_whose_phone"
NO_CODE = "have_no_code"
"""The choice that stands open while we wait for the code to read answers by."""

WHOSE_PHONE = SayMessage(
    "phone_owner_question",
    kind="question",
    choices=(
        Choice(WHOSE, "phone_owner_mine", {"whose": "mine"}),
        Choice(WHOSE, "phone_owner_shared", {"whose": "shared"}),
    ),
)

OURS = frozenset({"go_on", "open_menu", "check_in", MEAN, WHOSE, NO_CODE})
"""The intents that no bot is asked about."""


def welcome(*, in_group: bool = False) -> tuple[Say, ...]:
    """Say who is talking, who may read it, and what can be done here; in a group session, who may see that.

    Either way it is as many messages, each of one size when it is sealed: nobody can count who came with a group.
    """
    return (*_hello(in_group=in_group), MENU)


def welcome_by_text() -> tuple[Say, ...]:
    """Say the same by text, and ask first whose phone it is, since others may hold it."""
    return (*_hello(), WHOSE_PHONE)


def answer_ourselves(house: House, chosen: Chosen) -> tuple[Say, ...]:
    """Answer one of OURS; the open question is asked again by the caller."""
    match chosen.intent:
        case "check_in":
            by_when = who_is_there(house.area, house.clock()).by_when
            return (SayMessage("worry_reader", {"by_when": by_when}),)
        case "mean_symbols":
            return (SayMessage("symbols_kept"),)
        case "open_menu":
            return (MENU,)
        case _:
            return ()


def _hello(*, in_group: bool = False) -> tuple[SayMessage, ...]:
    return (
        SayMessage("welcome_hello"),
        SayMessage("welcome_no_wrong_answers"),
        SayMessage("privacy_who_may_read"),
        SayMessage("privacy_safety_in_group" if in_group else "privacy_safety"),
        SayMessage("privacy_delete"),
    )
