"""Lay a table out as bars: one under the other, each with its own words beside it; sizes in rem."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

LINE = 1.75
BAR = 1.5
GAP = 1.25
LONGEST_LINE = 26
"""Letters that fit beside each other at 320 pixels; longer words go on a second line."""
PATTERNS = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One row as people read it: its categories in words, and its number in words."""

    categories: tuple[str, ...]
    number: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the lines of its words and where they stand, its top, and its length in percent."""

    lines: tuple[tuple[float, str], ...]
    top: float
    length: float
    pattern: int


@dataclass(frozen=True, slots=True)
class Chart:
    """All bars, and how high they stand together."""

    bars: tuple[Bar, ...]
    height: float


def draw_chart(rows: Sequence[Told]) -> Chart:
    """Draw a bar for each row that shows a number, in the order of the table."""
    most = max((row.people or 0 for row in rows), default=0)
    bars: list[Bar] = []
    top = 0.0
    kinds = list(dict.fromkeys(row.categories[:1] for row in rows))
    for row in rows:
        if row.people is None:
            continue
        words = textwrap.wrap(f"{', '.join(row.categories)}: {row.number}".removeprefix(": "), LONGEST_LINE)
        lines = tuple((top + LINE * (number + 0.75), line) for number, line in enumerate(words))
        bar_top = top + LINE * len(words)
        length = round(100 * row.people / most, 2)
        bars.append(Bar(lines, bar_top, length, kinds.index(row.categories[:1]) % PATTERNS))
        top = bar_top + BAR + GAP
    return Chart(tuple(bars), top)
