"""A reply to "are you safe?" is never guessed to mean yes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.safety import CHECK_IN
from core.safeguarding.check_in import Reply, may_mean_not_safe, read_reply
from core.text.messages import Variant
from tests.builders import lists

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


@pytest.mark.parametrize("variant", Variant)
@given(text=st.text(max_size=30) | st.sampled_from(["no", "1", "i am not safe", "help", "🙁", "i like art"]))
def test_nothing_that_means_not_safe_is_passed_over_by_the_quick_look(variant: Variant, text: str) -> None:
    labels = {reply: lists().catalogue.say(label, variant) for reply, label in CHECK_IN.items()}
    assert may_mean_not_safe(labels[Reply.NOT_SAFE])
    if read_reply(text, labels) is Reply.NOT_SAFE:
        assert may_mean_not_safe(text)


def test_everyday_words_are_not_looked_at_twice() -> None:
    assert not may_mean_not_safe("i like art")
