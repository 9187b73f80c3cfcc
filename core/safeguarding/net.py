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


# Where a phrase may go on: a node, where it began, whether it is about another child, and the words left of a gap.
# Plain tuples: very many are made of each message.
_Trail = tuple[Node, int, bool, int]


def find_in(net: Node, words: Sequence[Word]) -> Iterator[Found]:
    """Find every phrase of the net in the words, in time that grows with their number."""
    trails: list[_Trail] = []
    for place, word in enumerate(words):
        # Of two trails that may go on alike, the one that began later goes on for longer.
        further: dict[tuple[int, bool, bool], _Trail] = {}
        if word.meanings:
            trails.append((net, place, False, 0))
        for trail in trails:
            _follow(trail, word, further)
        trails = list(further.values())
        yield from _complete(trails, place + 1)


def _complete(trails: Sequence[_Trail], end: int) -> Iterator[Found]:
    for node, start, about_other_child, words_left in trails:
        if node.complete and not words_left:
            for phrase in node.complete:
                yield Found(phrase, start, end, about_other_child)


def _follow(
    trail: _Trail,
    word: Word,
    further: dict[tuple[int, bool, bool], _Trail],
) -> None:
    """Put into `further` each way in which a trail goes on with this word, by what tells it from others."""
    node, start, about_other_child, words_left = trail
    following = node.following
    few, many = (
        (following, word.meanings) if len(following) < len(word.meanings) else (word.meanings, following)
    )
    for meaning in few:
        if meaning not in many:
            continue
        after = following[meaning]
        other = about_other_child or (word.is_other_child and meaning in ABOUT_SELF)
        further[id(after), other, False] = (after, start, other, 0)
        gap = after.after_gap
        if gap is not None:
            further[id(gap), other, True] = (gap, start, other, GAP_WORDS + 1)
    if words_left > 1 and not word.opens_sentence and word.text not in NEGATIONS:
        further[id(node), about_other_child, True] = (node, start, about_other_child, words_left - 1)
