"""A text as words: where each stands, and whether its capital letter tells anything."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.text.name_words import NO_NAME

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SENTENCE_END: Final = re.compile(r"[.!?\n:\"]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written and in small letters; `is_capital` only where a capital marks a name."""

    text: str
    plain: str
    start: int
    end: int
    opens_sentence: bool
    is_capital: bool
    touches_next: bool = False


NO_WORD: Final = Word("", "", 0, 0, opens_sentence=False, is_capital=False)


def read_words(text: str) -> list[Word]:
    """Read the words of a text, each without the "'s" of an owner."""
    matches = list(_TOKEN.finditer(text))
    marks_names = not text.isupper() and not _is_written_in_capitals(matches)
    words: list[Word] = []
    end = 0
    for match in matches:
        written = re.sub(r"['\u2019]s$", "", match.group())
        between = text[end : match.start()]
        words.append(
            Word(
                text=written,
                plain=written.casefold().replace("\u2019", "'"),
                start=match.start(),
                end=match.start() + len(written),
                opens_sentence=not words
                or (_SENTENCE_END.search(between) is not None and not is_initial(words[-1])),
                is_capital=written[0].isupper() and marks_names,
                touches_next=between in {" ", ". ", "-", "  "},
            )
        )
        end = match.end()
    return words


def _is_written_in_capitals(matches: Sequence[re.Match[str]]) -> bool:
    """Say whether Most Everyday Words Are Written Like This: then a capital marks no name."""
    everyday = [
        match.group()[0].isupper()
        for match in matches[1:]
        if match.group().casefold() in NO_NAME and match.group()[0] not in "Ii"
    ]
    return sum(everyday) * 2 > len(everyday)


def is_initial(word: Word) -> bool:
    """Say whether a word is the first letter of a name: "J. Marsden"."""
    return len(word.text) == 1 and word.is_capital and word.text not in "AI"
