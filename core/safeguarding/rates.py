"""How often something happened in a sample, and between which shares it truly lies: pure rules."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""Of a normal distribution, 95 in 100 lie within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; of 100 such intervals from `low` to `high` (shares from 0 to 1) 95 hold the truth."""

    found: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """The share that was found; None where nothing was looked at."""
        return self.found / self.of if self.of else None


def rate(found: int, of: int) -> Rate:
    """Give a share with its interval by Wilson's score (1927), which holds for few and for none too."""
    if of == 0:
        return Rate(0, 0, 0.0, 1.0)
    share, square = found / of, Z_95**2
    middle = share + square / (2 * of)
    spread = Z_95 * sqrt(share * (1 - share) / of + square / (4 * of**2))
    whole = 1 + square / of
    return Rate(found, of, max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole))
