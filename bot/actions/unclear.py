"""Something that was not understood: kept where it may be a view, else met with the likeliest meanings and a person."""

from collections.abc import Mapping, Sequence

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import Payload, choice, offer, say
from bot.actions.places import reply_and_ask_again
from bot.actions.turn import Heard, Reply, sounds_like_a_view
from bot.actions.views import tell_view

MOST_GUESSES = 2

MEANINGS: Mapping[str, str] = {
    "start_questions": "menu_tell",
    "find_help": "menu_find_help",
    "request_key_worker": "menu_key_worker",
    "explain_word": "menu_explain_word",
    "ask_request_status": "menu_request_status",
    "ask_who_reads": "menu_who_reads",
    "change_my_way": "menu_my_way",
    "say_not_safe": "choice_not_safe",
    "go_back": "choice_go_back",
    "skip_question": "choice_skip",
    "pause_conversation": "choice_stop",
    "ask_help": "choice_help",
}
"""What can be offered as a guess, and its label: all that needs no more words to be done."""


async def hear_unclear(heard: Heard, knowledge: Knowledge) -> Reply:
    """Keep a sentence as something said; after anything shorter offer what it may mean, and a person."""
    if sounds_like_a_view(heard):
        return await tell_view(heard, knowledge)
    guesses = guesses_of(heard.likeliest)
    if not guesses:
        return reply_and_ask_again(heard.state, knowledge, say("trouble_not_understood"))
    person = choice("talk_to_person", "menu_talk_to_person")
    neither = choice("go_on", "choice_go_on") if heard.state["flow"] else choice("open_menu", "choice_menu")
    return Reply((offer("trouble_which_of_these", [*guesses, person, neither]),), heard.state)


def guesses_of(likeliest: Sequence[str]) -> list[Payload]:
    """Offer the likeliest meanings that can be offered at all."""
    nameable = [intent for intent in likeliest if intent in MEANINGS]
    return [choice(intent, MEANINGS[intent]) for intent in nameable[:MOST_GUESSES]]
