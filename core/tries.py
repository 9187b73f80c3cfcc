"""Tries of codes and passwords, counted so that nobody guesses one, however many are sent at the same moment.

A try is counted before its code or password is looked at. The row of the count holds up every other try under the
same name until the commit, so that no two of them are taken for the last one that is allowed.
Who counts under several names does it always in the same order, so that no two ever wait for each other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.tries_tables import Tries

UNSEEN: Final = {"synchronize_session": False}
"""No count is ever loaded as an object that would have to follow."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many tries are allowed in a time, which begins with the first of them."""

    most: int
    window: timedelta


async def add_try(session: AsyncSession, whose: bytes, allowed: Allowed, now: datetime) -> bool:
    """Count one more, and hold the count until the commit; say whether it is within what is allowed.

    `whose`: a keyed hash. A count starts anew when its time is over; the night may take its row between our two steps.
    """
    is_over, ends_at = Tries.ends_at <= now, now + allowed.window
    more = {
        "tries": case((is_over, 1), else_=Tries.tries + 1),
        "ends_at": case((is_over, ends_at), else_=Tries.ends_at),
    }
    counted = update(Tries).where(Tries.whose == whose).values(more).returning(Tries.tries)
    while True:
        await insert_new(session, Tries, [{"whose": whose, "tries": 0, "ends_at": ends_at}])
        tries = (await session.execute(counted, execution_options=UNSEEN)).scalar_one_or_none()
        if tries is not None:
            return tries <= allowed.most


async def has_tries_left(session: AsyncSession, whose: bytes, allowed: Allowed, now: datetime) -> bool:
    """Say whether one more would be allowed, and write nothing."""
    tries = await session.scalar(select(Tries.tries).where(Tries.whose == whose, Tries.ends_at > now))
    return (tries or 0) < allowed.most


async def remember(session: AsyncSession, whose: bytes, until: datetime) -> None:
    """Keep a name among the counts, with no try, until its time is over; one that is kept is kept anew."""
    await session.execute(delete(Tries).where(Tries.whose == whose), execution_options=UNSEEN)
    await insert_new(session, Tries, [{"whose": whose, "tries": 0, "ends_at": until}])


async def is_remembered(session: AsyncSession, whose: bytes, now: datetime) -> bool:
    """Say whether a name is kept, and its time not over."""
    kept = select(Tries.whose).where(Tries.whose == whose, Tries.ends_at > now)
    return await session.scalar(kept) is not None


async def take_tries(session: AsyncSession, whose: bytes) -> int:
    """Forget a count, and give what it was."""
    taken = delete(Tries).where(Tries.whose == whose).returning(Tries.tries)
    return (await session.execute(taken, execution_options=UNSEEN)).scalar_one_or_none() or 0


async def give_back_tries(session: AsyncSession, whose: bytes, tries: int = 1) -> None:
    """Count some tries less: they were right, or made by who was right in the end."""
    fewer = case((Tries.tries > tries, Tries.tries - tries), else_=0)
    given_back = update(Tries).where(Tries.whose == whose).values(tries=fewer)
    await session.execute(given_back, execution_options=UNSEEN)


async def forget_ended_tries(session: AsyncSession, now: datetime) -> None:
    """Forget the counts whose time is over, but for those that are counted in right now: it waits for nobody."""
    ended = select(Tries.whose).where(Tries.ends_at <= now).with_for_update(skip_locked=True)
    await session.execute(delete(Tries).where(Tries.whose.in_(ended)), execution_options=UNSEEN)
