"""Somebody is called until somebody has read it: the next after 5 minutes, then the duty manager, then all."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from core.ids import ConcernId, new_id
from core.outbox_tables import AlertKind, Post, Route
from core.safeguarding.chasing import FLOOD, Chaser, chase
from core.safeguarding.check_in import Reply
from core.safeguarding.concerns import acknowledge_concern, note_check_in
from core.safeguarding.drills import measure_drills, note_drill
from core.safeguarding.phrases import Level
from core.safeguarding.rota_rules import MANAGER
from tests.builders import lists
from tests.core.safeguarding.rota_of import WORKDAYS, hold_rota, hold_turn
from tests.core.safeguarding.test_concerns import DANGER, WORRY, start, tell
from tests.fakes import FakeClock
from tests.staffed import Talk
from tests.stores import Stores

AREA = lists().area
ONE, TWO, BOSS = "+447700900001", "+447700900002", "+447700900009"
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
MONDAY_LATE = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)


@pytest.fixture
def chaser(stores: Stores, clock: FakeClock) -> Chaser:
    clock.at = MONDAY_NOON
    return Chaser(stores.service, AREA, clock, new_id())


async def staff_rota(stores: Stores) -> None:
    async with stores.service.write() as session:
        await hold_rota(session)


async def texted(stores: Stores, *, since: int = 0) -> list[str | None]:
    """Give which phones were called, from the call number `since` on."""
    return [post.address for post in await posts(stores, Route.SMS)][since:]


async def posts(stores: Stores, route: Route) -> list[Post]:
    async with stores.service.read() as session:
        query = select(Post).where(Post.route == route).order_by(Post.posted_at, Post.address)
        return list((await session.execute(query)).scalars())


async def reply(stores: Stores, clock: FakeClock, talk: Talk, said: Reply) -> None:
    async with stores.service.write() as session:
        await note_check_in(session, talk.id, said, clock())


async def read_it(stores: Stores, clock: FakeClock, concern: ConcernId) -> None:
    async with stores.service.write() as session:
        staff = await hold_turn(session, "Reader", 3)
        await acknowledge_concern(session, concern, staff=staff, seen=1, level=Level.DANGER, now=clock())


async def test_danger_goes_to_the_next_after_five_minutes_then_to_the_duty_manager(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    await staff_rota(stores)
    await tell(stores, clock, await start(stores), DANGER)
    assert await texted(stores) == [ONE]
    assert [post.address for post in await posts(stores, Route.EMAIL)] == ["one@council.example"]
    clock.go_on(minutes=4, seconds=59)
    assert await chase(chaser) == 0
    clock.go_on(seconds=1)
    assert await chase(chaser) == 1
    assert await texted(stores, since=1) == [ONE, TWO]
    clock.go_on(minutes=5)
    await chase(chaser)
    assert await texted(stores, since=3) == [ONE, TWO, BOSS]
    clock.go_on(minutes=14)
    assert await chase(chaser) == 0
    clock.go_on(minutes=1)
    await chase(chaser)
    assert await texted(stores, since=6) == [ONE, TWO, BOSS]
    assert {post.alert for post in (await posts(stores, Route.SMS))[1:]} == {AlertKind.AGAIN}


async def test_who_has_read_it_ends_the_calls_until_there_is_more(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    await staff_rota(stores)
    talk = await start(stores)
    concern = await tell(stores, clock, talk, DANGER)
    await read_it(stores, clock, concern)
    clock.go_on(hours=1)
    assert await chase(chaser) == 0
    await tell(stores, clock, talk, DANGER)
    assert await texted(stores, since=1) == [ONE]
    clock.go_on(minutes=5)
    await chase(chaser)
    assert await texted(stores, since=2) == [ONE, TWO]


async def test_two_processes_and_a_second_look_call_nobody_twice(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    await staff_rota(stores)
    for _ in range(3):
        await tell(stores, clock, await start(stores), DANGER)
    clock.go_on(minutes=5)
    others = [Chaser(stores.service, AREA, clock, new_id()) for _ in range(4)]
    assert sum(await asyncio.gather(*(chase(each) for each in [chaser, *others]))) == 3
    assert await chase(chaser) == 0
    assert len(await texted(stores)) == 3 + 3 * 2


async def test_a_crash_while_calling_leaves_the_call_due(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    await staff_rota(stores)
    await tell(stores, clock, await start(stores), DANGER)
    clock.go_on(minutes=5)

    class Died(Exception):
        pass

    async def die_before_the_commit() -> None:
        from core.safeguarding.chasing import _chase

        async with stores.service.write() as session:
            assert await _chase(session, AREA, clock()) == 1
            raise Died

    with pytest.raises(Died):
        await die_before_the_commit()
    assert await texted(stores) == [ONE]
    assert await chase(chaser) == 1
    assert await texted(stores, since=1) == [ONE, TWO]


async def test_a_worry_without_a_reply_for_half_an_hour_is_brought_to_the_rota(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    await staff_rota(stores)
    await tell(stores, clock, await start(stores), WORRY)
    assert await texted(stores) == []
    clock.go_on(minutes=29)
    assert await chase(chaser) == 0
    clock.go_on(minutes=1)
    await chase(chaser)
    assert await texted(stores) == [ONE]
    clock.go_on(minutes=5)
    await chase(chaser)
    assert await texted(stores, since=1) == [ONE, TWO]


@pytest.mark.parametrize("said", [Reply.UNSURE, Reply.WONT_SAY, Reply.UNCLEAR])
async def test_whatever_is_not_plainly_safe_is_brought_to_the_rota_at_once(
    stores: Stores, chaser: Chaser, clock: FakeClock, said: Reply
) -> None:
    await staff_rota(stores)
    talk = await start(stores)
    await tell(stores, clock, talk, WORRY)
    await reply(stores, clock, talk, said)
    assert await chase(chaser) == 1
    assert await texted(stores) == [ONE]


async def test_i_feel_safe_leaves_a_worry_at_its_own_time_and_a_late_one_goes_to_the_duty_manager(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    await staff_rota(stores)
    talk = await start(stores)
    await tell(stores, clock, talk, WORRY)
    await reply(stores, clock, talk, Reply.SAFE)
    clock.at = MONDAY_NOON.replace(hour=16, minute=59)
    assert await chase(chaser) == 0
    clock.at = MONDAY_NOON.replace(day=24, hour=8, minute=59)
    assert await chase(chaser) == 0, "nobody of the safety team is there at night"
    clock.go_on(minutes=1)
    assert await chase(chaser) == 1
    assert await texted(stores) == [ONE, TWO, BOSS]


async def test_a_worry_of_the_weekend_waits_for_the_teams_own_hours(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    await staff_rota(stores)
    clock.at = SATURDAY
    await tell(stores, clock, await start(stores), WORRY)
    clock.go_on(hours=4)
    assert await chase(chaser) == 0
    clock.at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert await chase(chaser) == 1
    assert await texted(stores) == [ONE]


async def test_danger_in_an_hour_of_nobody_tells_all_leads_and_is_called_when_the_first_one_comes(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        await hold_turn(session, "One", 1, mobile=ONE, days=WORKDAYS, hours=(9, 17))
        await hold_turn(session, "Boss", MANAGER, mobile=BOSS, days=WORKDAYS, hours=(9, 17))
    clock.at = SATURDAY
    await tell(stores, clock, await start(stores), DANGER)
    assert {post.address for post in await posts(stores, Route.EMAIL)} == {
        "one@council.example",
        "boss@council.example",
    }
    for _ in range(5):
        clock.go_on(hours=8)
        assert await chase(chaser) == 0
    clock.at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert await chase(chaser) == 1
    assert await texted(stores) == [ONE, BOSS]


async def test_a_flood_wakes_the_duty_manager_once(stores: Stores, chaser: Chaser, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        await hold_turn(session, "One", 1, mobile=ONE)
        await hold_turn(session, "Boss", MANAGER, mobile=BOSS, days=WORKDAYS, hours=(9, 17))
    clock.at = MONDAY_LATE.replace(hour=23)
    for _ in range(FLOOD - 1):
        await tell(stores, clock, await start(stores), WORRY)
    await chase(chaser)
    assert BOSS not in await texted(stores)
    await tell(stores, clock, await start(stores), WORRY)
    for _ in range(3):
        await chase(chaser)
    assert (await texted(stores)).count(BOSS) == 1


async def test_a_flood_is_told_of_a_real_concern_and_its_call_does_not_end_with_a_drill(
    stores: Stores, chaser: Chaser, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        await hold_turn(session, "One", 1, mobile=ONE)
        await hold_turn(session, "Boss", MANAGER, mobile=BOSS, days=WORKDAYS, hours=(9, 17))
    clock.at = MONDAY_LATE.replace(hour=23)
    for _ in range(FLOOD):
        await tell(stores, clock, await start(stores), WORRY)
    clock.go_on(minutes=1)
    drill = await start(stores)
    async with stores.service.write() as session:
        await note_drill(session, drill.id, clock())
    await tell(stores, clock, drill, DANGER)
    await chase(chaser)
    clock.go_on(hours=1)
    async with stores.service.write() as session:
        assert await measure_drills(session, clock()) == [drill.id]
    assert (await texted(stores)).count(BOSS) == 1
