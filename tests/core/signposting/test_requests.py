"""A request is opened, taken by one key worker, planned and closed by the same."""

import asyncio
from datetime import date
from random import Random

import pytest
from sqlalchemy import select

from core.ids import RequestId, StaffId
from core.sealing import CannotOpen, new_key
from core.signposting.queue import list_closed_requests, list_requests, open_body, read_request
from core.signposting.reference_words import ANIMALS, KINDS
from core.signposting.refusals import (
    NoSuchRequest,
    RequestAlreadyClosed,
    RequestAlreadyTaken,
    RequestNotYours,
)
from core.signposting.requests import (
    OpenedRequest,
    RequestBody,
    close_request,
    open_request,
    plan_request,
    request_statuses,
    take_request,
)
from core.signposting.tables import RequestOutcome, RequestState, SignpostingRequest
from tests.fakes import FakeClock
from tests.staffed import Talk, hold_conversation, hold_staff
from tests.stores import Stores

BODY = RequestBody(
    about="getting to college",
    first_name="Robin",
    reach="07700 900123",
    when="after school",
    helper=None,
    permission="A key worker can see this.",
)


async def ask(
    stores: Stores, clock: FakeClock, *, random: Random | None = None, talk: Talk | None = None
) -> tuple[Talk, OpenedRequest]:
    async with stores.service.write() as session:
        asked = talk or await hold_conversation(session)
        opened = await open_request(
            session, conversation=asked.id, key=asked.key, body=BODY, now=clock(), random=random
        )
    return asked, opened


async def hire(stores: Stores, *names: str) -> list[StaffId]:
    async with stores.service.write() as session:
        return [await hold_staff(session, name) for name in names]


async def test_of_twenty_key_workers_at_once_exactly_one_takes_a_request(
    stores: Stores, clock: FakeClock
) -> None:
    _, opened = await ask(stores, clock)
    workers = await hire(stores, *(f"Worker {number}" for number in range(20)))

    async def take(staff: StaffId) -> bool:
        try:
            async with stores.service.write() as session:
                await take_request(session, opened.id, staff=staff, now=clock())
        except RequestAlreadyTaken:
            return False
        return True

    took = await asyncio.gather(*(take(staff) for staff in workers))

    assert took.count(True) == 1
    async with stores.service.read() as session:
        taken_by = await session.scalar(select(SignpostingRequest.taken_by))
    assert taken_by == workers[took.index(True)]


async def test_a_double_click_on_take_is_not_told_off(stores: Stores, clock: FakeClock) -> None:
    _, opened = await ask(stores, clock)
    (sam,) = await hire(stores, "Sam Green")
    for _ in range(2):
        async with stores.service.write() as session:
            await take_request(session, opened.id, staff=sam, now=clock())


async def test_only_the_key_worker_who_took_it_plans_and_closes_it(stores: Stores, clock: FakeClock) -> None:
    _, opened = await ask(stores, clock)
    sam, ali = await hire(stores, "Sam Green", "Ali Brown")
    async with stores.service.write() as session:
        await take_request(session, opened.id, staff=sam, now=clock())
    with pytest.raises(RequestNotYours):
        async with stores.service.write() as session:
            await plan_request(session, opened.id, staff=ali, planned_for=date(2026, 12, 1), now=clock())
    with pytest.raises(RequestNotYours):
        async with stores.service.write() as session:
            await close_request(session, opened.id, staff=ali, outcome=RequestOutcome.HELPED, now=clock())
    async with stores.service.write() as session:
        await close_request(session, opened.id, staff=sam, outcome=RequestOutcome.HELPED, now=clock())
        assert [each.words for each in await list_closed_requests(session, sam)] == [opened.words]
    with pytest.raises(RequestAlreadyClosed):
        async with stores.service.write() as session:
            await close_request(session, opened.id, staff=sam, outcome=RequestOutcome.OTHER, now=clock())
    with pytest.raises(RequestAlreadyClosed):
        async with stores.service.write() as session:
            await take_request(session, opened.id, staff=ali, now=clock())


async def test_a_request_nobody_took_can_not_be_closed(stores: Stores, clock: FakeClock) -> None:
    _, opened = await ask(stores, clock)
    (sam,) = await hire(stores, "Sam Green")
    with pytest.raises(RequestNotYours):
        async with stores.service.write() as session:
            await close_request(session, opened.id, staff=sam, outcome=RequestOutcome.HELPED, now=clock())


