"""Attack a release before it is frozen, and refuse it when anything under k could be told from it.

This audit knows the rules, as an attacker does, and shares no code with `protect`. It checks that every leaf
and every number in every table has at least k people, that no two numbers one of which holds the other
differ by less, that a theme taken from its area leaves nobody alone, that no "nearly all" can be added up
again, and, by running through every way in which a pool can have come about, that no hidden category is
pinned to 1 to k-1 people. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.summaries.homogeneity import Protected
from core.summaries.numbers import DIMENSIONS, NOT_BROKEN_DOWN, Leaf, Path, Shown, Split, matches
from core.summaries.tabulate import TABLES, tabulate


@dataclass(frozen=True, slots=True)
class Attacked:
    """One measure as it would be frozen, with its k-leaves; `wider` names the measure around it."""

    measure: str
    splits: tuple[Split, ...]
    leaves: tuple[Leaf, ...]
    protected: Protected
    wider: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must not be published, said without its number."""

    measure: str
    what: str


def audit_release(measures: Sequence[Attacked], *, k: int) -> tuple[Finding, ...]:
    """List what the release would give away; only an empty list may be frozen."""
    by_name = {measure.measure: measure for measure in measures}
    return tuple(
        Finding(measure.measure, what) for measure in measures for what in _attack(measure, by_name, k)
    )


def _attack(measure: Attacked, others: Mapping[str, Attacked], k: int) -> Iterator[str]:
    if any(leaf.people < k for leaf in (*measure.leaves, *measure.protected.leaves)):
        yield "a leaf is too small"
    yield from _small_numbers(measure, k)
    yield from _nearly_all_given_back(measure)
    if measure.wider is None:
        yield from _pinned_categories(measure, k)
    else:
        yield from _left_alone_in_wider(measure, others[measure.wider], k)


def _small_numbers(measure: Attacked, k: int) -> Iterator[str]:
    """Look at every number of every table, and at what is left of a total when all its parts are taken."""
    for table in TABLES:
        shown = [
            row.number.people
            for row in tabulate(measure.protected, measure.splits, table, where={})
            if isinstance(row.number, Shown)
        ]
        if any(people < k for people in shown):
            yield f"a number by {_name(table)} is too small"
        total = sum(leaf.people for leaf in measure.protected.leaves)
        if 0 < total - sum(shown) < k:
            yield f"a number by {_name(table)} is left over from the total"


def _name(table: frozenset[str]) -> str:
    return ", ".join(name for name in DIMENSIONS if name in table) or "nothing"


def _nearly_all_given_back(measure: Attacked) -> Iterator[str]:
    """A number with a symbol must not be a sum of frozen leaves: each part of it is melted, or not there at all."""
    for mark in measure.protected.marks:
        parts = [leaf for leaf in measure.leaves if matches(leaf.path, mark)]
        if all(leaf in measure.protected.leaves for leaf in parts):
            yield "a number that has a symbol can be added up"


def _left_alone_in_wider(measure: Attacked, wider: Attacked, k: int) -> Iterator[str]:
    """Take a theme from its area at every place where both are named."""
    within, around = _people_at(measure.leaves), _people_at(wider.leaves)
    for path, people in within.items():
        if path in around and around[path] - people < k:
            yield "the people around a theme are too few"


def _people_at(leaves: Sequence[Leaf]) -> dict[Path, int]:
    """Add the leaves up at every place that is named."""
    people: dict[Path, int] = {}
    for leaf in leaves:
        for depth in range(len(_stem(leaf)) + 1):
            people[leaf.path[:depth]] = people.get(leaf.path[:depth], 0) + leaf.people
    return people


def _stem(leaf: Leaf) -> Path:
    """The part of a leaf's path that is named."""
    return leaf.path[: leaf.path.index(NOT_BROKEN_DOWN)] if NOT_BROKEN_DOWN in leaf.path else leaf.path


def _pinned_categories(measure: Attacked, k: int) -> Iterator[str]:
    """Run through every way in which each pool can have come about."""
    named: dict[Path, set[str]] = {}
    for path in _people_at(measure.leaves):
        if path:
            named.setdefault(path[:-1], set()).add(path[-1])
    for leaf in measure.leaves:
        if NOT_BROKEN_DOWN not in leaf.path:
            continue
        stem = _stem(leaf)
        split = measure.splits[len(stem)]
        ranges = possible_people(split.categories, named.get(stem, set()), leaf.people, k=k)
        if not ranges:
            yield f"a pool by {split.dimension} came about by no rule"
        if any(low >= 1 and high < k for low, high in ranges.values()):
            yield f"a category of {split.dimension} is pinned down"


Range = tuple[int, int]


def possible_people(categories: Sequence[str], named: set[str], pool: int, *, k: int) -> dict[str, Range]:
    """Say between which numbers each category of a pool lies, for one who knows the rule and the pool.

    Either all the categories of the pool are small, or exactly one is good and came in by its place.
    """
    pooled = [name for name in categories if name not in named]
    ways = [
        *_all_small(pooled, pool, unsplit=not named, k=k),
        *_one_good(categories, pooled, named, pool, k=k),
    ]
    return {
        name: (min(way[name][0] for way in ways), max(way[name][1] for way in ways))
        for name in pooled
        if ways
    }


def _all_small(pooled: Sequence[str], pool: int, *, unsplit: bool, k: int) -> Iterator[dict[str, Range]]:
    """All of them are under k: only where the rule would not have taken a good one in."""
    others = (len(pooled) - 1) * (k - 1)
    may_be = pool <= len(pooled) * (k - 1) if unsplit else len(pooled) > 1 and k <= pool <= others
    if may_be:
        yield dict.fromkeys(pooled, (max(0, pool - others), min(k - 1, pool)))


def _one_good(
    categories: Sequence[str], pooled: Sequence[str], named: set[str], pool: int, *, k: int
) -> Iterator[dict[str, Range]]:
    """One of them is good, and no other good one stands between it and the first small one."""
    for good in pooled:
        small = [name for name in pooled if name != good]
        if not small or pool < k or _stands_between(categories, small[0], good, named):
            continue
        most = min(pool - k, (k - 1) * len(small))
        yield {
            **dict.fromkeys(small, (0, min(k - 1, most))),
            good: (max(k, pool - (k - 1) * len(small)), pool),
        }


def _stands_between(categories: Sequence[str], first: str, last: str, named: set[str]) -> bool:
    start = categories.index(first)
    around = [*categories[start:], *categories[:start]]
    return any(name in named for name in around[: around.index(last)])
