"""What is no personal answer, though a name or a number was asked for: short, exact words that ask for something."""

import re
from collections.abc import Mapping

from core.conversation.bot import Chosen

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "ask_help": ("help", "menu", "main menu", "options"),
    "go_back": ("go back", "back", "go back please", "undo"),
    "skip_question": ("skip", "skip it", "skip this", "skip please", "next", "pass"),
    "repeat_question": ("repeat", "repeat that", "say that again", "say it again", "pardon"),
    "pause_conversation": ("stop", "stop now", "stop please", "pause", "bye", "i want to stop"),
    "ask_who_reads": (
        *("who reads this", "who can see this", "who will read this", "who sees this"),
        *("is this private", "is this secret", "will my mum see this", "will my teacher see this"),
    ),
    "ask_if_robot": ("are you a robot", "r u a robot", "are you real", "who are you", "is this a bot"),
    "talk_to_person": ("talk to a person", "can i talk to a person", "i want to talk to a person"),
    "say_not_safe": ("i am not safe", "im not safe", "not safe", "i dont feel safe"),
}
WAYS: Mapping[str, str] = {
    "easy words please": "easy",
    "use easy words": "easy",
    "easy words": "easy",
    "numbers only": "numbers",
}
"""Each means the same to Rasa, in whose config.yml more of them stand: no bot is ever given a personal answer."""

_MEANING = re.compile(r"(?:what|wot|wat) (?:does|do|dose) (?P<word>.{1,40}) mean")
_INTENTS = {words: intent for intent, commands in COMMANDS.items() for words in commands}


def command_in(text: str) -> Chosen | None:
    """Give what the words ask for, where they are exactly one of ours; None for anything else."""
    words = " ".join(re.sub(r"[^\w\s]", "", text.lower().replace("\u2019", "")).split())
    asked = _MEANING.fullmatch(words)
    if asked:
        return Chosen("explain_word", {"word": asked["word"]})
    if words in WAYS:
        return Chosen("change_my_way", {"answer": WAYS[words]})
    return Chosen(_INTENTS[words]) if words in _INTENTS else None
