"""The delete code: shown once, kept nowhere, typed by anyone, and never answered with right or wrong."""

import asyncio

import pytest
from sqlalchemy import func, select

from core.conversation.given_codes import CodeGivenBefore, show_code
from core.outbox_tables import Post
from core.text.code_words import CodeKind, code_words
from core.tries_tables import Tries
from core.views.tables import DeleteCode, ErasureAsk, HeldPerson
from tests.builders import WebTalk, answer_all
from tests.core.conversation.codes import (
    code_in,
    end_term,
    hand_over,
    house_of,
    phone_of_their_own,
    place_of,
    purge_now,
    texts,
    views_left,
)
from tests.fakes import FakeClock
from tests.stores import Stores

TAKEN = "Thank you. If that code is right, I will delete those words."
TOO_MANY = "That was a lot of codes. Please wait for 1 hour."
WRONG = " ".join(code_words()[:4])


async def test_on_the_web_it_is_shown_once_for_a_term_and_stands_in_no_message(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    code = await show_code(talk.house, talk.conversation, CodeKind.DELETE)
    assert len(code) == 4
    assert (await texts(talk.house, talk.conversation))[-1] == "(I gave you a code)"
    with pytest.raises(CodeGivenBefore):
        await show_code(talk.house, talk.conversation, CodeKind.DELETE)


async def test_by_text_it_is_asked_for_and_its_words_are_erased_as_they_leave(
    stores: Stores, clock: FakeClock
) -> None:
    phone = await phone_of_their_own(house_of(stores, clock))
    asked = await phone.text("give me my code")
    await phone.text("1")
    code = code_in(await hand_over(phone.house))
    assert len(code.split()) == 4
    assert not any(code in said for said in await texts(phone.house, asked.conversation))
    async with stores.service.read() as session:
        post = (await session.scalars(select(Post).where(Post.is_code))).one()
        assert post.sealed_text is None


async def test_a_shared_phone_gets_none(stores: Stores, clock: FakeClock) -> None:
    phone = await phone_of_their_own(house_of(stores, clock))
    other = await phone.text("hi")
    shared = type(phone)(phone.house, "+447700900456")
    await shared.text("hi")
    await shared.text("2")
    asked = await shared.text("delete code")
    assert asked.conversation != other.conversation
    said = await texts(phone.house, asked.conversation)
    assert any("Other people may see this phone." in each for each in said)
    async with stores.service.read() as session:
        assert (await session.scalars(select(func.count()).where(Post.is_code))).one() == 0


async def test_typed_by_anyone_it_erases_all_views_of_its_term_in_the_night_and_nobody_elses(
    stores: Stores, clock: FakeClock
) -> None:
    house = house_of(stores, clock)
    mine, other, typing = [await WebTalk.begin(house) for _ in range(3)]
    for talk in (mine, other):
        await talk.say("the bus is late")
        await talk.say("lunch is good")
    code = await show_code(house, mine.conversation, CodeKind.DELETE)
    await end_term(house, clock)
    assert await views_left(house) == 4
    said = await typing.say(f"My code is {', '.join(code)}.")
    assert said[0].text == TAKEN
    assert await views_left(house) == 4
    await purge_now(house)
    assert await views_left(house) == 2
    async with stores.views.read() as session:
        assert (await session.scalars(select(func.count()).select_from(HeldPerson))).one() == 1


async def test_views_that_had_not_moved_when_it_was_typed_go_the_night_after_they_move(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    code = await show_code(talk.house, talk.conversation, CodeKind.DELETE)
    await talk.say(" ".join(code))
    await purge_now(talk.house)
    await end_term(talk.house, clock)
    await purge_now(talk.house)
    assert await views_left(talk.house) == 0
    clock.go_on(days=40)
    await purge_now(talk.house)
    async with stores.views.read() as session:
        for kept in (DeleteCode, ErasureAsk):
            assert (await session.scalars(select(func.count()).select_from(kept))).one() == 0


async def test_a_wrong_code_gets_the_same_answer_and_erases_nothing(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    code = await show_code(talk.house, talk.conversation, CodeKind.DELETE)
    await end_term(talk.house, clock)
    wrong = [message.text for message in await talk.say(WRONG)]
    await purge_now(talk.house)
    assert await views_left(talk.house) == 1
    assert [message.text for message in await talk.say(" ".join(code))] == wrong


async def test_a_code_that_was_typed_stands_in_no_message(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    talk, phone = await WebTalk.begin(house), await phone_of_their_own(house)
    await talk.say(WRONG)
    by_text = await phone.text(WRONG)
    for conversation in (talk.conversation, by_text.conversation):
        said = await texts(house, conversation)
        assert WRONG not in said
        assert "(you wrote a code)" in said


async def test_after_ten_tries_in_an_hour_even_the_right_one_is_not_taken(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    code = await show_code(talk.house, talk.conversation, CodeKind.DELETE)
    await end_term(talk.house, clock)
    said = [(await talk.say(WRONG))[0].text for _ in range(11)]
    assert said == [TAKEN] * 10 + [TOO_MANY]
    assert (await talk.say(" ".join(code)))[0].text == TOO_MANY
    await purge_now(talk.house)
    assert await views_left(talk.house) == 1
    clock.go_on(hours=2)
    assert (await talk.say(" ".join(code)))[0].text == TAKEN


async def test_an_address_has_ten_tries_however_many_conversations_it_opens(
    stores: Stores, clock: FakeClock
) -> None:
    house = house_of(stores, clock)
    said = []
    for _ in range(11):
        talk = await WebTalk.begin(house)
        talk.address = "192.0.2.7"
        said.append((await talk.say(WRONG))[0].text)
    assert said == [TAKEN] * 10 + [TOO_MANY]
    async with stores.service.read() as session:
        kept = (await session.scalars(select(Tries.whose))).all()
    assert not any(b"192.0.2.7" in each for each in kept)


async def test_many_codes_at_once_from_one_address_pass_no_limit(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    talks = [await WebTalk.begin(house) for _ in range(200)]
    for talk in talks:
        talk.address = "192.0.2.7"
    words = code_words()
    codes = [" ".join(words[number : number + 4]) for number in range(len(talks))]
    await asyncio.gather(*(talk.send(code) for talk, code in zip(talks, codes, strict=True)))
    async with stores.views.read() as session:
        assert await session.scalar(select(func.count()).select_from(ErasureAsk)) == 10
    await answer_all(house)
    said = [each.text for talk in talks for each in await talk.messages()]
    assert (said.count(TAKEN), said.count(TOO_MANY)) == (10, 190)


async def test_danger_is_heard_before_a_code(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.send(f"{WRONG} he hits me")
    assert "999" in (await talk.messages())[-4].text


async def test_the_question_that_was_open_stays_open(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    before = (await place_of(talk.house, talk.conversation)).question
    await talk.say(WRONG)
    assert (await place_of(talk.house, talk.conversation)).question == before
