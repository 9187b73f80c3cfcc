"""Codes that a young person can write down and type: some words of a list of 1,024, and a picture for each.

A code is known by its shape alone, before anything else looks at the message: nothing but 3, 4 or 5 words of the
list, in any case, with or without spaces, commas and "and", and with at most one slip.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache
from itertools import dropwhile
from pathlib import Path
from random import Random
from typing import Final

from rapidfuzz.distance import OSA

FILE: Final = Path(__file__).resolve().parents[2] / "data" / "code_words.txt"
LONGEST_CHARACTERS: Final = 120
SHORTEST_WORD: Final = 4
LONGEST_WORD: Final = 11
_LEADS: Final = frozenset(
    "hi hello ok here is heres this its it my the delete return link code words are".split()
)
"""What people say before a code; none of it is in the list."""

PICTURES: Final = (
    "birthday", "book", "bus", "clock", "computer", "food", "hello", "home",
    "hospital", "key_worker", "letter", "listen", "morning", "music", "park", "phone",
    "plan", "private", "question", "quiet", "robot", "school", "shop", "sleep",
    "sound", "talk", "teacher", "thank_you", "town", "walk", "work", "write",
)  # fmt: skip
"""32 pictures of ours. A picture of each of 1,024 words does not exist in one style: so a word's picture is two
of these side by side, which makes 1,024 as well."""


class CodeKind(IntEnum):
    """What a code is for; the number of its words tells."""

    LINK = 3
    DELETE = 4
    RETURN = 5


@cache
def code_words() -> tuple[str, ...]:
    """Read the list."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _places() -> dict[str, int]:
    return {word: place for place, word in enumerate(code_words())}


def draw_code(kind: CodeKind, rng: Random) -> tuple[str, ...]:
    """Draw the words of a code: 10 bits each. `rng` must be a SystemRandom outside tests."""
    return tuple(rng.choice(code_words()) for _ in range(kind))


def pictures_of(word: str) -> tuple[str, str]:
    """Name the two pictures that stand for a word."""
    first, second = divmod(_places()[word], len(PICTURES))
    return PICTURES[first], PICTURES[second]


def read_code(text: str) -> tuple[str, ...] | None:
    """Give the words of a code, spelt right, when a message is a code and nothing else."""
    if len(text) > LONGEST_CHARACTERS:
        return None
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "")
    pieces = re.findall(r"[^\W\d_]+", plain)
    said = [piece for piece in dropwhile(_LEADS.__contains__, pieces) if piece != "and"]
    return _word_by_word(said) or _run_together("".join(said))


def _word_by_word(said: Sequence[str]) -> tuple[str, ...] | None:
    """Take each piece for a word; one of them may have a slip."""
    if len(said) not in tuple(CodeKind):
        return None
    meant = [piece if piece in _places() else None for piece in said]
    slips = [place for place, word in enumerate(meant) if word is None]
    if len(slips) > 1 or (slips and len(said) == CodeKind.LINK):
        return None
    for place in slips:
        meant[place] = _mend(said[place])
    words = tuple(word for word in meant if word is not None)
    return words if len(words) == len(said) else None


def _mend(piece: str) -> str | None:
    """Give the one word of the list that a piece is one slip away from."""
    if len(piece) < SHORTEST_WORD - 1:
        return None
    near = [word for word in code_words() if OSA.distance(piece, word, score_cutoff=1) == 1]
    return near[0] if len(near) == 1 else None


def _run_together(letters: str) -> tuple[str, ...] | None:
    """Find the one way to cut letters into words of the list, as when spaces were lost or put in words."""
    found: list[tuple[str, ...]] = []
    for words in _cut(letters, CodeKind.RETURN):
        if len(words) in (CodeKind.DELETE, CodeKind.RETURN):
            found.append(words)
        if len(found) > 1:
            return None
    return found[0] if found else None


def _cut(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield ()
        return
    if most == 0:
        return
    for size in range(SHORTEST_WORD, min(len(letters), LONGEST_WORD) + 1):
        if letters[:size] in _places():
            for rest in _cut(letters[size:], most - 1):
                yield (letters[:size], *rest)
