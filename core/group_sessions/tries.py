"""Wrong codes of group sessions, counted by network address, so that nobody guesses one.

A try is counted before its code is looked up, in the same transaction: see `core.tries`. A right one is given back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.keys import ServiceKeys
from core.rate_limits import TooMuch
from core.sealing import pseudonym
from core.tries import Allowed, add_try, give_back_tries, has_tries_left

log = structlog.get_logger()

LIMITS: Final = (Allowed(30, timedelta(minutes=10)), Allowed(200, timedelta(days=1)))
"""A whole school may share one address."""


async def require_tries_left(session: AsyncSession, keys: ServiceKeys, address: str, now: datetime) -> None:
    """Raise TooMuch where no try is left, and write nothing: who floods us holds up nobody."""
    for whose, allowed in _names(keys, address):
        if not await has_tries_left(session, whose, allowed, now):
            raise _too_much()


async def count_try(session: AsyncSession, keys: ServiceKeys, address: str, now: datetime) -> None:
    """Count one more, and hold the counts of this address until the commit; TooMuch where none is left."""
    for whose, allowed in _names(keys, address):
        if not await add_try(session, whose, allowed, now):
            raise _too_much()


async def give_back_try(session: AsyncSession, keys: ServiceKeys, address: str) -> None:
    """Take back what `count_try` counted in this transaction: the code was right, and a class shares an address."""
    for whose, _ in _names(keys, address):
        await give_back_tries(session, whose)


def _too_much() -> TooMuch:
    log.warning("limit_reached", reason="wrong_group_codes")
    return TooMuch()


def _names(keys: ServiceKeys, address: str) -> Iterator[tuple[bytes, Allowed]]:
    """Name an address in each time by a keyed hash of its own."""
    _, key = keys.pseudonyms.derive("group code tries").newest
    for allowed in LIMITS:
        yield pseudonym(f"{allowed.window.total_seconds():.0f}:{address}", key), allowed
