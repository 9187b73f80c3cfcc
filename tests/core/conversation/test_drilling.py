"""A drill goes the way of real danger, is measured, and leaves nothing behind but how long it took."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.drills import look_after_drills
from core.conversation.drilling import DrillUnderWay, begin_drill, end_drills
from core.conversation.house import House
from core.conversation.tables import Conversation, Message
from core.ids import new_id
from core.outbox_tables import AlertKind, Post, Route
from core.safeguarding.chasing import Chaser, chase
from core.safeguarding.concerns import acknowledge_concern
from core.safeguarding.drills import Measured, is_drill_due, list_drills
from core.safeguarding.listing import list_concerns
from core.safeguarding.phrases import Level
from core.safeguarding.record_tables import ConcernCount
from core.safeguarding.tables import Concern, ConcernMessage
from core.views.tables import HeldView, WaitingViews
from tests.builders import WebTalk, build_test_house
from tests.core.safeguarding.rota_of import hold_rota, hold_turn
from tests.fakes import FakeClock
from tests.stores import Stores

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
async def house(stores: Stores, clock: FakeClock) -> House:
    clock.at = NOON
    async with stores.service.write() as session:
        await hold_rota(session)
    return build_test_house(stores, clock)


async def drills(house: House) -> list[Measured]:
    async with house.service.read() as session:
        return list(await list_drills(session))


async def count(house: House, table: type) -> int:
    async with house.service.read() as session:
        return (await session.scalars(select(func.count()).select_from(table))).one()


async def texted(house: House) -> list[str | None]:
    async with house.service.read() as session:
        texts = select(Post.address).where(Post.route == Route.SMS).order_by(Post.posted_at, Post.address)
        return list(await session.scalars(texts))


async def run(house: House, clock: FakeClock, *, minutes: int) -> None:
    """Let the time go on, with the jobs that look each quarter of a minute, here every five minutes."""
    chaser = Chaser(house.service, house.area, clock, new_id())
    for start in range(0, minutes, 5):
        clock.go_on(minutes=min(5, minutes - start))
        await chase(chaser)
        await look_after_drills(house, is_monthly=False)


async def test_it_is_heard_as_danger_and_calls_the_first_on_the_rota_in_the_usual_words(house: House) -> None:
    await begin_drill(house)
    async with house.service.read() as session:
        (concern,) = await list_concerns(session)
        kinds = set(await session.scalars(select(Post.alert)))
    assert (concern.level, concern.is_drill, concern.calls) == (Level.DANGER, True, 1)
    assert kinds == {AlertKind.DANGER}
    assert await texted(house) == ["+447700900001"]
    assert await drills(house) == [Measured(NOON, was_raised=False, calls=0, took=None, is_over=False)]


async def test_it_says_how_long_it_took_until_somebody_read_it_and_after_how_many_calls(
    house: House, clock: FakeClock
) -> None:
    await begin_drill(house)
    await run(house, clock, minutes=7)
    async with house.service.write() as session:
        (concern,) = await list_concerns(session)
        reader = await hold_turn(session, "Reader", 3)
        await acknowledge_concern(session, concern.id, staff=reader, seen=1, level=Level.DANGER, now=clock())
    await run(house, clock, minutes=59)
    assert await count(house, Concern) == 1
    assert await drills(house) == [
        Measured(NOON, was_raised=True, calls=2, took=timedelta(minutes=7), is_over=True)
    ]
    await run(house, clock, minutes=2)
    for table in (Concern, ConcernMessage, Conversation, Message, Post, ConcernCount):
        assert await count(house, table) == 0
    assert [each.took for each in await drills(house)] == [timedelta(minutes=7)]


async def test_unread_it_goes_to_all_like_a_real_one_and_then_ends_by_itself_without_a_call(
    house: House, clock: FakeClock
) -> None:
    await begin_drill(house)
    await run(house, clock, minutes=11)
    assert (await texted(house))[:3] == ["+447700900001", "+447700900001", "+447700900002"]
    assert "+447700900009" in await texted(house)
    await run(house, clock, minutes=48)
    assert await count(house, Concern) == 1
    assert len(await texted(house)) > 9
    await run(house, clock, minutes=1)
    (drill,) = await drills(house)
    assert (drill.was_raised, drill.took, drill.is_over) == (True, None, True)
    assert drill.calls == 3
    for table in (Concern, Conversation, Post):
        assert await count(house, table) == 0


async def test_it_is_in_no_count_and_in_no_view(house: House, stores: Stores, clock: FakeClock) -> None:
    await begin_drill(house)
    await run(house, clock, minutes=61)
    assert await count(house, ConcernCount) == 0
    assert await count(house, WaitingViews) == 0
    async with stores.views.read() as session:
        assert (await session.scalars(select(func.count()).select_from(HeldView))).one() == 0


async def test_there_is_one_at_a_time_and_real_danger_beside_it_stays(house: House, clock: FakeClock) -> None:
    await begin_drill(house)
    with pytest.raises(DrillUnderWay):
        await begin_drill(house)
    await (await WebTalk.begin(house)).send("i am not safe")
    clock.go_on(hours=2)
    assert await end_drills(house) == 1
    async with house.service.read() as session:
        (left,) = await list_concerns(session)
    assert not left.is_drill
    assert await count(house, Post) > 0
    await begin_drill(house)


async def test_each_month_one_begins_in_staffed_hours_at_a_time_that_the_key_alone_knows(
    house: House, clock: FakeClock
) -> None:
    began = []
    for key in (b"a" * 32, b"b" * 32):
        clock.at = datetime(2026, 11, 1, tzinfo=UTC)
        while clock.at.month == 11:
            async with house.service.read() as session:
                if await is_drill_due(session, house.area, key, clock()):
                    began.append(clock.at)
                    break
            clock.go_on(minutes=30)
    one, other = began
    assert one != other
    for at in began:
        assert at.weekday() < 5
        assert 8 <= at.hour < 18


async def test_the_job_begins_one_a_month_where_it_is_switched_on(house: House, clock: FakeClock) -> None:
    clock.at = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    await look_after_drills(house, is_monthly=False)
    assert await drills(house) == []
    for _ in range(3):
        await look_after_drills(house, is_monthly=True)
        clock.go_on(hours=2)
    assert len(await drills(house)) == 1
    clock.at = datetime(2026, 12, 28, 12, 0, tzinfo=UTC)
    await look_after_drills(house, is_monthly=True)
    assert len(await drills(house)) in {1, 2}
    clock.at = datetime(2026, 12, 30, 12, 0, tzinfo=UTC)
    await look_after_drills(house, is_monthly=True)
    assert len(await drills(house)) == 2
