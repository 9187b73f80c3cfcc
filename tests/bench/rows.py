"""What a benchmark says: two measures of the same run, and what their ratio should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several rounds, and how far they lie apart."""

    middle: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, measured: Sequence[float]) -> "Spread":
        """Sum up what was measured in each round."""
        return cls(median(measured), min(measured), max(measured), len(measured))

    def __str__(self) -> str:
        return f"{self.middle:.1f} ({self.least:.1f} to {self.most:.1f})"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of benchmarks; the ratio says how many times better ours is."""

    number: int
    measure: str
    ours: Spread
    theirs: Spread
    target: float
    is_less_better: bool = False

    @property
    def ratio(self) -> float:
        """Say how many times better ours is, from the medians."""
        better, worse = (self.theirs, self.ours) if self.is_less_better else (self.ours, self.theirs)
        return better.middle / worse.middle

    @property
    def is_met(self) -> bool:
        """Say whether the target is met."""
        return self.ratio >= self.target
