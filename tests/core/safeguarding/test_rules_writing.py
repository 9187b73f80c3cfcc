"""Danger is heard however it is written, anywhere in any text, and quickly."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.safeguarding.phrases import Level, load_phrases
from core.safeguarding.rules import Heard, listen
from core.text.code_words import code_words

PHRASES = load_phrases(Path(__file__).resolve().parents[3] / "data" / "safeguarding_phrases.yml")


def hear(text: str) -> Heard | None:
    return listen(text, PHRASES)


@pytest.mark.parametrize(
    "said",
    [
        "I WANT TO DIE",
        "i want 2 die",
        "i waaaant to dieeee",
        "i w4nt to d1e",
        "i want to k*ll myself",
        "kill**myself",
        "i  w a n t  t o  d i e",
        "i.want.to.die",
        "i-want-to-die",
        "i wanna die",
        "i want\u200b to \u0434ie".replace("\u0434", "d"),
        "i w\u0430nt to di\u0435",
        "\uff49 \uff57\uff41\uff4e\uff54 \uff54\uff4f \uff44\uff49\uff45",
        "i want to di\u0301e",
        "\x00i want to die\ud83d",
        "im feeling suicdal",
        "i want to k1ll mys3lf",
        "i dont wanna be alive",
        "k i l l m y s e l f",
        "killlll myself",
        "kill mysellf",
        "/i want to die",
    ],
)
def test_it_is_heard_however_it_is_written(said: str) -> None:
    heard = hear(said)
    assert heard is not None
    assert heard.level is Level.DANGER


def test_a_disclosure_is_heard_anywhere_in_a_long_text() -> None:
    for text in ("la " * 60_000 + "my dad hits me", "my dad hits me " + "la " * 60_000):
        heard = hear(text)
        assert heard is not None
        assert heard.level is Level.DANGER


@pytest.mark.parametrize(
    "text",
    [
        "i want to " * 20_000,
        "he " * 66_000,
        "a b c d " * 25_000,
        "k*ll my*elf " * 16_000,
        "x" * 200_000,
        "dad hits. " * 20_000,
        "my friend he she him her " * 8_000,
        "e" + "\u0301\u0316" * 100_000,
    ],
)
def test_two_hundred_kilobytes_are_heard_in_a_few_seconds(text: str) -> None:
    started = time.process_time()
    hear(text)
    assert time.process_time() - started < 10


def test_a_message_takes_under_two_milliseconds() -> None:
    messages = ["he hits me and im scared to go home", "school is good but the bus is always late"] * 50
    started = time.process_time()
    for said in messages:
        hear(said)
    assert (time.process_time() - started) / len(messages) < 0.002


@given(st.text(st.characters(codec=None, categories=None), max_size=300))
def test_any_text_can_be_listened_to_and_is_heard_the_same_twice(text: str) -> None:
    assert hear(text) == hear(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_around_it_hides_danger(before: str, after: str) -> None:
    heard = hear(f"{before}.\n\nI am not safe. I want to die.\n\n{after}")
    assert heard is not None


def test_a_code_of_our_own_words_is_never_an_alarm() -> None:
    """A code that rings would be kept in its message, and would do nothing."""
    words = code_words()
    codes = [" ".join(words[place + step * 37 & 1023] for step in range(4)) for place in range(1024)]
    assert [code for code in codes if hear(code) is not None] == []


@pytest.mark.parametrize(
    "said",
    [
        "'e 'its me every night, me dad",
        "dad's hitting me",
        "dad'll kill me if i tell",
        "i od'd last night",
        "mum hit. hard. face. again",
        "i wont to be ded",
        "the lad tucht my privates",
        "dad beat me in football kit with a belt",
    ],
)
def test_dialect_what_an_apostrophe_leaves_out_and_single_words_are_heard(said: str) -> None:
    heard = hear(said)
    assert heard is not None
    assert heard.level is Level.DANGER


@pytest.mark.parametrize(
    "said", ["football is off evry time it ranes", "he wrote a rap", "he said 'im good'"]
)
def test_other_words_are_not_taken_for_slips(said: str) -> None:
    assert hear(said) is None


def test_danger_in_the_middle_of_a_book_is_heard() -> None:
    talk = "we went to the park and had our lunch and it was nice "
    assert hear(talk * 400) is None
    assert hear(talk * 200 + ". my dad punches me in the face . " + talk * 200) is not None
