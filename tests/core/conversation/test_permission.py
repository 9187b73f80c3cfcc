"""A permission to use words is taken back in every conversation of the person, and being asked takes nothing back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest

from app.compose import build_knowledge
from core.conversation.bot import Answer, Bot, Turn
from core.conversation.given_codes import show_code
from core.conversation.house import House
from core.conversation.place import read_place
from core.conversation.tables import Conversation
from core.text.code_words import CodeKind
from core.views.tables import WaitingViews
from core.views.waiting import open_waiting
from tests.bot.rules_bot import RulesBot
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores


class MeanwhileBot:
    """Decides a turn, and lets something else happen before it is committed."""

    def __init__(self, bot: Bot, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self.bot = bot
        self.meanwhile = meanwhile

    async def answer(self, turn: Turn) -> Answer:
        answer = await self.bot.answer(turn)
        await self.meanwhile()
        return answer


@pytest.fixture
async def house(sqlite_stores: Stores, clock: FakeClock) -> House:
    house = build_test_house(sqlite_stores, clock)
    return replace(house, bot=RulesBot(build_knowledge(house), {"the hall is too loud": "tell_view"}))


async def may_be_used(talk: WebTalk) -> list[bool]:
    async with talk.house.service.read() as session:
        row = await session.get_one(WaitingViews, talk.conversation)
        _, key = read_place(await session.get_one(Conversation, talk.conversation), talk.house.keys)
        waiting = open_waiting(row.sealed, key, talk.conversation)
    return [each.may_quote for each in waiting.entries if each.text is not None]


async def let_words_be_used(house: House) -> WebTalk:
    talk = await WebTalk.begin(house)
    await talk.say("the hall is too loud")
    await talk.say("skip")
    await talk.say("you can use my words")
    await talk.tap("You may use my words")
    return talk


async def come_back_elsewhere(before: WebTalk) -> WebTalk:
    code = await show_code(before.house, before.conversation, CodeKind.RETURN)
    assert code is not None
    now = await WebTalk.begin(before.house)
    await now.say(" ".join(code))
    return now


async def test_a_yes_holds_for_what_was_said_and_is_said_later_in_the_term(house: House) -> None:
    talk = await let_words_be_used(house)
    assert await may_be_used(talk) == [True]
    await talk.say("the hall is too loud")
    assert await may_be_used(talk) == [True, True]


async def test_a_yes_ends_with_the_term(house: House, clock: FakeClock) -> None:
    talk = await let_words_be_used(house)
    clock.go_on(days=60)
    await talk.say("the hall is too loud")
    assert await may_be_used(talk) == [True, False]


async def test_a_no_is_heard_in_every_conversation_of_the_person(house: House) -> None:
    before = await let_words_be_used(house)
    now = await come_back_elsewhere(before)
    await now.say("do not use my words")
    assert await may_be_used(before) == [False]


async def test_a_no_elsewhere_holds_for_what_is_said_later_too(house: House) -> None:
    before = await let_words_be_used(house)
    now = await come_back_elsewhere(before)
    await now.say("do not use my words")
    await before.say("the hall is too loud")
    assert await may_be_used(before) == [False, False]


async def test_a_no_is_heard_along_a_chain_of_conversations(house: House) -> None:
    first = await let_words_be_used(house)
    second = await come_back_elsewhere(first)
    third = await come_back_elsewhere(second)
    await third.say("do not use my words")
    assert await may_be_used(first) == [False]


async def test_a_no_that_comes_while_a_turn_is_decided_elsewhere_counts(house: House) -> None:
    before = await let_words_be_used(house)
    now = await come_back_elsewhere(before)
    slow = replace(house, bot=MeanwhileBot(house.bot, partial(now.say, "do not use my words")))
    await replace(before, house=slow).say("the hall is too loud")
    assert await may_be_used(before) == [False, False]


async def test_being_asked_elsewhere_takes_nothing_back(house: House) -> None:
    before = await let_words_be_used(house)
    now = await come_back_elsewhere(before)
    await now.say("you can use my words")
    await now.say("skip")
    assert await may_be_used(before) == [True]
