"""Someone who knows the rules runs through every world that would give the same release.

k is 3 here, so that all worlds of a few categories can be counted out. A hidden category is given away when it has
between 1 and k-1 people in every world that looks the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import pytest

from core.summaries.homogeneity import hide_nearly_all
from core.summaries.numbers import NOT_BROKEN_DOWN, Leaf, Path, Split
from core.summaries.protect import Tally, make_leaves
from core.summaries.tabulate import TABLES, tabulate

K = 3
World = dict[Path, int]
Seen = object
Release = Callable[[World, tuple[Split, ...]], Seen]

REST = tuple(Split(name, ("any",)) for name in ("age", "helped_by", "channel"))
FOUR_ANSWERS = (Split("answer", ("a", "b", "c", "d")), Split("district", ("any",)), *REST)
TWO_BY_TWO = (Split("answer", ("a", "b")), Split("district", ("r", "w")), *REST)


def our_release(world: World, splits: tuple[Split, ...]) -> Seen:
    return served(make_leaves(Tally.of(world), splits, k=K), splits)


@cache
def served(leaves: tuple[Leaf, ...], splits: tuple[Split, ...]) -> Seen:
    """All that can be asked for: every row of every table."""
    protected = hide_nearly_all(leaves, splits, TABLES, above=0.9)
    rows = [row for table in TABLES for row in tabulate(protected, splits, table, where={})]
    return tuple((tuple(row.categories.values()), row.number) for row in rows)


def threshold_only(world: World, splits: tuple[Split, ...]) -> Seen:
    """Hide what is under k, and show the rest and the total."""
    del splits
    return tuple(count if count >= K else None for count in world.values()), sum(world.values())


def smallest_merges(world: World, splits: tuple[Split, ...]) -> Seen:
    """Pool what is under k; if the pool is under k, the smallest good one merges in."""
    del splits
    pool = {path for path, count in world.items() if count < K}
    good = sorted((count, path) for path, count in world.items() if count >= K)
    if pool and good and sum(world[path] for path in pool) < K:
        pool.add(good[0][1])
    shown = frozenset((path, count) for path, count in world.items() if path not in pool)
    return shown, sum(world[path] for path in pool)


def worlds(splits: tuple[Split, ...], most: int) -> Iterator[World]:
    paths = list(product(*(split.categories for split in splits)))
    for counts in product(range(most + 1), repeat=len(paths)):
        yield dict(zip(paths, counts, strict=True))


def given_away(release: Release, splits: tuple[Split, ...], most: int) -> int:
    """Count the releases in which a category is certain to have 1 to k-1 people.

    Worlds in which somebody has the most people that are counted out are not judged: their likes go on beyond.
    """
    alike: dict[Seen, list[World]] = defaultdict(list)
    for world in worlds(splits, most):
        alike[release(world, splits)].append(world)
    return sum(
        any(min(counts) >= 1 and max(counts) < K for counts in _by_category(same))
        for same in alike.values()
        if all(max(world.values()) < most for world in same)
    )


def _by_category(same: list[World]) -> Iterator[list[int]]:
    for path in same[0]:
        yield [world[path] for world in same]


@pytest.mark.parametrize(("splits", "most"), [(FOUR_ANSWERS, 9), (TWO_BY_TWO, 9)])
def test_no_category_is_certain_to_be_small(splits: tuple[Split, ...], most: int) -> None:
    assert given_away(our_release, splits, most) == 0


@pytest.mark.parametrize("control", [threshold_only, smallest_merges])
def test_the_attack_catches_weaker_rules(control: Release) -> None:
    assert given_away(control, FOUR_ANSWERS, 7) > 0


def pairs_of_worlds(splits: tuple[Split, ...], most: int) -> Iterator[tuple[World, World]]:
    """An area, and a theme that some of its people spoke of."""
    paths = list(product(*(split.categories for split in splits)))
    counts = [(around, within) for around in range(most + 1) for within in range(around + 1)]
    for chosen in product(counts, repeat=len(paths)):
        yield (
            {path: around for path, (around, _) in zip(paths, chosen, strict=True)},
            {path: within for path, (_, within) in zip(paths, chosen, strict=True)},
        )


@pytest.mark.parametrize(("answers", "most"), [("ab", 10), ("abc", 7)])
def test_a_theme_beside_its_area_gives_nobody_away(answers: str, most: int) -> None:
    """Neither those who spoke of the theme nor those who did not are certain to be few."""
    splits = (Split("answer", tuple(answers)), *FOUR_ANSWERS[1:])
    alike: dict[Seen, list[tuple[World, World]]] = defaultdict(list)
    for area, theme in pairs_of_worlds(splits, most):
        around = Tally.of(area)
        seen = (
            our_release(area, splits),
            served(make_leaves(Tally.of(theme), splits, k=K, wider=around), splits),
        )
        alike[seen].append((area, theme))
    for same in alike.values():
        if any(max(area.values()) >= most for area, _ in same):
            continue
        for path in same[0][0]:
            for told in (
                [area[path] for area, _ in same],
                [theme[path] for _, theme in same],
                [area[path] - theme[path] for area, theme in same],
            ):
                assert not (min(told) >= 1 and max(told) < K)


def test_all_people_but_those_of_one_answer_are_in_the_leaves() -> None:
    """The attack would see nothing if releases were empty."""
    seen = our_release({("a", "any", *["any"] * 3): 9, ("b", "any", *["any"] * 3): 8}, FOUR_ANSWERS)
    assert str(NOT_BROKEN_DOWN) in str(seen)
