"""Say of most messages at once, by their words as they are written, that no phrase can be in them.

Every word has the number of all parts of phrases for which it may stand, by itself or read with the next one. Where
these numbers together lack a part of each phrase, there is nothing to hear: the order of the words, gaps, and who a
phrase is about are left out. Whatever is not written in letters of the keyboard is looked at closely.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from core.safeguarding.apostrophes import write_out
from core.safeguarding.sieve import Parts
from core.safeguarding.words import LETTERS_APART, STANDS_FOR_OTHER, Lexicon, spell

_MASKED: Final = re.compile(r"[0-9@$*]|[a-z][!|+]+[a-z]")
"""Figures and signs that may stand for letters."""
_WORD: Final = re.compile("[a-z]+")
_LOOKED_THROUGH: Final = 200
"""After so many words it is seen whether the text needs a closer look: then the rest is not read twice."""


class Skim:
    """Knows for which parts of all phrases each written word may stand."""

    def __init__(self, ways: Iterable[Sequence[Collection[str]]], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._parts = Parts()
        for way in ways:
            self._parts.add(way)
        self._of_two = {two: self._of_words(_results(joined)) for two, joined in lexicon.joined.items()}
        self._of_first: dict[str, int] = {}
        for (first, _), parts in self._of_two.items():
            self._of_first[first] = self._of_first.get(first, 0) | parts
        self._of_one = {word: self._of_words((word,)) for word in lexicon.meanings}
        self._spelt = {word: spelt[0] for word, spelt in lexicon.spelling.items()}
        self._of_one |= {word: self._of_spelt(spelt) for word, spelt in lexicon.spelling.items()}

    def finds_nothing(self, text: str) -> bool:
        """Say whether surely no phrase is in a raw message; False where that would need a closer look."""
        if not text.isascii():
            return False
        plain = write_out(text.casefold())
        if _MASKED.search(plain):
            return False
        words = _WORD.findall(plain)
        if sum([len(word) == 1 for word in words]) >= LETTERS_APART:
            return False
        return not any(self._parts.hold_one_way(said) for said in self._of_all(words))

    def _of_all(self, words: Iterable[str]) -> Iterator[int]:
        """Give the parts of all words so far, now and again and at the end."""
        said, before = 0, ""
        for number, word in enumerate(words, start=1):
            parts, first = self._of_one.get(word), self._spelt.get(word, word)
            if parts is None and word not in self._lexicon.real_words:
                spelt = spell(word, self._lexicon)
                parts, first = self._of_spelt(spelt), spelt[0]
            said |= parts or 0
            said |= self._of_two.get((before, first), 0)
            before = word
            if number % _LOOKED_THROUGH == 0:
                yield said
        yield said

    def _of_spelt(self, spelt: Sequence[str]) -> int:
        """Give the parts of what a word is read as, also read with whatever may come after it."""
        parts = self._of_words(spelt)
        for word in spelt:
            parts |= self._of_first.get(word, 0)
        return parts

    def _of_words(self, words: Iterable[str]) -> int:
        parts = 0
        for word in words:
            parts |= self._parts.of_meanings(self._lexicon.meanings.get(word, ()))
            parts |= self._parts.of_meanings(STANDS_FOR_OTHER.get(word, ()))
        return parts


def _results(joined: Mapping[tuple[str, ...], tuple[str, ...]]) -> set[str]:
    return {word for meant in joined.values() for word in meant}
