"""The words of English by which a name, a slip or another language is told from an everyday word."""

from functools import cache
from typing import Final

from textblob.en import spelling as known_words

SEEN_OFTEN: Final = 4
"""How often a word must stand in the list's own texts to be English, and not somebody's slip."""

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@cache
def english_words() -> frozenset[str]:
    """Give the words that are written often enough to be no slip (of a list of 29,000 that textblob brings)."""
    known_words.load()
    return frozenset(word.casefold() for word, count in known_words.items() if count >= SEEN_OFTEN)


@cache
def all_english_words() -> frozenset[str]:
    """Give every word of that list, seldom ones too: for asking whether somebody writes English at all."""
    known_words.load()
    return frozenset(word.casefold() for word in known_words)


def is_near_english(word: str, known: frozenset[str]) -> bool:
    """Say whether a word is known, or one letter more, less, other or swapped makes it so: "alwys", "borred"."""
    if word in known:
        return True
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    shorter = (left + right[1:] for left, right in parts if right)
    swapped = (left + right[1] + right[0] + right[2:] for left, right in parts if right[1:])
    other = (left + letter + right[1:] for left, right in parts if right for letter in _LETTERS)
    longer = (left + letter + right for left, right in parts for letter in _LETTERS)
    return any(candidate in known for each in (shorter, swapped, other, longer) for candidate in each)
