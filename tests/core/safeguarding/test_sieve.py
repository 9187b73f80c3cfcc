"""A sieve may let nothing through in which something would be heard; what it lets through may be nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.safeguarding.any_order import Together, by_rarest_part, find_in_any_order
from core.safeguarding.examples import load_examples
from core.safeguarding.net import Node, Word, find_in
from core.safeguarding.sieve import InAnyOrder, InOrder
from core.safeguarding.words import hear_words
from tests.builders import lists, settings_for_tests

PHRASES = lists().phrases
LETTERS = st.sampled_from("abcd")
WAYS = st.lists(st.lists(st.sampled_from(["a", "b", "c", "{x}", ".."]), min_size=1, max_size=4), max_size=6)


def word(letter: str, *, opens: bool = False) -> Word:
    """A word of one letter; a and d are of the set x too."""
    return Word(letter, frozenset({letter, "{x}"} if letter in "ad" else {letter}), opens_sentence=opens)


WORDS = st.lists(st.builds(word, LETTERS, opens=st.booleans()), max_size=12)


def net_of(ways: list[list[str]]) -> Node:
    net = Node()
    for number, parts in enumerate(ways):
        net.add(parts, number)
    return net


@given(WAYS, WORDS)
def test_whatever_a_net_finds_passes_its_sieve(ways: list[list[str]], words: list[Word]) -> None:
    net = net_of(ways)
    if any(find_in(net, words)):
        assert InOrder(net).lets_through(words)


@given(st.lists(st.lists(st.frozensets(LETTERS, min_size=1), min_size=1, max_size=3), max_size=6), WORDS)
def test_whatever_is_found_in_any_order_passes_its_sieve(
    parts: list[list[frozenset[str]]], words: list[Word]
) -> None:
    rules = [Together(number, tuple(some)) for number, some in enumerate(parts)]
    if any(find_in_any_order(words, by_rarest_part(rules))):
        assert InAnyOrder([rule.parts for rule in rules]).lets_through(words)


@pytest.mark.parametrize("said", ["b a", "a c", "b", "d"])
def test_what_is_not_said_in_its_order_is_kept_back(said: str) -> None:
    net = net_of([["a", "b"], ["b", "..", "c"], ["d", "d"]])
    assert not InOrder(net).lets_through([word(letter) for letter in said.split()])


def test_all_that_is_heard_of_our_own_examples_passes() -> None:
    settings = settings_for_tests()
    examples = load_examples(settings.hys_home / "data" / "safeguarding_examples.yml")
    for text in (*examples.danger, *examples.worry):
        words = hear_words(text, PHRASES.lexicon)
        assert PHRASES.sieves.net.lets_through(words) or not any(find_in(PHRASES.net, words))
        found = any(find_in_any_order(words, PHRASES.together))
        assert PHRASES.sieves.together.lets_through(words) or not found


@pytest.mark.parametrize("text", ["i like art", "the bus is late", "my teacher helps me with maths"])
def test_everyday_words_are_kept_back_at_once(text: str) -> None:
    words = hear_words(text, PHRASES.lexicon)
    assert not PHRASES.sieves.net.lets_through(words)
    assert not PHRASES.sieves.together.lets_through(words)
