"""Lay frozen leaves out as the rows of a table; pure, and the only place that turns leaves into rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from core.summaries.homogeneity import Protected
from core.summaries.numbers import (
    DIMENSIONS,
    Cell,
    Hidden,
    Leaf,
    Number,
    Shown,
    Split,
    Symbol,
)

_A, _D, _G, _H, _C = DIMENSIONS
TABLES: tuple[frozenset[str], ...] = tuple(
    frozenset(table)
    for table in (
        (),
        (_A,),
        (_D,),
        (_G,),
        (_H,),
        (_C,),
        (_A, _D),
        (_A, _G),
        (_A, _H),
        (_A, _C),
        (_D, _G),
        (_A, _D, _G),
    )
)
"""The closed list: what can be asked for is one of these sets of dimensions, and nothing else."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a category for each dimension of `by`, and the number."""

    categories: Mapping[str, str]
    number: Number


def tabulate(
    protected: Protected, splits: Sequence[Split], by: frozenset[str], *, where: Mapping[str, str]
) -> list[Row]:
    """Make the rows of one table, in public order, every hidden category with its symbol.

    The rows depend only on the categories and the leaves: an unknown category in `where` gives the same
    rows as one that is too small. Rows "not broken down" come last, and only where there are such leaves.
    """
    lists = [split.categories if split.dimension in by else (None,) for split in splits]
    named = [_at(cell, where) for cell in product(*lists)]
    sums = _add_up(protected.leaves, by, where)
    pools = sorted(set(sums) - set(named), key=lambda cell: [part or "" for part in cell])
    return [Row(_categories(cell, by), read_number(cell, sums, protected)) for cell in (*named, *pools)]


def _at(cell: Cell, where: Mapping[str, str]) -> Cell:
    """Put the filters into a cell."""
    return tuple(where.get(name, has) for name, has in zip(DIMENSIONS, cell, strict=True))


def _add_up(leaves: Sequence[Leaf], by: frozenset[str], where: Mapping[str, str]) -> dict[Cell, int]:
    """Add the leaves up by what is asked for, where they match the filters."""
    sums: dict[Cell, int] = {}
    for leaf in leaves:
        cell: Cell = tuple(
            has if name in by or name in where else None
            for name, has in zip(DIMENSIONS, leaf.path, strict=True)
        )
        if cell == _at(cell, where):
            sums[cell] = sums.get(cell, 0) + leaf.people
    return sums


def _categories(cell: Cell, by: frozenset[str]) -> Mapping[str, str]:
    return {name: has for name, has in zip(DIMENSIONS, cell, strict=True) if name in by and has is not None}


def read_number(cell: Cell, sums: Mapping[Cell, int], protected: Protected) -> Number:
    """Read one cell: a sum of leaves, or the symbol that stands in its place."""
    if cell in protected.marks:
        return Hidden(protected.marks[cell])
    gives_back = cell[0] is None and any(_holds(mark, cell) for mark in protected.marks)
    if gives_back or cell not in sums:
        return Hidden(Symbol.SUPPRESSED)
    return Shown(sums[cell])


def _holds(mark: Cell, cell: Cell) -> bool:
    """The group of a mark holds the group of a cell, so that the cell's total would give the mark back."""
    return all(asked is None or asked == has for has, asked in zip(cell[1:], mark[1:], strict=True))
