"""Read several written words as one meaning, wherever the lexicon knows them together."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final

_LONGEST_JOIN: Final = 4

Joined = Mapping[tuple[str, str], Mapping[tuple[str, ...], tuple[str, ...]]]
"""What several written words mean together, sorted by the first two: most two words begin nothing like that."""


def join_words(words: Sequence[tuple[str, bool]], known: Joined) -> Iterator[tuple[str, bool]]:
    """Read several written words as what they mean together: "no one", "my best friend"."""
    place, last = 0, len(words) - 1
    while place < last:
        joined = known.get((words[place][0], words[place + 1][0]))
        length = 0 if joined is None else _longest(joined, words, place)
        if joined is None or not length:
            yield words[place]
            place += 1
            continue
        for number, word in enumerate(joined[_together(words, place, length)]):
            yield word, words[place][1] and not number
        place += length
    yield from words[place:]


def _longest(joined: Container[tuple[str, ...]], words: Sequence[tuple[str, bool]], place: int) -> int:
    """Say how many words from here are written as one, at most; 0 when none are."""
    lengths = range(_LONGEST_JOIN, 1, -1)
    return next((length for length in lengths if _together(words, place, length) in joined), 0)


def _together(words: Sequence[tuple[str, bool]], place: int, length: int) -> tuple[str, ...]:
    return tuple([word for word, _ in words[place : place + length]])


def by_first_two(
    joined: Iterable[tuple[tuple[str, ...], tuple[str, ...]]],
) -> dict[tuple[str, str], dict[tuple[str, ...], tuple[str, ...]]]:
    """Sort what several words mean; where two entries say the same words, the later one counts."""
    found: dict[tuple[str, str], dict[tuple[str, ...], tuple[str, ...]]] = {}
    for together, meant in joined:
        found.setdefault((together[0], together[1]), {})[together] = meant
    return found
