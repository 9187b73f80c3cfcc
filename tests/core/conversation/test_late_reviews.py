"""Leads learn of it when what the second listener let pass waits too long for a person to read it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from core.conversation.drilling import begin_drill
from core.conversation.house import House
from core.conversation.late_reviews import late_since, tell_of_late_reviews
from core.conversation.reviewing import answer_review, next_review, oldest_unreviewed_at
from core.ids import StaffId, new_id
from core.outbox_tables import AlertKind, Post, Route
from core.safeguarding.chasing import Chaser
from core.safeguarding.review_tables import Verdict
from core.staff.roles import Role
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores

LET_PASS = "he locks me in my room"
"""Phrases hear danger in it, and the second listener of these tests nothing."""
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
SATURDAY_NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    clock.at = MONDAY
    house = build_test_house(stores, clock)
    return replace(house, second_listener=lambda _words: None, draw=lambda _below: 1)


@pytest.fixture
async def chaser(house: House) -> Chaser:
    async with house.service.write() as session:
        await hold_staff(session, "Jo Elm", Role.SAFEGUARDING_LEAD)
        await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
        await hold_staff(session, "Kit Oak", Role.KEY_WORKER)
    return Chaser(house.service, house.area, house.clock, house.owner)


async def say(house: House, words: str) -> None:
    await (await WebTalk.begin(house)).say(words)


async def told(house: House) -> int:
    """Count the e-mails about late reviews."""
    async with house.service.read() as session:
        mails = (Post.alert == AlertKind.UNREVIEWED, Post.route == Route.EMAIL)
        return int(await session.scalar(select(func.count()).select_from(Post).where(*mails)) or 0)


async def read_next(house: House) -> None:
    async with house.service.write() as session:
        shown = await next_review(session, house.keys, StaffId("reader"))
        assert shown is not None
        await answer_review(session, house.keys, house.area, shown.id, Verdict.NOTHING, house.clock())


async def test_each_lead_is_told_at_noon_of_the_next_working_day(
    house: House, chaser: Chaser, clock: FakeClock
) -> None:
    await say(house, LET_PASS)
    clock.at = TUESDAY_NOON
    clock.go_on(minutes=-1)
    assert await tell_of_late_reviews(chaser) == 0
    clock.go_on(minutes=1)
    assert await tell_of_late_reviews(chaser) == 2
    assert await told(house) == 2


async def test_a_flood_of_them_is_told_once_a_day_until_they_are_read(
    house: House, chaser: Chaser, clock: FakeClock
) -> None:
    for _ in range(5):
        await say(house, LET_PASS)
    clock.at = TUESDAY_NOON
    for _ in range(8):
        await tell_of_late_reviews(chaser)
        clock.go_on(minutes=15)
    assert await told(house) == 2
    clock.go_on(hours=24)
    await tell_of_late_reviews(chaser)
    assert await told(house) == 4
    for _ in range(5):
        await read_next(house)
    clock.go_on(hours=24)
    assert await tell_of_late_reviews(chaser) == 0


async def test_two_processes_tell_nobody_twice(house: House, chaser: Chaser, clock: FakeClock) -> None:
    await say(house, LET_PASS)
    clock.at = TUESDAY_NOON
    others = [replace(chaser, owner=new_id()) for _ in range(3)]
    await asyncio.gather(*(tell_of_late_reviews(each) for each in (chaser, *others)))
    assert await told(house) == 2


async def test_at_a_weekend_nobody_is_told_for_nobody_is_there_to_read(
    house: House, chaser: Chaser, clock: FakeClock
) -> None:
    clock.at = FRIDAY
    await say(house, LET_PASS)
    clock.at = SATURDAY_NOON
    assert await tell_of_late_reviews(chaser) == 0
    clock.at = MONDAY_AFTER
    assert await tell_of_late_reviews(chaser) == 2


async def test_what_chance_drew_is_never_late_and_a_drill_neither(
    house: House, chaser: Chaser, clock: FakeClock
) -> None:
    await say(replace(house, draw=lambda _below: 0), "the bus is always late")
    await begin_drill(house)
    clock.at = TUESDAY_NOON
    assert await tell_of_late_reviews(chaser) == 0
    async with house.service.read() as session:
        assert await late_since(session, house.area, clock()) is None
        assert await oldest_unreviewed_at(session) == MONDAY, "its age is told all the same"


async def test_the_oldest_of_them_counts(house: House, clock: FakeClock) -> None:
    await say(house, LET_PASS)
    clock.go_on(hours=20)
    await say(house, LET_PASS)
    async with house.service.read() as session:
        assert await late_since(session, house.area, TUESDAY_NOON) == MONDAY
