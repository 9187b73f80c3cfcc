"""A concern stands until a person has read every word of it and says how it ended."""

import asyncio

import pytest
from sqlalchemy import func, select

from core.ids import ConcernId
from core.outbox_tables import AlertKind, Post, Route
from core.safeguarding.concerns import (
    acknowledge_concern,
    close_concern,
    has_open_concern,
    raise_concern,
)
from core.safeguarding.listing import list_closed_concerns, list_concerns, read_concern
from core.safeguarding.phrases import Category, Level
from core.safeguarding.refusals import (
    ConcernAlreadyClosed,
    ConcernHasNewWords,
    ConcernNotRead,
    NoSuchConcern,
)
from core.safeguarding.rules import Heard, Match
from core.safeguarding.tables import Concern, ConcernOutcome
from core.staff.roles import Role
from tests.builders import lists
from tests.fakes import FakeClock
from tests.staffed import Talk, hold_conversation, hold_message, hold_staff
from tests.stores import Stores

AREA = lists().area
HIT = Match("hits_me", Category.PHYSICAL_ABUSE, Level.DANGER)
FED = Match("forgets_feed", Category.NEGLECT, Level.WORRY)
DANGER = Heard(Level.DANGER, (Category.PHYSICAL_ABUSE,), (HIT,))
WORRY = Heard(Level.WORRY, (Category.NEGLECT,), (FED,))


async def start(stores: Stores) -> Talk:
    async with stores.service.write() as session:
        return await hold_conversation(session)


async def tell(stores: Stores, clock: FakeClock, talk: Talk, heard: Heard = DANGER) -> ConcernId:
    async with stores.service.write() as session:
        message = await hold_message(session, talk, "he hits me")
        return await raise_concern(
            session, AREA, conversation=talk.id, message=message, heard=heard, now=clock()
        )


async def alerts(stores: Stores) -> list[tuple[str | None, AlertKind | None]]:
    async with stores.service.read() as session:
        posts = await session.execute(select(Post).where(Post.route == Route.EMAIL).order_by(Post.posted_at))
        return [(post.address, post.alert) for post in posts.scalars()]


async def test_of_one_conversation_one_concern_is_open_and_later_messages_join_it(
    stores: Stores, clock: FakeClock
) -> None:
    talk, other = await start(stores), await start(stores)
    first = await tell(stores, clock, talk)
    assert await tell(stores, clock, talk) == first
    assert await tell(stores, clock, other) != first
    async with stores.service.read() as session:
        concern, messages = await read_concern(session, first)
    assert concern.messages == len(messages) == 2
    assert messages[0].because == (HIT,)


async def test_ten_messages_at_once_make_one_concern(stores: Stores, clock: FakeClock) -> None:
    talk = await start(stores)
    async with stores.service.write() as session:
        heard = [await hold_message(session, talk, f"help {number}") for number in range(10)]

    async def tell_one(number: int) -> ConcernId:
        async with stores.service.write() as session:
            return await raise_concern(
                session, AREA, conversation=talk.id, message=heard[number], heard=DANGER, now=clock()
            )

    (concern,) = set(await asyncio.gather(*(tell_one(number) for number in range(10))))
    async with stores.service.read() as session:
        listed, messages = await read_concern(session, concern)
    assert listed.messages == len(messages) == 10


async def test_the_same_message_twice_counts_once(stores: Stores, clock: FakeClock) -> None:
    talk = await start(stores)
    async with stores.service.write() as session:
        message = await hold_message(session, talk, "he hits me")
        for _ in range(2):
            concern = await raise_concern(
                session, AREA, conversation=talk.id, message=message, heard=DANGER, now=clock()
            )
    async with stores.service.read() as session:
        assert (await read_concern(session, concern))[0].messages == 1


