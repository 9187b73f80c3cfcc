"""What phrases hear in a message is weighed with the second listener before anything is written."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from core.conversation import hearing
from core.conversation.hearing import hear
from core.conversation.house import House
from core.conversation.refused import hear_refused
from core.conversation.reviewing import answer_review, next_review
from core.conversation.tables import Kind
from core.ids import StaffId
from core.rate_limits import TooMuch
from core.safeguarding.phrases import Level
from core.safeguarding.review_tables import Review, Verdict
from core.safeguarding.reviews import how_much_is_missed
from core.safeguarding.second_listener import Ear
from core.safeguarding.tables import Concern, ConcernMessage
from tests.builders import PhoneTalk, WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

WEIGHED = "he locks me in my room"
"""Phrases hear danger in it, and none of them is sure."""
SURE = "i want to kill myself"


def knows(level: Level | None) -> Ear:
    """Give a second listener that hears this in whatever is said."""
    return lambda _words: level


def slow(_words: str) -> Level | None:
    time.sleep(0.2)
    return None


def broken(_words: str) -> Level | None:
    raise MemoryError


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    return replace(build_test_house(stores, clock), draw=lambda _below: 1)


def with_ear(house: House, ear: Ear) -> House:
    return replace(house, second_listener=ear)


async def levels(house: House) -> list[Level]:
    async with house.service.read() as session:
        return list(await session.scalars(select(Concern.level)))


async def reviews(house: House) -> list[bool]:
    """Say of each message that waits for a review whether it was quieted."""
    async with house.service.read() as session:
        return list(await session.scalars(select(Review.was_quieted)))


@pytest.mark.parametrize("level", [Level.WORRY, Level.DANGER])
async def test_what_both_hear_is_raised_at_the_level_of_the_second_listener_in_the_same_turn(
    house: House, level: Level
) -> None:
    talk = await WebTalk.begin(with_ear(house, knows(level)))
    await talk.send(WEIGHED)
    assert await levels(house) == [level]
    assert {message.kind for message in await talk.messages()} >= {Kind.SAFETY}
    async with house.service.read() as session:
        told = (await session.scalars(select(ConcernMessage))).one()
    assert told.level == level
    assert Level.DANGER in {reason["level"] for reason in told.because}, (
        "the reader sees what the phrase heard"
    )
    assert await reviews(house) == []


@pytest.mark.parametrize("is_by_text", [False, True])
async def test_what_the_second_listener_lets_pass_rings_for_nobody_and_a_person_reviews_it(
    house: House, clock: FakeClock, *, is_by_text: bool
) -> None:
    quiet = with_ear(house, knows(None))
    if is_by_text:
        phone = PhoneTalk(quiet)
        for words in ("hello", "1", WEIGHED):
            await phone.text(words)
    else:
        await (await WebTalk.begin(quiet)).say(WEIGHED)
    assert await levels(house) == []
    assert await reviews(house) == [True]
    async with house.service.write() as session:
        shown = await next_review(session, house.keys, StaffId("lead"))
        assert shown is not None
        await answer_review(session, house.keys, house.area, shown.id, Verdict.DANGER, clock())
    async with house.service.read() as session:
        a_week_later = clock() + timedelta(days=7)
        by_chance = await how_much_is_missed(session, a_week_later)
        quieted = await how_much_is_missed(session, a_week_later, of_quieted=True)
    assert (by_chance.either.of, quieted.either.of, quieted.danger.found) == (0, 1, 1)
    assert await levels(house) == [Level.DANGER]


async def test_sent_again_it_waits_for_one_review(house: House) -> None:
    talk = await WebTalk.begin(with_ear(house, knows(None)))
    for _ in range(3):
        await talk.send(WEIGHED, id_="once")
    assert await reviews(house) == [True]


async def test_what_a_sure_phrase_hears_is_danger_whatever_the_second_listener_hears(house: House) -> None:
    asked: list[str] = []

    def deaf(words: str) -> Level | None:
        asked.append(words)
        return None

    talk = await WebTalk.begin(with_ear(house, deaf))
    await talk.send(SURE)
    assert (await levels(house), asked) == ([Level.DANGER], [])


@pytest.mark.parametrize("ear", [slow, broken])
async def test_what_can_not_be_weighed_counts_as_the_phrases_heard_it(
    house: House, monkeypatch: pytest.MonkeyPatch, ear: Ear
) -> None:
    monkeypatch.setattr(hearing, "SECONDS_TO_WEIGH", 0.01)
    talk = await WebTalk.begin(with_ear(house, ear))
    with capture_logs() as logs:
        await talk.send(WEIGHED)
    assert await levels(house) == [Level.DANGER]
    assert [line["problem"] for line in logs if line["event"] == "not_weighed"]
    assert WEIGHED not in str(logs)


async def test_without_a_second_listener_the_phrases_count_alone(house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.send(WEIGHED)
    assert await levels(house) == [Level.DANGER]


@pytest.mark.parametrize("words", ["he hits me", "", None])
async def test_too_few_words_are_not_weighed(house: House, words: str | None) -> None:
    alone = await hear(house, words)
    assert await hear(with_ear(house, knows(None)), words) == alone
    assert not alone.is_quieted


async def test_a_text_longer_than_anybody_writes_is_not_weighed(house: House) -> None:
    long = "we went to the park. " * 1100 + WEIGHED
    assert len(long) > hearing.LONG_TEXT
    found = await hear(with_ear(house, knows(None)), long)
    assert found == await hear(house, long)
    assert found.heard is not None


async def test_the_first_text_of_a_new_phone_is_reviewed_though_it_waits_for_whose_phone_it_is(
    house: House,
) -> None:
    await PhoneTalk(with_ear(house, knows(None))).text(WEIGHED)
    async with house.service.write() as session:
        shown = await next_review(session, house.keys, StaffId("lead"))
    assert shown is not None
    assert shown.words == WEIGHED


async def test_what_was_let_pass_is_reviewed_before_what_chance_drew(house: House) -> None:
    drawn = replace(with_ear(house, knows(None)), draw=lambda _below: 0)
    talk = await WebTalk.begin(drawn)
    for words in ("i like art", "we had pasta", WEIGHED, "the bus was late"):
        await talk.say(words)
    async with house.service.write() as session:
        shown = await next_review(session, house.keys, StaffId("lead"))
    assert shown is not None
    assert shown.words == WEIGHED


async def test_other_words_under_an_id_that_was_used_before_are_reviewed_too(house: House) -> None:
    talk = await WebTalk.begin(with_ear(house, knows(None)))
    await talk.send("i like art", id_="once")
    await talk.send(WEIGHED, id_="once")
    assert await reviews(house) == [True]


async def test_what_was_let_pass_is_kept_and_reviewed_where_other_words_are_too_many(
    stores: Stores, clock: FakeClock
) -> None:
    house = with_ear(replace(build_test_house(stores, clock), draw=lambda _below: 1), knows(None))
    talk = await WebTalk.begin(house)
    sent = 0
    with suppress(TooMuch):
        for sent in range(1000):  # noqa: B007 - how many were taken in
            await talk.send("i like art")
    assert sent < 999
    await talk.send(WEIGHED)
    assert await reviews(house) == [True]


async def test_words_that_can_not_be_taken_in_get_the_numbers_as_the_phrases_hear_them(house: House) -> None:
    quiet = with_ear(house, knows(None))
    assert await hear_refused(quiet, None, WEIGHED) == await hear_refused(house, None, WEIGHED)
    talk = await WebTalk.begin(quiet)
    assert await hear_refused(quiet, talk.conversation, WEIGHED)
    assert await reviews(house) == [True]
