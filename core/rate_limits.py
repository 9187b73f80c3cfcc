"""How much one address, conversation or phone may ask of us in a time; what tells of danger asks no limit first.

Kept in this process's memory only, under names that change each day and tell nothing of who it was.
"""

from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Final

import structlog
from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from core.clock import Clock
from core.errors import Refusal
from core.keys import ServiceKeys
from core.sealing import pseudonym

log = structlog.get_logger()

SWEEP_EVERY: Final = 1_000


class Limit(Enum):
    """What is limited, and to how much; a whole school may share one address."""

    OPENINGS = ("60 per 10 minutes", "600 per day")
    WEB_MESSAGES = ("60 per minute", "600 per hour")
    TEXTS = ("30 per 10 minutes", "150 per day")
    TOLD_TOO_MUCH = ("1 per 10 minutes",)
    WRONG_KEYS = ("30 per 15 minutes",)
    WRONG_WORK_SIGN_INS = ("60 per 15 minutes",)

    @property
    def items(self) -> tuple[RateLimitItem, ...]:
        """The windows, as `limits` counts them."""
        return _ITEMS[self]


_ITEMS: Final = {limit: tuple(parse(words) for words in limit.value) for limit in Limit}


class TooMuch(Refusal):
    """So much came from there that it can't be somebody who writes; it will be over soon."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    wait_seconds = 60
    words = (
        "That was a lot at one time. Please wait a minute, then try again. "
        "If you are in danger now, call 999. You can call Childline on 0800 1111."
    )


class ClockedStorage(Storage):
    """Counts in memory by our own clock, so that tests need not wait."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}
        self._until_sweep = SWEEP_EVERY

    @property
    def base_exceptions(self) -> type[Exception]:
        """Memory does not fail."""
        return MemoryError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a count, which starts anew when its time is over."""
        now = self._now()
        self._sweep(now)
        count, ends = self._counts.get(key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + expiry
        self._counts[key] = (count + amount, ends)
        return count + amount

    def give_back(self, key: str) -> None:
        """Count one less, where the time of the count is not over."""
        count, ends = self._counts.get(key, (0, 0.0))
        if count > 0 and ends > self._now():
            self._counts[key] = (count - 1, ends)

    def get(self, key: str) -> int:
        """Give a count."""
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > self._now() else 0

    def get_expiry(self, key: str) -> float:
        """Say when a count ends, in seconds since 1970."""
        return self._counts.get(key, (0, self._now()))[1]

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget everything."""
        forgotten = len(self._counts)
        self._counts.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget a count."""
        self._counts.pop(key, None)

    def _now(self) -> float:
        return self._clock().timestamp()

    def _sweep(self, now: float) -> None:
        """Forget, now and then, what is over, so that many addresses do not fill the memory."""
        self._until_sweep -= 1
        if self._until_sweep > 0:
            return
        self._until_sweep = SWEEP_EVERY
        self._counts = {key: kept for key, kept in self._counts.items() if kept[1] > now}


@dataclass(frozen=True, slots=True)
class Limiter:
    """Counts by name; `is_on` is False only where HYS_RATE_LIMITS is off, for trying things out."""

    keys: ServiceKeys
    clock: Clock
    is_on: bool = True
    storage: ClockedStorage = field(init=False)
    windows: FixedWindowRateLimiter = field(init=False)

    def __post_init__(self) -> None:
        """Make room for the counts."""
        object.__setattr__(self, "storage", ClockedStorage(self.clock))
        object.__setattr__(self, "windows", FixedWindowRateLimiter(self.storage))

    def count(self, limit: Limit, who: str) -> bool:
        """Count one more of somebody, and say whether that is within what is allowed."""
        name = self._name(who)
        counted = [self.windows.hit(item, limit.name, name) for item in limit.items]
        if self.is_on and not all(counted):
            log.warning("limit_reached", reason=limit.name)
            return False
        return True

    def give_back(self, limit: Limit, who: str) -> None:
        """Take back one that was counted of somebody, and that was none after all."""
        name = self._name(who)
        for item in limit.items:
            self.storage.give_back(item.key_for(limit.name, name))

    def is_within(self, limit: Limit, who: str) -> bool:
        """Say whether one more would be allowed, and count nothing."""
        name = self._name(who)
        return not self.is_on or all(self.windows.test(item, limit.name, name) for item in limit.items)

    def _name(self, who: str) -> str:
        """Name somebody by a keyed hash that is another each day."""
        _, key = self.keys.staff.derive(f"rate limits {self.clock().date().isoformat()}").newest
        return pseudonym(who, key).hex()
