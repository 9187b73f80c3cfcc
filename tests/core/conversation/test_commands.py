"""What is no personal answer, though a name or a number was asked for."""

import pytest
import yaml

from core.conversation.bot import Chosen
from core.conversation.commands import COMMANDS, WAYS, command_in
from core.settings import HERE


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("Who reads this?", Chosen("ask_who_reads")),
        ("i'm not safe", Chosen("say_not_safe")),
        ("what does EHCP mean?", Chosen("explain_word", {"word": "ehcp"})),
        ("numbers only", Chosen("change_my_way", {"answer": "numbers"})),
        ("Sam", None),
        ("Skipper", None),
        ("i need help with my name", None),
    ],
)
def test_only_exact_words_are_a_command(words: str, asks: Chosen | None) -> None:
    assert command_in(words) == asks


def test_rasa_takes_each_of_them_for_the_same() -> None:
    pipeline = yaml.safe_load((HERE / "config.yml").read_text())["pipeline"]
    exact = next(part["exact"] for part in pipeline if "exact" in part)
    ours = {**COMMANDS, "change_my_way": tuple(WAYS)}
    assert {
        (intent, words) for intent, said in ours.items() for words in said if words not in exact[intent]
    } == set()