async def test_a_worry_in_which_danger_is_heard_later_is_called_about_again_even_when_it_was_read(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await start(stores)
    async with stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
        message = await hold_message(session, talk, "mum forgets my feed")

    async def hear(heard: Heard) -> ConcernId:
        async with stores.service.write() as session:
            return await raise_concern(
                session, AREA, conversation=talk.id, message=message, heard=heard, now=clock()
            )

    concern = await hear(WORRY)
    async with stores.service.write() as session:
        await acknowledge_concern(session, concern, staff=lead, seen=1, level=Level.WORRY, now=clock())
    for heard in (DANGER, WORRY, DANGER):
        assert await hear(heard) == concern
    async with stores.service.read() as session:
        row, messages = await read_concern(session, concern)
    assert (row.level, row.messages, row.read_at, row.calls) == (Level.DANGER, 1, None, 1)
    assert messages[0].because == (FED, HIT)
    assert [kind for _, kind in await alerts(stores)] == [AlertKind.WORRY, AlertKind.DANGER]


async def test_what_a_person_has_closed_meanwhile_stays_closed(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    stores = sqlite_stores
    talk = await start(stores)
    async with stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
        message = await hold_message(session, talk, "mum forgets my feed")
        concern = await raise_concern(
            session, AREA, conversation=talk.id, message=message, heard=WORRY, now=clock()
        )
        await acknowledge_concern(session, concern, staff=lead, seen=1, level=Level.WORRY, now=clock())
        await close_concern(
            session,
            concern,
            staff=lead,
            outcome=ConcernOutcome.SAFE_NOW,
            seen=1,
            level=Level.WORRY,
            now=clock(),
        )
        await raise_concern(session, AREA, conversation=talk.id, message=message, heard=DANGER, now=clock())
    async with stores.service.read() as session:
        assert not await has_open_concern(session, talk.id)
        assert (await read_concern(session, concern))[0].level is Level.WORRY


async def test_the_level_goes_up_and_never_down(stores: Stores, clock: FakeClock) -> None:
    talk = await start(stores)
    for heard, level in ((WORRY, Level.WORRY), (DANGER, Level.DANGER), (WORRY, Level.DANGER)):
        concern = await tell(stores, clock, talk, heard)
        async with stores.service.read() as session:
            assert (await read_concern(session, concern))[0].level is level


async def test_nobody_acknowledges_or_closes_words_that_they_have_not_seen(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await start(stores)
    concern = await tell(stores, clock, talk)
    async with stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
    await tell(stores, clock, talk)
    with pytest.raises(ConcernHasNewWords):
        async with stores.service.write() as session:
            await acknowledge_concern(session, concern, staff=lead, seen=1, level=Level.DANGER, now=clock())
    async with stores.service.write() as session:
        await acknowledge_concern(session, concern, staff=lead, seen=2, level=Level.DANGER, now=clock())
    await tell(stores, clock, talk)
    with pytest.raises(ConcernHasNewWords):
        async with stores.service.write() as session:
            await close_concern(
                session,
                concern,
                staff=lead,
                outcome=ConcernOutcome.SAFE_NOW,
                seen=2,
                level=Level.DANGER,
                now=clock(),
            )


async def test_a_concern_is_closed_only_after_it_was_read_and_only_once(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await start(stores)
    concern = await tell(stores, clock, talk)
    async with stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)

    async def close() -> None:
        async with stores.service.write() as session:
            await close_concern(
                session,
                concern,
                staff=lead,
                outcome=ConcernOutcome.FRONT_DOOR,
                seen=1,
                level=Level.DANGER,
                now=clock(),
            )

    with pytest.raises(ConcernNotRead):
        await close()
    async with stores.service.write() as session:
        await acknowledge_concern(session, concern, staff=lead, seen=1, level=Level.DANGER, now=clock())
        assert await has_open_concern(session, talk.id)
    await close()
    with pytest.raises(ConcernAlreadyClosed):
        await close()
    async with stores.service.read() as session:
        assert not await has_open_concern(session, talk.id)
        (closed,) = await list_closed_concerns(session)
    assert (closed.closed_by, closed.outcome) == ("Lee Ash", ConcernOutcome.FRONT_DOOR)
    assert await tell(stores, clock, talk) != concern


async def test_danger_stands_above_worry_and_the_unread_above_the_read(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
    worry = await tell(stores, clock, await start(stores), WORRY)
    clock.go_on(minutes=1)
    read = await tell(stores, clock, await start(stores))
    clock.go_on(minutes=1)
    unread = await tell(stores, clock, await start(stores))
    async with stores.service.write() as session:
        await acknowledge_concern(session, read, staff=lead, seen=1, level=Level.DANGER, now=clock())
        listed = await list_concerns(session)
    assert [each.id for each in listed] == [unread, read, worry]
    assert [each.read_by for each in listed] == [None, "Lee Ash", None]


async def test_every_safeguarding_lead_is_alerted_of_what_is_news_to_them(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
        await hold_staff(session, "Sam Green", Role.KEY_WORKER)
    talk = await start(stores)
    to_lead = "lee.ash@council.example"
    concern = await tell(stores, clock, talk, WORRY)
    await tell(stores, clock, talk, WORRY)
    assert await alerts(stores) == [(to_lead, AlertKind.WORRY)]
    clock.go_on(seconds=1)
    await tell(stores, clock, talk, DANGER)
    assert (await alerts(stores))[1:] == [(to_lead, AlertKind.DANGER)]
    async with stores.service.write() as session:
        await acknowledge_concern(session, concern, staff=lead, seen=3, level=Level.DANGER, now=clock())
    clock.go_on(seconds=1)
    await tell(stores, clock, talk, WORRY)
    assert len(await alerts(stores)) == 3


async def test_a_concern_stands_without_anybody_to_alert(sqlite_stores: Stores, clock: FakeClock) -> None:
    await tell(sqlite_stores, clock, await start(sqlite_stores))
    async with sqlite_stores.service.read() as session:
        assert await session.scalar(select(func.count()).select_from(Concern)) == 1
    assert await alerts(sqlite_stores) == []


async def test_an_unknown_concern_is_said_to_be_unknown(sqlite_stores: Stores, clock: FakeClock) -> None:
    async with sqlite_stores.service.write() as session:
        lead = await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
    with pytest.raises(NoSuchConcern):
        async with sqlite_stores.service.write() as session:
            await acknowledge_concern(
                session, ConcernId("none"), staff=lead, seen=0, level=Level.DANGER, now=clock()
            )
    with pytest.raises(NoSuchConcern):
        async with sqlite_stores.service.read() as session:
            await read_concern(session, ConcernId("none"))
