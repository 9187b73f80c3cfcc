"""Find many phrases in a message at once, in one pass over its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

GAP_WORDS: Final = 5
"""How many other words ".." in a phrase may stand for; never over the end of a sentence."""

ABOUT_SELF: Final = frozenset({"{i}", "{me}", "{my}", "{myself}"})
"""The sets that name who is at risk. When another child stands there, the phrase is about that child."""

NEGATIONS: Final = frozenset({"not", "never", "nobody", "without", "neither", "none"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message: all that it may stand for, and how it stands in the text."""

    text: str
    meanings: frozenset[str]  # the word itself and the "{sets}" it belongs to
    is_other_child: bool = False
    opens_sentence: bool = False


@dataclass(slots=True)
class Node:
    """What has been heard of some phrases so far, and what may come next."""

    following: dict[str, "Node"] = field(default_factory=dict)
    after_gap: "Node | None" = None
    complete: list[int] = field(default_factory=list)

    def add(self, parts: Sequence[str], phrase: int) -> None:
        """Put one phrase in: `parts` are words, "{sets}" and ".." in order."""
        node = self
        for part in parts:
            if part == "..":
                node.after_gap = node.after_gap or Node()
                node = node.after_gap
            else:
                node = node.following.setdefault(part, Node())
        if phrase not in node.complete:
            node.complete.append(phrase)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a phrase was found: words `start` to `end` (not included)."""

    phrase: int
    start: int
    end: int
    about_other_child: bool


@dataclass(frozen=True, slots=True)
class _Trail:
    node: Node
    start: int
    about_other_child: bool
    words_left: int  # of a gap


def find_in(net: Node, words: Sequence[Word]) -> Iterator[Found]:
    """Find every phrase of the net in the words, in time that grows with their number."""
    trails: Sequence[_Trail] = ()
    for place, word in enumerate(words):
        fresh = _Trail(net, place, about_other_child=False, words_left=0)
        # Of two trails that may go on alike, the one that began later goes on for longer.
        further: dict[tuple[int, bool, bool], _Trail] = {}
        for trail in (*trails, fresh) if word.meanings else trails:
            for next_one in _follow(trail, word):
                further[id(next_one.node), next_one.about_other_child, next_one.words_left > 0] = next_one
        trails = list(further.values())
        for trail in trails:
            if not trail.words_left:
                for phrase in trail.node.complete:
                    yield Found(phrase, trail.start, place + 1, trail.about_other_child)


def _follow(trail: _Trail, word: Word) -> Iterator[_Trail]:
    following = trail.node.following
    few, many = sorted((following, word.meanings), key=len)
    for meaning in few:
        if meaning in many:
            node = following[meaning]
            other = trail.about_other_child or (word.is_other_child and meaning in ABOUT_SELF)
            yield _Trail(node, trail.start, other, words_left=0)
            if node.after_gap is not None:
                yield _Trail(node.after_gap, trail.start, other, words_left=GAP_WORDS + 1)
    if trail.words_left > 1 and not word.opens_sentence and word.text not in NEGATIONS:
        yield _Trail(trail.node, trail.start, trail.about_other_child, trail.words_left - 1)
