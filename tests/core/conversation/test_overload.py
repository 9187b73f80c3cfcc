"""When more comes than can be kept, most is turned away in plain words, and danger and STOP never are."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from http import HTTPStatus

import pytest
from sqlalchemy import func, select

from core.conversation.accept_text import accept_text
from core.conversation.arrived import InboundText
from core.conversation.house import House
from core.conversation.place import read_place, standing_id
from core.conversation.tables import Conversation
from core.database import open_store
from core.group_commit import GroupCommit, TooBusy
from core.group_read import GroupRead
from core.safeguarding.tables import Concern
from core.young_people.consent import is_opted_out
from core.young_people.contact import pseudonym_of
from tests.builders import PhoneTalk, WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores, glances_of

DANGER = "i want to kill myself"
WORRY = "i hate myself"


@pytest.fixture
def calm(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock)


@pytest.fixture
def full(calm: House) -> House:
    return replace(calm, arrivals=GroupCommit(calm.service, most_waiting=0))


async def concerns(house: House) -> int:
    async with house.service.read() as session:
        return int((await session.execute(select(func.count()).select_from(Concern))).scalar_one())


async def turned_away(sending: Awaitable[object]) -> bool:
    try:
        await sending
    except TooBusy:
        return True
    return False


def test_whoever_is_turned_away_is_told_when_to_come_back() -> None:
    assert TooBusy().status == HTTPStatus.SERVICE_UNAVAILABLE
    assert TooBusy().headers == {"Retry-After": "60"}


async def test_ordinary_words_are_turned_away_and_may_be_sent_again(calm: House, full: House) -> None:
    web, phone = await WebTalk.begin(full), PhoneTalk(full)
    assert await turned_away(web.send("i like art", id_="1"))
    assert await turned_away(phone.text("i like art", sid="SM1"))
    assert not (await replace(web, house=calm).send("i like art", id_="1")).is_repeat
    assert not (await replace(phone, house=calm).text("i like art", sid="SM1")).is_repeat


async def test_danger_on_either_channel_gets_its_concern_and_its_answer(full: House) -> None:
    web, phone = await WebTalk.begin(full), PhoneTalk(full)
    assert any("999" in message.text for message in await web.say(DANGER))
    await phone.text(DANGER)
    assert await concerns(full) == 2


async def test_the_button_i_am_not_safe_is_never_turned_away(full: House) -> None:
    web = await WebTalk.begin(full)
    async with full.service.read() as session:
        _, key = read_place(await session.get_one(Conversation, web.conversation), full.keys)
    assert await turned_away(web.send(choice=standing_id("ask_help", key)))
    assert not await turned_away(web.send(choice=standing_id("say_not_safe", key)))
    assert await concerns(full) == 1


async def test_an_answer_to_the_check_in_is_never_turned_away(calm: House, full: House) -> None:
    phone = PhoneTalk(calm)
    await phone.text(WORRY)
    before = await concerns(calm)
    assert not await turned_away(PhoneTalk(full).text("1"))
    assert await turned_away(PhoneTalk(full).text("hello again"))
    async with full.service.read() as session:
        assert (await session.execute(select(Concern.level))).scalars().all() == ["danger"]
    assert before == 1


async def test_stop_is_never_turned_away(full: House) -> None:
    assert not await turned_away(PhoneTalk(full).text("STOP"))
    async with full.service.read() as session:
        assert await is_opted_out(session, pseudonym_of("+447700900123", full.keys))


async def test_most_are_turned_away_without_a_look_into_the_store(full: House) -> None:
    web, phone = await WebTalk.begin(full), PhoneTalk(full)
    nowhere = open_store("sqlite+aiosqlite:////no/such/folder/none.db")
    blind = replace(full, service=replace(full.service, reader=nowhere.reader), lookups=GroupRead(nowhere))
    assert await turned_away(replace(web, house=blind).send("i like art"))
    assert await turned_away(replace(phone, house=blind).text("i like art"))


async def test_a_flood_of_answers_is_looked_up_together_and_whoever_is_not_safe_is_let_in(
    calm: House, full: House
) -> None:
    others = [await WebTalk.begin(calm) for _ in range(3)]
    web, phone, other = await WebTalk.begin(calm), PhoneTalk(calm), PhoneTalk(calm, "+447700900777")
    await web.say(WORRY)
    await phone.text(WORRY)
    await other.text("i like art")
    flood = [
        *(replace(talk, house=full).send("no i do not like art") for talk in others * 20),
        *(accept_text(full, InboundText(other.number, f"SM{place}", "no")) for place in range(60)),
        replace(web, house=full).send("no"),
        accept_text(full, InboundText(phone.number, "SM61", "1")),
    ]
    with glances_of(full.service) as asked:
        away = await asyncio.gather(*(turned_away(each) for each in flood))
    assert away == [True] * 120 + [False] * 2
    assert len(asked) <= 4
    async with full.service.read() as session:
        assert (await session.execute(select(Concern.level))).scalars().all() == ["danger"] * 2


async def test_a_phone_that_is_not_known_is_turned_away_whatever_it_says(full: House) -> None:
    assert await turned_away(PhoneTalk(full).text("no"))


async def test_the_latest_conversation_of_a_phone_says_what_its_answer_means(
    calm: House, full: House, clock: FakeClock
) -> None:
    phone = PhoneTalk(calm)
    await phone.text(WORRY)
    clock.go_on(days=60)
    await phone.text("i like art")
    assert await turned_away(replace(phone, house=full).text("1"))
