"""A reply to "are you safe?" is never guessed to mean yes."""

import pytest

from core.safeguarding.check_in import Reply, read_reply

LABELS = {
    Reply.NOT_SAFE: "I am not safe",
    Reply.SAFE: "I feel safe",
    Reply.UNSURE: "I am not sure",
    Reply.WONT_SAY: "I don't want to say",
}


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.",
        "no",
        "nope",
        "No I don't",
        "im not",
        "not really",
        "never",
        "❌",
        "🙁",
        "help",
        "I am not safe",
        "isnt",
    ],
)
def test_any_reply_that_may_mean_not_safe_is_read_so(text: str) -> None:
    assert read_reply(text, LABELS) is Reply.NOT_SAFE


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("2", Reply.SAFE),
        ("i feel safe", Reply.SAFE),
        ("3", Reply.UNSURE),
        ("I am not sure", Reply.UNSURE),
        ("i dont want to say", Reply.WONT_SAY),
        ("4", Reply.WONT_SAY),
    ],
)
def test_a_number_or_a_whole_label_is_that_answer(text: str, reply: Reply) -> None:
    assert read_reply(text, LABELS) is reply


@pytest.mark.parametrize(
    "text", ["safe", "yes", "ok", "i feel safe at school sometimes", "5", "what", "", "feel safe i"]
)
def test_everything_else_is_unclear(text: str) -> None:
    assert read_reply(text, LABELS) is Reply.UNCLEAR
