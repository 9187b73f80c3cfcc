"""Break a count of people down into k-leaves: groups of at least k people, told apart no further.

Source of the rules: SAFETY-AND-PRIVACY.md section 3, point 3. Pure: everything arrives as an argument.
Every number that is ever served is a sum of these leaves, so no number, and no difference of two numbers of
one measure, stands for fewer than k people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.summaries.numbers import NOT_BROKEN_DOWN, Leaf, Path, Split


@dataclass(frozen=True, slots=True)
class Tally:
    """People of one measure in one period, by full path and summed up at every shorter path.

    A raw count: it must never leave the release job.
    """

    people_at: Mapping[Path, int]

    @staticmethod
    def of(people: Mapping[Path, int]) -> "Tally":
        """Sum people by full path up to every prefix of it."""
        sums: dict[Path, int] = {}
        for path, count in people.items():
            for depth in range(len(path) + 1):
                sums[path[:depth]] = sums.get(path[:depth], 0) + count
        return Tally(sums)

    def at(self, path: Path) -> int:
        """People at a path of any depth; 0 where nobody is."""
        return self.people_at.get(path, 0)


@dataclass(frozen=True, slots=True)
class Group:
    """People of a category or a pool, and how many more the wider measure has in the same place."""

    people: int
    spare: int | None  # None: no wider measure stands around this one


def is_publishable(group: Group, *, k: int) -> bool:
    """A group may stand alone when at least k people are in it, and the wider measure has at least k more."""
    return group.people >= k and (group.spare is None or group.spare >= k)


def make_leaves(
    tally: Tally, splits: Sequence[Split], *, k: int, wider: Tally | None = None
) -> tuple[Leaf, ...]:
    """Split people by an ordered list of splits; none at all when the whole is too small.

    `wider` is the tally of a measure that holds everyone of this one at the same path (a theme's area).
    Categories that are not in `splits` must not be in the tally: `check_paths` says so.
    """
    check_paths(tally, splits)
    if not is_publishable(_group(tally, wider, ((),)), k=k):
        return ()
    return tuple(_grow((), splits, tally=tally, wider=wider, k=k))


def check_paths(tally: Tally, splits: Sequence[Split]) -> None:
    """Raise ValueError where somebody was counted in a category that nobody may be in."""
    for path in tally.people_at:
        for category, split in zip(path, splits, strict=False):
            if category not in split.categories:
                raise ValueError(f"{category!r} is no category of {split.dimension}")


def _grow(
    path: Path, splits: Sequence[Split], *, tally: Tally, wider: Tally | None, k: int
) -> Iterator[Leaf]:
    """Yield the leaves under one path, which is itself publishable."""
    depth = len(path)
    if depth == len(splits):
        yield Leaf(path, tally.at(path))
        return
    categories = splits[depth].categories
    groups = {name: _group(tally, wider, ((*path, name),)) for name in categories}
    pooled = choose_pool(categories, groups, k=k)
    for name in categories:
        if name not in pooled:
            yield from _grow((*path, name), splits, tally=tally, wider=wider, k=k)
    if pooled:
        rest = (NOT_BROKEN_DOWN,) * (len(splits) - depth)
        yield Leaf(path + rest, sum(groups[name].people for name in pooled))


def choose_pool(categories: Sequence[str], groups: Mapping[str, Group], *, k: int) -> frozenset[str]:
    """Name the categories that are not told apart: the small ones, and perhaps one good one beside them.

    The good one is found by its place in the public order, never by its size: choosing the smallest gives
    cells away (10, 10 and 1 people is enough).
    """
    small = [name for name in categories if not is_publishable(groups[name], k=k)]
    if not small:
        return frozenset()
    if _hides_well([groups[name] for name in small], k=k):
        return frozenset(small)
    return frozenset([*small, *_first_good_after(small, categories)])


def _hides_well(small: Sequence[Group], *, k: int) -> bool:
    """Small categories hide each other when they are many enough, and each of them could still be nobody."""
    people = sum(group.people for group in small)
    spares = [group.spare for group in small if group.spare is not None]
    pool = Group(people, sum(spares) if spares else None)
    return len(small) > 1 and is_publishable(pool, k=k) and people <= (len(small) - 1) * (k - 1)


def _first_good_after(small: Sequence[str], categories: Sequence[str]) -> list[str]:
    """Find the first good category after the first small one, wrapping round; none when all are small."""
    start = categories.index(small[0])
    around = [*categories[start:], *categories[:start]]
    return [name for name in around if name not in small][:1]


def _group(tally: Tally, wider: Tally | None, paths: Sequence[Path]) -> Group:
    """Count the people at some paths, and how many more the wider measure has there."""
    people = sum(tally.at(path) for path in paths)
    if wider is None:
        return Group(people, None)
    return Group(people, sum(wider.at(path) for path in paths) - people)
