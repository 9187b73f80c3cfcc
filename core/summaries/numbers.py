"""The words and types in which a protected number is said, so that a hidden one can't be read as a count."""

from dataclasses import dataclass
from enum import StrEnum

NOT_BROKEN_DOWN = "not broken down"
NOT_TOLD = "not told"
DIMENSIONS = ("answer", "district", "age", "helped_by", "channel")

Path = tuple[str, ...]
"""One category for each dimension, in the order of DIMENSIONS."""

Cell = tuple[str | None, ...]
"""As a path, with None where a table does not ask: (answer, None, ...) is a row of `by=answer`."""


class Symbol(StrEnum):
    """Why a number is not shown: the symbols of the Department for Education, and `nearly_all`."""

    SUPPRESSED = "c"
    LOW = "low"
    NOT_AVAILABLE = "x"
    NOT_APPLICABLE = "z"
    NEARLY_ALL = "nearly_all"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of people that may be published."""

    people: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A number that may not be published; it carries no count, only the reason."""

    symbol: Symbol


Number = Shown | Hidden


@dataclass(frozen=True, slots=True)
class Split:
    """One step of breaking people down: a dimension and its categories in their fixed public order."""

    dimension: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The smallest group that is ever counted: at least k people, told apart no further."""

    path: Path
    people: int


def matches(path: Path, cell: Cell) -> bool:
    """A path stands in a cell when it has every category that the cell names."""
    return all(asked is None or asked == has for has, asked in zip(path, cell, strict=True))
