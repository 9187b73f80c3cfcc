"""Say of most messages at once that no phrase can be in them, so that only the others are looked at closely.

Each part of each way to say a phrase is one bit of a long number, the parts of one way side by side. A word is the
number of all parts that it may stand for: so a few operations on whole numbers follow every phrase at the same time.
A gap is taken for as long as you like, and who a phrase is about is left out: what is let through may be nothing, and
what is kept back is surely nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from core.safeguarding.net import Node, Word


class Parts:
    """The bits of all parts, by the meaning that a word must have to stand for them."""

    def __init__(self) -> None:
        self.count = 0
        self.first = self.last = 0
        self._standing_for: dict[str, int] = {}
        self._of_word: dict[frozenset[str], int] = {}

    def add(self, parts: Sequence[Collection[str]]) -> None:
        """Put in one way to say something: for each part the meanings that will do."""
        self.first |= 1 << self.count
        for part in parts:
            for meaning in part:
                self._standing_for[meaning] = self._standing_for.get(meaning, 0) | 1 << self.count
            self.count += 1
        self.last |= 1 << (self.count - 1)

    def of(self, word: Word) -> int:
        """Give the parts that a word may stand for; kept, for the words of phrases are not many."""
        found = self._of_word.get(word.meanings)
        if found is None:
            found = self._of_word[word.meanings] = self.of_meanings(word.meanings)
        return found

    def of_meanings(self, meanings: Iterable[str]) -> int:
        """Give the parts that a word with these meanings may stand for."""
        found = 0
        for meaning in meanings:
            found |= self._standing_for.get(meaning, 0)
        return found

    def hold_one_way(self, said: int) -> bool:
        """Say whether these parts hold all of one way to say something, in whatever order."""
        all_so_far = said & self.first
        while all_so_far:
            if all_so_far & self.last:
                return True
            all_so_far = all_so_far << 1 & said
        return False


class InOrder:
    """A sieve for a net of phrases, whose words come one after the other."""

    def __init__(self, net: Node) -> None:
        self._parts = Parts()
        self._before_gap = 0
        for way in ways_of(net):
            start = self._parts.count
            self._parts.add([(part,) for part in way if part != ".."])
            place = start - 1
            for part in way:
                if part == "..":
                    self._before_gap |= 1 << place
                else:
                    place += 1

    def lets_through(self, words: Sequence[Word]) -> bool:
        """Say whether a phrase of the net may be in these words."""
        parts = self._parts
        heard = waiting = 0  # the parts that end with this word; those with a gap after them
        for word in words:
            if not (here := parts.of(word)):
                heard = 0
                continue
            heard = ((heard | waiting) << 1 | parts.first) & here
            if heard & parts.last:
                return True
            waiting |= heard & self._before_gap
        return False


class InAnyOrder:
    """A sieve for rules of which each part must be said somewhere."""

    def __init__(self, rules: Iterable[Sequence[Collection[str]]]) -> None:
        self._parts = Parts()
        for parts in rules:
            self._parts.add(parts)

    def lets_through(self, words: Sequence[Word]) -> bool:
        """Say whether each part of some rule may be said by these words."""
        parts = self._parts
        said = 0
        for word in words:
            said |= parts.of(word)
        return parts.hold_one_way(said)


def ways_of(net: Node) -> Iterator[tuple[str, ...]]:
    """Give every way to say a phrase of the net, its words and gaps in order."""
    open_ends: list[tuple[Node, tuple[str, ...]]] = [(net, ())]
    while open_ends:
        node, way = open_ends.pop()
        if node.complete and way:
            yield way
        open_ends += [(after, (*way, part)) for part, after in node.following.items()]
        if node.after_gap is not None and way:
            open_ends.append((node.after_gap, (*way, "..")))
