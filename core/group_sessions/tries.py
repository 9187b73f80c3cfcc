"""Wrong codes of group sessions, counted by network address, so that nobody guesses one.

A try is counted before its code is looked up, in the same transaction, whose row holds up every other try from that
address: however many come at once, no more than are allowed are looked up. A right one is given back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.group_sessions.tables import GroupCodeTries
from core.keys import ServiceKeys
from core.rate_limits import TooMuch
from core.sealing import pseudonym

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many wrong codes one address may send in a time; a whole school may share one."""

    most: int
    window: timedelta


LIMITS: Final = (Allowed(30, timedelta(minutes=10)), Allowed(200, timedelta(days=1)))


async def require_tries_left(session: AsyncSession, keys: ServiceKeys, address: str, now: datetime) -> None:
    """Raise TooMuch where no try is left, and write nothing: who floods us holds up nobody."""
    for name, allowed in _names(keys, address):
        still_counts = (GroupCodeTries.whose == name, GroupCodeTries.ends_at > now)
        tries = await session.scalar(select(GroupCodeTries.tries).where(*still_counts))
        if (tries or 0) >= allowed.most:
            log.warning("limit_reached", reason="wrong_group_codes")
            raise TooMuch


async def count_try(session: AsyncSession, keys: ServiceKeys, address: str, now: datetime) -> None:
    """Count one more, and hold the counts of this address until the commit; TooMuch where none is left."""
    for name, allowed in _names(keys, address):
        if await _add_one(session, name, now + allowed.window, now) > allowed.most:
            log.warning("limit_reached", reason="wrong_group_codes")
            raise TooMuch


async def give_back_try(session: AsyncSession, keys: ServiceKeys, address: str) -> None:
    """Take back what `count_try` counted in this transaction: the code was right, and a class shares an address."""
    mine = GroupCodeTries.whose.in_([name for name, _ in _names(keys, address)])
    await session.execute(update(GroupCodeTries).where(mine).values(tries=GroupCodeTries.tries - 1))


async def forget_group_code_tries(session: AsyncSession, now: datetime) -> None:
    """Forget the counts whose time is over."""
    await session.execute(delete(GroupCodeTries).where(GroupCodeTries.ends_at <= now))


async def _add_one(session: AsyncSession, name: bytes, ends_at: datetime, now: datetime) -> int:
    """Add to a count, which starts anew when its time is over; the night may take the row between our two steps."""
    is_over = GroupCodeTries.ends_at <= now
    more = {
        "tries": case((is_over, 1), else_=GroupCodeTries.tries + 1),
        "ends_at": case((is_over, ends_at), else_=GroupCodeTries.ends_at),
    }
    add = update(GroupCodeTries).where(GroupCodeTries.whose == name).values(more)
    counted = add.returning(GroupCodeTries.tries).execution_options(synchronize_session=False)
    while True:
        await insert_new(session, GroupCodeTries, [{"whose": name, "tries": 0, "ends_at": ends_at}])
        tries = (await session.execute(counted)).scalar_one_or_none()
        if tries is not None:
            return tries


def _names(keys: ServiceKeys, address: str) -> Iterator[tuple[bytes, Allowed]]:
    """Name an address in each time by a keyed hash of its own."""
    _, key = keys.pseudonyms.derive("group code tries").newest
    for allowed in LIMITS:
        yield pseudonym(f"{allowed.window.total_seconds():.0f}:{address}", key), allowed
