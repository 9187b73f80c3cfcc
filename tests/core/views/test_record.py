"""Views wait sealed, in one row of fixed size."""

import pytest
from sqlalchemy import func, select

from core.views.record import Profile, forget_conversation, forget_tags, record_profile
from core.views.tables import ConversationTag, WaitingViews
from core.views.waiting import open_waiting
from tests.core.views.people import AUTUMN, SPRING, People, answers, words
from tests.stores import Stores


@pytest.fixture
def people(stores: Stores) -> People:
    return People(stores)


async def waiting_rows(people: People) -> list[WaitingViews]:
    async with people.stores.service.read() as session:
        return list(await session.scalars(select(WaitingViews)))


async def test_a_second_answer_takes_the_place_of_the_first(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, answers(answer="safe"))
    await people.say(who, answers(answer="not-safe"))
    [row] = await waiting_rows(people)
    assert [entry.answer for entry in open_waiting(row.sealed, people.keys[who], who).entries] == ["not-safe"]


async def test_everything_said_in_own_words_is_kept(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, words("i like art"))
    await people.say(who, words("the hall is loud"))
    [row] = await waiting_rows(people)
    kept = open_waiting(row.sealed, people.keys[who], who)
    assert [entry.text for entry in kept.entries] == ["i like art", "the hall is loud"]


async def test_the_row_is_as_long_for_one_view_as_for_twenty(people: People) -> None:
    one, many = people.come(2)
    await people.say(one, answers())
    for number in range(20):
        await people.say(many, answers(measure=f"q-{number}", answer="x" * number))
    assert len({len(row.sealed) for row in await waiting_rows(people)}) == 1


async def test_nothing_that_was_said_is_readable_in_the_store(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, words("my dog is called biscuit"))
    [row] = await waiting_rows(people)
    assert b"biscuit" not in row.sealed
    assert b"redditch" not in row.sealed


async def test_what_was_taken_back_no_longer_waits(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, words("i like art"))
    await people.say(who, words("i hate art"))
    await people.take_back(who, "said")
    [row] = await waiting_rows(people)
    kept = open_waiting(row.sealed, people.keys[who], who).entries
    assert [entry.text for entry in kept if not entry.is_taken_back] == ["i like art"]


async def test_taking_back_what_was_never_said_changes_nothing(people: People) -> None:
    [who] = people.come(1)
    await people.take_back(who, "edu-safe")
    assert await waiting_rows(people) == []


async def test_a_tag_is_one_per_period_and_can_be_forgotten(people: People) -> None:
    [who] = people.come(1)
    for period in (AUTUMN, SPRING):
        await people.say(who, answers(), period)
        await people.say(who, answers("edu-like", "good"), period)
    count = select(func.count()).select_from(ConversationTag)
    async with people.stores.service.write() as session:
        assert await session.scalar(count) == 2
        await forget_tags(session, AUTUMN.id)
        assert await session.scalar(count) == 1
        await forget_conversation(session, who)
        assert await session.scalar(count) == 0
    assert await waiting_rows(people) == []


async def test_what_is_told_later_about_oneself_goes_with_all_that_waits(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, answers(profile=Profile("web")))
    later = Profile("web", age="13-15", anchored=True)
    async with people.stores.service.write() as session:
        await record_profile(session, conversation=who, key=people.keys[who], profile=later)
    [row] = await waiting_rows(people)
    assert open_waiting(row.sealed, people.keys[who], who).profile == later