async def test_the_queue_shows_waiting_requests_first_and_the_oldest_of_them_first(
    stores: Stores, clock: FakeClock
) -> None:
    (sam,) = await hire(stores, "Sam Green")
    made = []
    for _ in range(3):
        made.append((await ask(stores, clock))[1])
        clock.go_on(minutes=1)
    async with stores.service.write() as session:
        await take_request(session, made[0].id, staff=sam, now=clock())
    async with stores.service.read() as session:
        listed = await list_requests(session)
    assert [each.id for each in listed] == [made[1].id, made[2].id, made[0].id]
    assert listed[2].helper_name == "Sam Green"


async def test_a_young_person_can_follow_their_request(stores: Stores, clock: FakeClock) -> None:
    talk, opened = await ask(stores, clock)
    (sam,) = await hire(stores, "Sam Green")

    async def told() -> tuple[str, RequestState, str | None, date | None]:
        async with stores.service.read() as session:
            (status,) = await request_statuses(session, talk.id)
        return status.words, status.state, status.seen_by, status.planned_for

    assert await told() == (opened.words, RequestState.WAITING, None, None)
    async with stores.service.write() as session:
        await take_request(session, opened.id, staff=sam, now=clock())
    assert await told() == (opened.words, RequestState.TAKEN, "Sam", None)
    async with stores.service.write() as session:
        await plan_request(session, opened.id, staff=sam, planned_for=date(2026, 12, 1), now=clock())
    assert await told() == (opened.words, RequestState.PLANNED, "Sam", date(2026, 12, 1))
    async with stores.service.write() as session:
        await close_request(session, opened.id, staff=sam, outcome=RequestOutcome.HELPED, now=clock())
    assert (await told())[1] is RequestState.CLOSED


async def test_who_asked_for_nothing_has_no_request(stores: Stores) -> None:
    async with stores.service.write() as session:
        talk = await hold_conversation(session)
        assert await request_statuses(session, talk.id) == []


async def test_what_was_said_opens_only_with_the_key_of_its_conversation(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk, opened = await ask(sqlite_stores, clock)
    async with sqlite_stores.service.read() as session:
        found = await read_request(session, opened.id)
    assert open_body(found, talk.key) == BODY
    assert b"Robin" not in found.sealed_body
    with pytest.raises(CannotOpen):
        open_body(found, new_key())


async def test_short_and_long_requests_are_sealed_to_the_same_length(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    _, short = await ask(sqlite_stores, clock)
    async with sqlite_stores.service.write() as session:
        talk = await hold_conversation(session)
        long_body = RequestBody("a" * 1500, "b" * 100, "c" * 100, "d" * 100, "mum", "e" * 200)
        long = await open_request(session, conversation=talk.id, key=talk.key, body=long_body, now=clock())
        lengths = {len((await read_request(session, each.id)).sealed_body) for each in (short, long)}
    assert len(lengths) == 1


async def test_no_two_open_requests_have_the_same_words(stores: Stores, clock: FakeClock) -> None:
    _, first = await ask(stores, clock, random=Random(7))
    _, second = await ask(stores, clock, random=Random(7))
    assert first.words != second.words


async def test_the_words_of_a_closed_request_are_free_again(stores: Stores, clock: FakeClock) -> None:
    _, first = await ask(stores, clock, random=Random(7))
    (sam,) = await hire(stores, "Sam Green")
    async with stores.service.write() as session:
        await take_request(session, first.id, staff=sam, now=clock())
        await close_request(session, first.id, staff=sam, outcome=RequestOutcome.NOT_WANTED, now=clock())
    _, second = await ask(stores, clock, random=Random(7))
    assert second.words == first.words


async def test_an_unknown_request_is_said_to_be_unknown(sqlite_stores: Stores) -> None:
    async with sqlite_stores.service.read() as session:
        with pytest.raises(NoSuchRequest):
            await read_request(session, RequestId("nothing"))


def test_reference_words_are_short_and_distinct() -> None:
    assert len(set(KINDS)) == len(KINDS) == 20
    assert len(set(ANIMALS)) == len(ANIMALS) == 30
    assert max(map(len, KINDS + ANIMALS)) <= 8
