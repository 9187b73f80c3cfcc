"""Small worlds of people to protect."""

from collections import Counter

from hypothesis import strategies as st

from core.summaries.numbers import Path, Split
from core.summaries.protect import Tally

SPLITS = (
    Split("answer", ("good", "middle", "bad")),
    Split("district", ("Redditch", "Worcester", "Wychavon")),
    Split("age", ("0-10", "11-12")),
    Split("helped_by", ("just me", "parent")),
    Split("channel", ("sms", "web")),
)


def at(*categories: str) -> Path:
    """Give a full path, with the first category where none is said."""
    rest = [split.categories[0] for split in SPLITS[len(categories) :]]
    return (*categories, *rest)


def tally(people: dict[Path, int]) -> Tally:
    return Tally.of(people)


def answers(**people: int) -> dict[Path, int]:
    return {at(answer): count for answer, count in people.items()}


def worlds(most: int = 60) -> st.SearchStrategy[dict[Path, int]]:
    """Any people at all: many at few places, so that pools, merges and one-sided groups all come up."""
    path = st.tuples(*(st.sampled_from(split.categories) for split in SPLITS))
    return st.dictionaries(path, st.integers(0, most), max_size=14)


def parts_of(people: dict[Path, int]) -> st.SearchStrategy[dict[Path, int]]:
    """Some of these people, at the places where they are."""
    return st.fixed_dictionaries({path: st.integers(0, count) for path, count in people.items()})


def whole(people: dict[Path, int]) -> int:
    return sum(Counter(people).values())
