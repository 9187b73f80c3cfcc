"""Hear what the words of a short sentence mean in any order, as in telegraphic speech: "man touch no like"."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from core.safeguarding.net import NEGATIONS, Found, Word
from core.safeguarding.words import NOTHING

SHORT: Final = 8
"""The most words of a sentence in which words count in any order."""

_WIDEST_TOGETHER: Final = 6
_GOOD: Final = frozenset({"like", "nice", "good", "okay", "right", "kind"})
_IN_THE_LIST: Final = attrgetter("phrase")


@dataclass(frozen=True, slots=True)
class Together:
    """Words that mean something in any order, close to each other, in a short message."""

    phrase: int
    parts: tuple[frozenset[str], ...]


def by_rarest_part(rules: Sequence[Together]) -> dict[str, tuple[Together, ...]]:
    """Find rules by the meanings of one of their parts, which is in the fewest rules: most words then call for none."""
    shared = Counter(meaning for rule in rules for part in rule.parts for meaning in part)
    found: dict[str, list[Together]] = {}
    for rule in rules:
        for meaning in min(rule.parts, key=lambda part: sum(shared[each] for each in part)):
            found.setdefault(meaning, []).append(rule)
    return {meaning: tuple(some) for meaning, some in found.items()}


def find_in_any_order(words: Sequence[Word], together: Mapping[str, Sequence[Together]]) -> Iterator[Found]:
    """Find what the words of a short sentence mean in any order; `together` by a meaning that must be said."""
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or words[end].opens_sentence:
            if end - start <= SHORT:
                sentence = words[start:end]
                said = NOTHING.union(*(word.meanings for word in sentence))
                called_for = {rule for meaning in said for rule in together.get(meaning, ())}
                for rule in sorted(called_for, key=_IN_THE_LIST):
                    if _holds_all(sentence, rule):
                        yield Found(rule.phrase, start, end, about_other_child=False)
            start = end


def _holds_all(words: Sequence[Word], rule: Together) -> bool:
    """Say whether each part is among the words, each by a word of its own, near each other.

    A "not" that is no part itself takes the meaning away: "he never hits me".
    """
    places: list[int] = []
    for part in rule.parts:
        fitting = (
            n for n, word in enumerate(words) if n not in places and not part.isdisjoint(word.meanings)
        )
        place = next(fitting, None)
        if place is None:
            return False
        places.append(place)
    if any(_denies(words, n) for n in range(len(words)) if n not in places):
        return False
    return max(places) - min(places) < _WIDEST_TOGETHER


def _denies(words: Sequence[Word], place: int) -> bool:
    """Say whether there is a "not" here that takes a meaning away; "not nice" adds to it."""
    follows = words[place + 1].text if place + 1 < len(words) else ""
    return words[place].text in NEGATIONS and follows not in _GOOD
