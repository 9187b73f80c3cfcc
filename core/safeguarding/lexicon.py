"""Build the words that phrases are made of, with all the ways in which people write them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from textblob.en import spelling as known_words

from core.safeguarding.words import Lexicon, slips_of, sounds_of

SEEN_OFTEN: Final = 4
"""How often a word must stand in the list's own texts to be English, and not somebody's slip."""


def build_lexicon(
    sets: Mapping[str, Sequence[str]],
    words: Iterable[str],
    *,
    spelling: Mapping[str, str],
    symbols: Mapping[str, str],
    real_words: Iterable[str],
) -> Lexicon:
    """Put together what each word may stand for; a member of a set of several words is read as one word."""
    meanings: dict[str, list[str]] = {}
    for name, members in sets.items():
        for member in members:
            meanings.setdefault(member, [member]).append(f"{{{name}}}")
            for word in member.split():
                meanings.setdefault(word, [word])
    for word in words:
        meanings.setdefault(word, [word])
    several = {member for members in sets.values() for member in members if " " in member}
    written = {key.casefold(): tuple(value.casefold().split()) for key, value in spelling.items()}
    single = [word for word in meanings if " " not in word]
    return Lexicon(
        meanings={word: frozenset(names) for word, names in meanings.items()},
        spelling={key: value for key, value in written.items() if " " not in key},
        joined={
            **{tuple(key.split()): value for key, value in written.items() if " " in key},
            **{tuple(member.split()): (member,) for member in several},
        },
        symbols={ord(c): f" {word} " for key, word in symbols.items() for c in key},
        real_words=frozenset(word for line in real_words for word in line.casefold().split())
        | english_words(),
        slips=slips_of(single),
        sounds=sounds_of(single),
    )


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
