"""Typed text is kept exactly, shown safely, and is never a command to Rasa."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.clean import REPLACEMENT, clean_text, for_rasa, is_only_symbols, storable

ANY_TEXT = st.text(
    st.characters(codec=None, categories=None) | st.sampled_from("/\x00\ud800\udfff \u3000\u200b\n\r\t\uff0f")
)


@given(ANY_TEXT)
def test_cleaned_text_is_never_a_command_to_rasa(text: str) -> None:
    assert not clean_text(text).strip().startswith("/")
    assert not for_rasa(text).strip().startswith("/")


@given(st.text(st.sampled_from("/ \t\n\u2028\u00a0\uff0f\u200d\u0301a\x1c\x00"), max_size=40))
def test_white_space_and_slashes_in_any_mixture_leave_no_command(text: str) -> None:
    assert not clean_text(text).strip().startswith("/")


@given(ANY_TEXT)
def test_cleaned_text_holds_nothing_unseen_and_can_be_stored(text: str) -> None:
    cleaned = clean_text(text)
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in cleaned)
    assert unicodedata.is_normalized("NFKC", cleaned)
    assert storable(cleaned) == cleaned


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(ANY_TEXT)
def test_what_is_stored_is_exactly_what_was_typed_but_for_nul_and_lone_surrogates(text: str) -> None:
    kept = storable(text)
    kept.encode("utf-8")
    assert len(kept) == len(text)
    assert all(k in (t, REPLACEMENT) for k, t in zip(kept, text, strict=True))
    assert "\x00" not in kept


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  hello ", "hello"),
        ("/restart", "restart"),
        (" / /\u200b/ \uff0frestart", "restart"),
        ("i like art/music", "i like art/music"),
        ("one\ttwo\r\nthree\u2028four\x85five", "one two\nthree\nfour\nfive"),
        ("a\u00adb\u200bc\x07d\ufeff", "abcd"),
        ("\uff28\uff45\uff4c\uff4c\uff4f \u2460", "Hello 1"),
        ("e\u200d\u0301", "\u00e9"),
        ("bad\x00", "bad" + REPLACEMENT),
        ("\ud83d", REPLACEMENT),
        ("//// \n /", ""),
    ],
)
def test_typed_text_is_cleaned(typed: str, cleaned: str) -> None:
    assert clean_text(typed) == cleaned


def test_rasa_gets_the_first_two_thousand_characters() -> None:
    assert for_rasa("/ " + "a" * 5_000) == "a" * 2_000


@pytest.mark.parametrize(
    "text",
    [
        "/ " * 100_000,
        "\u200d/" * 100_000,
        "e" + "\u0301\u0316" * 100_000,
        ("\u0301\u200d" + "\u0316") * 60_000,
        "word " * 40_000,
    ],
)
def test_two_hundred_kilobytes_are_cleaned_in_a_moment(text: str) -> None:
    started = time.process_time()
    clean_text(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "said",
    [
        "\U0001f622",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f",
        "\U0001f44d\U0001f3fd!!",
        "1\ufe0f\u20e3",
        "\U0001f1ec\U0001f1e7",
    ],
)
def test_emoji_alone_are_only_symbols(said: str) -> None:
    assert is_only_symbols(said)


@pytest.mark.parametrize("said", ["", "  ", "???", "ok \U0001f622", "2", "\u0633\u0644\u0627\u0645"])
def test_words_numbers_and_silence_are_not_only_symbols(said: str) -> None:
    assert not is_only_symbols(said)
