"""Say "nearly all" where a group gave one answer, and freeze nothing that would give the number back.

Source of the rule: SAFETY-AND-PRIVACY.md section 3, point 4. Pure. A number that must not be shown is not
hidden in a table, where a total could give it back: it is melted into a larger leaf before anything is
frozen, or left out altogether. What stays is a mark with a symbol and no number.

A group is judged by what the leaves place in it. Where people who are not broken down may belong to it too, it
may be of one mind or not, and nobody can tell from the leaves: then the symbol is `c`, for "nearly all" could be
untrue, and to say it only when it is true would tell what the leaves hide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.summaries.numbers import DIMENSIONS, NOT_BROKEN_DOWN, Cell, Leaf, Path, Split, Symbol, matches


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be frozen of one measure: leaves, and the cells that have a symbol and no number."""

    leaves: tuple[Leaf, ...]
    marks: Mapping[Cell, Symbol]


def hide_nearly_all(
    leaves: Sequence[Leaf], splits: Sequence[Split], tables: Sequence[frozenset[str]], *, above: float
) -> Protected:
    """Take out every number that tells what nearly everybody in a nameable group said.

    `tables` are the sets of dimensions that can be asked for; `above` is the share (0.9) over which a group
    counts as one answer. Groups are judged once, from the k-leaves as they are, so that hiding one never
    makes another look as if it were of one mind.
    """
    groups = {table - {DIMENSIONS[0]} for table in tables}
    marks = dict(mark for group in groups for mark in _find_marks(leaves, group, above=above))
    kept = _leave_out_whole(leaves, marks)
    return Protected(_melt(kept, (), splits, marks), marks)


def _find_marks(
    leaves: Sequence[Leaf], dimensions: frozenset[str], *, above: float
) -> Iterator[tuple[Cell, Symbol]]:
    """Yield the cell of the one answer for every group that, as far as leaves tell, nearly all gave it."""
    people: dict[Cell, int] = {}
    by_answer: dict[Cell, int] = {}
    for leaf in leaves:
        group = _group_of(leaf.path, dimensions)
        people[group] = people.get(group, 0) + leaf.people
        cell = (leaf.path[0], *group[1:])
        by_answer[cell] = by_answer.get(cell, 0) + leaf.people
    for cell, count in by_answer.items():
        group = (None, *cell[1:])
        if NOT_BROKEN_DOWN in cell or count <= above * people[group]:
            continue
        others = sum(more for other, more in by_answer.items() if _may_belong(other, cell))
        is_certain = count > above * (people[group] + others)
        yield cell, Symbol.NEARLY_ALL if is_certain else Symbol.SUPPRESSED


def _may_belong(other: Cell, cell: Cell) -> bool:
    """Some of the others may be of the cell's group and gave another answer: nobody says where they are."""
    return (
        other[0] != cell[0]
        and NOT_BROKEN_DOWN in other[1:]
        and all(has in {asked, NOT_BROKEN_DOWN} for has, asked in zip(other[1:], cell[1:], strict=True))
    )


def _group_of(path: Path, dimensions: frozenset[str]) -> Cell:
    named = (has if name in dimensions else None for name, has in zip(DIMENSIONS, path, strict=True))
    return (None, *tuple(named)[1:])


def _leave_out_whole(leaves: Sequence[Leaf], marks: Mapping[Cell, Symbol]) -> tuple[Leaf, ...]:
    """Drop the answer that nearly everyone of the measure gave: with it goes every total above it."""
    whole = {mark[0] for mark in marks if not any(mark[1:])}
    return tuple(leaf for leaf in leaves if leaf.path[0] not in whole)


def _melt(
    leaves: Sequence[Leaf], stem: Path, splits: Sequence[Split], marks: Mapping[Cell, Symbol]
) -> tuple[Leaf, ...]:
    """Melt what is marked under one stem into what is not broken down there."""
    depth = len(stem)
    if len(leaves) < 2 or depth == len(splits):  # noqa: PLR2004 - one leaf has nothing beside it
        return tuple(leaves)
    children = {name: tuple(found) for name, found in groupby(leaves, key=lambda leaf: leaf.path[depth])}
    melted = _melting(children, splits[depth].categories, marks)
    kept = [
        leaf
        for name, found in children.items()
        if name not in melted
        for leaf in _melt(found, (*stem, name), splits, marks)
    ]
    if not melted:
        return tuple(kept)
    people = sum(leaf.people for name in melted for leaf in children[name])
    rest = (NOT_BROKEN_DOWN,) * (len(splits) - depth)
    return (*kept, Leaf(stem + rest, people))


def _melting(
    children: Mapping[str, Sequence[Leaf]], categories: Sequence[str], marks: Mapping[Cell, Symbol]
) -> frozenset[str]:
    """Name the children to melt: those wholly marked, the pool, and a neighbour where one would be alone.

    The neighbour is the next in the public order, never one chosen by size.
    """
    whole = [name for name, found in children.items() if _is_one_mind(found, marks)]
    if not whole:
        return frozenset()
    if NOT_BROKEN_DOWN in children:
        return frozenset([*whole, NOT_BROKEN_DOWN])
    if len(whole) > 1:
        return frozenset(whole)
    start = categories.index(whole[0])
    around = [*categories[start + 1 :], *categories[:start]]
    return frozenset([*whole, *[name for name in around if name in children][:1]])


def _is_one_mind(leaves: Sequence[Leaf], marks: Mapping[Cell, Symbol]) -> bool:
    """All of these leaves stand in one and the same marked cell."""
    return any(all(matches(leaf.path, mark) for leaf in leaves) for mark in marks)
