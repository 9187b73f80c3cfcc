"""Tries are counted one after another however many come at once, and the night takes none that counts."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from core.tries import Allowed, add_try, forget_ended_tries, give_back_tries, has_tries_left
from core.tries_tables import Tries
from tests.fakes import FakeClock
from tests.stores import Stores

SOMEBODY, A_PLACE = b"s" * 32, b"p" * 32
TEN = Allowed(10, timedelta(hours=1))


async def test_what_is_given_back_can_be_tried_again_and_never_makes_more(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    async with sqlite_stores.service.write() as session:
        assert [await add_try(session, SOMEBODY, TEN, clock()) for _ in range(11)] == [True] * 10 + [False]
        await give_back_tries(session, SOMEBODY, 2)
        assert await has_tries_left(session, SOMEBODY, TEN, clock())
        assert [await add_try(session, SOMEBODY, TEN, clock()) for _ in range(2)] == [True, False]
        await give_back_tries(session, SOMEBODY, 50)
        assert [await add_try(session, SOMEBODY, TEN, clock()) for _ in range(11)] == [True] * 10 + [False]


async def test_the_night_holds_up_nobody_who_tries_meanwhile(stores: Stores, clock: FakeClock) -> None:
    async def try_now() -> bool:
        async with stores.service.write() as session:
            return all([await add_try(session, whose, TEN, clock()) for whose in (SOMEBODY, A_PLACE)])

    async def be_night() -> None:
        async with stores.service.write() as session:
            await forget_ended_tries(session, clock())

    await try_now()
    clock.go_on(hours=2)
    tried, _ = await asyncio.gather(
        asyncio.gather(*(try_now() for _ in range(60))), asyncio.gather(*(be_night() for _ in range(60)))
    )
    assert tried.count(True) == TEN.most
    async with stores.service.read() as session:
        assert (await session.scalars(select(Tries.tries))).all() == [60, 60]
    clock.go_on(hours=2)
    await be_night()
    async with stores.service.read() as session:
        assert await session.scalar(select(func.count()).select_from(Tries)) == 0
