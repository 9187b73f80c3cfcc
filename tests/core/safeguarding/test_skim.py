"""Skimming may keep nothing back in which a phrase would be heard, however it is written."""

import random
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.safeguarding.any_order import find_in_any_order
from core.safeguarding.examples import load_examples
from core.safeguarding.net import find_in
from core.safeguarding.words import Lexicon, hear_words, spell
from tests.builders import lists, settings_for_tests

PHRASES = lists().phrases
LEXICON = PHRASES.lexicon
EXAMPLES = load_examples(settings_for_tests().hys_home / "data" / "safeguarding_examples.yml")
TOLD = [*EXAMPLES.danger, *EXAMPLES.worry]
WRITTEN = sorted({*LEXICON.spelling, *LEXICON.meanings, *chain.from_iterable(LEXICON.joined)})
GAPS = st.sampled_from([" ", ", ", ". ", "\n", "-", "! ", "'", " 😭 ", "@", "1"])


def is_a_phrase_in(text: str) -> bool:
    """Look closely, without skimming first."""
    words = hear_words(text, LEXICON)
    return (
        any(find_in(PHRASES.net, words))
        or any(find_in(PHRASES.whole, words))
        or any(find_in_any_order(words, PHRASES.together))
    )


def is_sound(text: str) -> bool:
    return not (PHRASES.sieves.written.finds_nothing(text) and is_a_phrase_in(text))


@pytest.mark.parametrize(
    "told", [TOLD, [text.upper() for text in TOLD], [text.replace(" ", ". ") for text in TOLD]]
)
def test_nothing_that_is_told_in_our_examples_is_kept_back(told: list[str]) -> None:
    assert [text for text in told if not is_sound(text)] == []


@settings(max_examples=400)
@given(st.sampled_from(TOLD), st.data())
def test_nor_when_letters_are_left_out_doubled_or_swapped(told: str, data: st.DataObject) -> None:
    rng = random.Random(data.draw(st.integers(0, 10_000)))
    letters = list(told)
    for _ in range(data.draw(st.integers(1, 4))):
        place = rng.randrange(len(letters))
        letters[place] = rng.choice(["", letters[place] * 2, letters[place] + " ", "*", "!", "\u0430", "e"])
    assert is_sound("".join(letters))


@settings(max_examples=600)
@given(st.lists(st.tuples(st.sampled_from(WRITTEN), GAPS), min_size=1, max_size=8))
def test_nor_when_words_of_phrases_are_thrown_together(words: list[tuple[str, str]]) -> None:
    assert is_sound("".join(word + gap for word, gap in words))


@pytest.mark.parametrize(
    "text", ["i like art", "the bus is late", "my teacher helps me with maths", "", "?!"]
)
def test_everyday_words_are_kept_back_at_once(text: str) -> None:
    assert PHRASES.sieves.written.finds_nothing(text)


@pytest.mark.parametrize("text", ["k i l l", "h!t", "k1ll", "f*ck", "\u0430 b", "5"])
def test_what_is_not_in_plain_letters_is_looked_at_closely(text: str) -> None:
    assert not PHRASES.sieves.written.finds_nothing(text)


def test_of_a_long_text_that_needs_a_closer_look_little_is_read_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spelt: list[str] = []

    def spell_and_count(word: str, lexicon: Lexicon) -> tuple[str, ...]:
        spelt.append(word)
        return spell(word, lexicon)

    monkeypatch.setattr("core.safeguarding.skim.spell", spell_and_count)
    assert not PHRASES.sieves.written.finds_nothing("my dad hits me " + "mysellf killl hurtts " * 9_000)
    assert len(spelt) < 1_000
    assert not PHRASES.sieves.written.finds_nothing("la " * 60_000 + "my dad hits me")
