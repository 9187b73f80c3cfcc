"""Rates say how sure they are, also where nothing was found."""

import pytest

from core.safeguarding.rates import rate


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(0, 100, 0.0, 0.0370), (5, 100, 0.0215, 0.1118), (50, 100, 0.4038, 0.5962), (10, 10, 0.7225, 1.0)],
)
def test_wilsons_interval_is_that_of_the_books(found: int, of: int, low: float, high: float) -> None:
    made = rate(found, of)
    assert made.low == pytest.approx(low, abs=5e-5)
    assert made.high == pytest.approx(high, abs=5e-5)
    assert made.share == found / of


def test_nothing_looked_at_tells_nothing() -> None:
    made = rate(0, 0)
    assert (made.share, made.low, made.high) == (None, 0.0, 1.0)
