"""Codes that bring a person back or join a phone and a chat: once, in time, and without an earlier word."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.conversation.bot import Answer, AskQuestion, KeepState, RecordView, SayMessage, Turn
from core.conversation.given_codes import show_code
from core.conversation.house import House
from core.conversation.tables import Conversation, GivenCode
from core.ids import ConversationId
from core.text.code_words import CodeKind, code_words
from core.views.erasing import open_tags
from tests.builders import PhoneTalk, WebTalk, answer_all, build_test_house
from tests.core.conversation.codes import code_in, hand_over, house_of, phone_of_their_own, place_of, texts
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

NOT_KNOWN = "I do not know that code. It may be used up. You can look at the words again."
TOO_MANY = "That was a lot of codes. Please wait for 1 hour."
SCHOOL = "192.0.2.7"
JOINED = "Your phone and this chat go together now."


def easy_from_now_on(turn: Turn) -> Answer:
    """Change how they like to talk, and keep what they say."""
    state = {**turn.state, "my_way": "easy", "ways": ["pictures", "time"]}
    return Answer((SayMessage("view_kept"),), (KeepState(state), RecordView("said", "education", text=True)))


async def tags_of(house: House, conversation: ConversationId) -> set[str]:
    """The names under which what a conversation says now is counted."""
    async with house.service.read() as session:
        row = await session.get_one(Conversation, conversation)
        key = house.keys.open_conversation_key(row.sealed_key, conversation)
        return {tag.tag for tag in await open_tags(session, conversation, key) if tag.number}


async def text_me_a_link_code(phone: PhoneTalk) -> tuple[ConversationId, str]:
    asked = await phone.text("link my phone")
    return asked.conversation, code_in(await hand_over(phone.house))


async def test_coming_back_brings_my_way_and_no_earlier_word(stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(stores, clock, FakeBot(easy_from_now_on))
    before = await WebTalk.begin(house)
    await before.say("the bus is late")
    code = await show_code(house, before.conversation, CodeKind.RETURN)
    assert len(code) == 5
    clock.go_on(days=29)
    now = await WebTalk.begin(house)
    await now.say(" ".join(code))
    state = (await place_of(house, now.conversation)).state
    assert (state["my_way"], state["ways"]) == ("easy", ["pictures", "time"])
    assert not any("bus" in said for said in await texts(house, now.conversation))
    assert not any(" ".join(code) in said for said in await texts(house, now.conversation))


async def test_coming_back_asks_the_question_that_was_open(stores: Stores, clock: FakeClock) -> None:
    def ask(turn: Turn) -> Answer:
        state = {**turn.state, "flow": "questions", "set": "education", "question": "edu-safe"}
        return Answer((AskQuestion("education", "edu-safe"),), (KeepState(state),))

    house = build_test_house(stores, clock, FakeBot(ask))
    before = await WebTalk.begin(house)
    await before.say("ask me")
    code = await show_code(house, before.conversation, CodeKind.RETURN)
    now = await WebTalk.begin(house)
    said = await now.say(" ".join(code))
    assert said[-1].text == (await before.messages())[-2].text


async def test_a_return_code_works_once_and_for_thirty_days(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    before = await WebTalk.begin(house)
    code = " ".join(await show_code(house, before.conversation, CodeKind.RETURN))
    now = await WebTalk.begin(house)
    assert (await now.say(code))[0].text != NOT_KNOWN
    assert (await now.say(code))[0].text == NOT_KNOWN
    late = " ".join(await show_code(house, before.conversation, CodeKind.RETURN))
    clock.go_on(days=31)
    assert (await now.say(late))[0].text == NOT_KNOWN


async def test_a_new_return_code_ends_the_one_before(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    before = await WebTalk.begin(house)
    first = " ".join(await show_code(house, before.conversation, CodeKind.RETURN))
    await show_code(house, before.conversation, CodeKind.RETURN)
    now = await WebTalk.begin(house)
    assert (await now.say(first))[0].text == NOT_KNOWN


async def test_a_link_code_joins_a_phone_and_a_chat_and_both_are_told(
    stores: Stores, clock: FakeClock
) -> None:
    house = house_of(stores, clock)
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)
    await phone.text("lunch is good")
    await hand_over(house)
    on_phone, code = await text_me_a_link_code(phone)
    said = await web.say(code)
    assert said[0].text == JOINED
    told = await hand_over(house)
    assert any("This phone and a web chat go together now." in each for each in told)
    assert not any("lunch" in each.text for each in await web.messages())
    await web.say("the bus is late")
    assert await tags_of(house, web.conversation) == await tags_of(house, on_phone)


async def test_a_link_code_brings_my_way_from_the_phone_to_the_chat(stores: Stores, clock: FakeClock) -> None:
    house = replace(house_of(stores, clock), bot=FakeBot(easy_from_now_on))
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)
    await phone.text("lunch is good")
    await hand_over(house)
    on_phone, code = await text_me_a_link_code(phone)
    await web.say(code)
    for conversation in (web.conversation, on_phone):
        state = (await place_of(house, conversation)).state
        assert (state["my_way"], state["ways"]) == ("easy", ["pictures", "time"])


async def test_who_never_linked_counts_apart(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)
    spoken = await phone.text("lunch is good")
    await web.say("the bus is late")
    assert not await tags_of(house, web.conversation) & await tags_of(house, spoken.conversation)


async def test_a_link_code_lasts_fifteen_minutes_and_works_once(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)
    _, code = await text_me_a_link_code(phone)
    clock.go_on(minutes=16)
    assert (await web.say(code))[0].text == NOT_KNOWN
    _, code = await text_me_a_link_code(phone)
    assert (await web.say(code))[0].text == JOINED
    assert (await web.say(code))[0].text == NOT_KNOWN


async def test_a_link_code_is_tried_five_times_an_hour(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)
    _, code = await text_me_a_link_code(phone)
    for _ in range(5):
        assert (await web.say(" ".join(code_words()[:3])))[0].text == NOT_KNOWN
    assert (await web.say(code))[0].text == "That was a lot of codes. Please wait for 1 hour."


async def test_a_link_code_does_nothing_by_text(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    phone, thief = await phone_of_their_own(house), await phone_of_their_own(house, "+447700900456")
    _, code = await text_me_a_link_code(phone)
    await thief.text(code)
    assert any("Please write those 3 words on our web page." in each for each in await hand_over(house))
    web = await WebTalk.begin(house)
    assert (await web.say(code))[0].text == JOINED


@pytest.mark.parametrize("kind", [CodeKind.LINK, CodeKind.RETURN])
async def test_nothing_of_a_code_is_kept_but_a_keyed_hash(
    stores: Stores, clock: FakeClock, kind: CodeKind
) -> None:
    house = house_of(stores, clock)
    web = await WebTalk.begin(house)
    code = await show_code(house, web.conversation, kind)
    async with stores.service.read() as session:
        given = (await session.scalars(select(GivenCode))).one()
    assert len(given.name) == 64
    assert not any(word in given.name for word in code)


async def at_school(house: House) -> WebTalk:
    talk = await WebTalk.begin(house)
    talk.address = SCHOOL
    return talk


def wrong_code(number: int, kind: CodeKind = CodeKind.RETURN) -> str:
    return " ".join(code_words()[number : number + kind])


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_whole_class_at_one_address_comes_back(
    stores: Stores, clock: FakeClock, *, at_once: bool
) -> None:
    house = house_of(stores, clock)
    before = [await at_school(house) for _ in range(30)]
    codes = [" ".join(await show_code(house, each.conversation, CodeKind.RETURN)) for each in before]
    now = [await at_school(house) for _ in codes]
    sends = [talk.send(code) for talk, code in zip(now, codes, strict=True)]
    if at_once:
        await asyncio.gather(*sends)
    else:
        [await each for each in sends]
    await answer_all(house)
    said = [[each.text for each in await talk.messages()] for talk in now]
    assert not any({TOO_MANY, NOT_KNOWN} & set(each) for each in said)


async def test_a_whole_class_at_one_address_links_its_phones(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    for number in range(8):
        _, code = await text_me_a_link_code(await phone_of_their_own(house, f"+44770090012{number}"))
        assert (await (await at_school(house)).say(code))[0].text == JOINED


async def test_right_codes_give_back_no_wrong_one(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    codes = [
        " ".join(await show_code(house, (await at_school(house)).conversation, CodeKind.RETURN))
        for _ in range(11)
    ]
    for number, code in enumerate(codes[:10]):
        assert (await (await at_school(house)).say(code))[0].text not in {TOO_MANY, NOT_KNOWN}
        assert (await (await at_school(house)).say(wrong_code(number)))[0].text == NOT_KNOWN
    assert (await (await at_school(house)).say(wrong_code(11)))[0].text == TOO_MANY
    assert (await (await at_school(house)).say(codes[10]))[0].text == TOO_MANY


async def test_a_code_that_is_used_up_or_too_old_counts_as_a_wrong_one(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    house = house_of(sqlite_stores, clock)
    used, old = [
        " ".join(await show_code(house, (await at_school(house)).conversation, CodeKind.RETURN))
        for _ in range(2)
    ]
    await (await at_school(house)).say(used)
    clock.go_on(days=31)
    said = [(await (await at_school(house)).say(each))[0].text for each in (used, old) * 6]
    assert said == [NOT_KNOWN] * 10 + [TOO_MANY] * 2
