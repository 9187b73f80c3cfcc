"""What time it is, handed in so that a test or the demo may say so."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time now, in UTC and aware of it."""


def system_clock() -> datetime:
    """Give the machine's time; the one place that asks for it."""
    return datetime.now(UTC)  # noqa: TID251 - here is where the clock comes from
