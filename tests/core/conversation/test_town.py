"""Where somebody lives: the district is kept, and the town is nowhere."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.compose import build_knowledge
from core.conversation.place import read_place
from core.conversation.tables import Author, Conversation
from core.conversation.transcript import read_messages
from core.safeguarding.phrases import Level
from core.safeguarding.tables import Concern
from tests.bot.rules_bot import RulesBot
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

SKIPS = 9


@pytest.fixture
async def talk(sqlite_stores: Stores, clock: FakeClock) -> WebTalk:
    house = build_test_house(sqlite_stores, clock)
    house = replace(house, bot=RulesBot(build_knowledge(house)))
    talk = await WebTalk.begin(house)
    await talk.tap("Tell you what I think")
    for _ in range(SKIPS + 1):
        await talk.say("skip")
    return talk


async def typed(talk: WebTalk) -> list[str]:
    async with talk.house.service.read() as session:
        messages = await read_messages(session, talk.house.keys, talk.conversation)
    return [each.text for each in messages if each.author is Author.YOU][SKIPS + 2 :]


async def district(talk: WebTalk) -> str | None:
    async with talk.house.service.read() as session:
        row = await session.get_one(Conversation, talk.conversation)
        answers: dict[str, str] = read_place(row, talk.house.keys)[0].state["answers"]
        return answers.get("about-town")


@pytest.mark.parametrize("words", ["i live in droitwich", "Evesham", "evsham"])
async def test_the_district_is_kept_and_the_town_is_not(talk: WebTalk, words: str) -> None:
    await talk.say(words)
    assert await district(talk) == "wychavon"
    assert await typed(talk) == ["(where I live)"]


@pytest.mark.parametrize("words", ["i live in blahville", "blahville"])
async def test_a_place_nobody_knows_is_not_kept_either(talk: WebTalk, words: str) -> None:
    await talk.say(words)
    assert await district(talk) is None
    assert await typed(talk) == ["(where I live)"]


async def test_what_is_no_town_stays_as_it_was_typed(talk: WebTalk) -> None:
    await talk.say("who reads this")
    assert await typed(talk) == ["who reads this"]


async def test_words_that_a_person_must_see_stay(talk: WebTalk) -> None:
    await talk.say("i live in fear he hits me")
    assert await typed(talk) == ["i live in fear he hits me"]


@pytest.mark.parametrize("where", ["droitwich", "blahville"])
async def test_a_worry_beside_a_town_is_heard_and_its_words_stay(talk: WebTalk, where: str) -> None:
    def ear(words: str) -> Level | None:
        return Level.WORRY if "on my own" in words else None

    talk = replace(talk, house=replace(talk.house, second_listener=ear))
    said = f"i live in {where} on my own"
    await talk.say(said)
    assert await typed(talk) == [said]
    async with talk.house.service.read() as session:
        assert [row.level for row in await session.scalars(select(Concern))] == [Level.WORRY]
