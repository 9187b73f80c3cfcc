"""Who sends more than anybody writes is slowed down; danger, a worry, a check-in's "no" and STOP never are."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.conversation.house import House
from core.conversation.place import read_place
from core.conversation.rows import read_body
from core.conversation.tables import Conversation, Message, Progress
from core.database import ServiceBase
from core.group_commit import GroupCommit, TooBusy
from core.outbox_tables import Post
from core.rate_limits import Limit, TooMuch
from core.safeguarding.tables import Concern
from core.text.code_words import code_words
from core.young_people.consent import is_opted_out
from core.young_people.contact import pseudonym_of
from tests.builders import PhoneTalk, WebTalk, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

DANGER = "i want to kill myself"


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def house(stores: Stores, clock: FakeClock, bot: FakeBot) -> House:
    return build_test_house(stores, clock, bot)


async def count(house: House, table: type[ServiceBase]) -> int:
    async with house.service.read() as session:
        return int((await session.execute(select(func.count()).select_from(table))).scalar_one())


async def test_on_the_web_too_much_is_turned_away_in_plain_words_for_a_minute(
    house: House, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    _use_up(house, talk)
    with pytest.raises(TooMuch, match="999"):
        await talk.send("maths is good")
    clock.go_on(minutes=1)
    await talk.send("maths is good")


async def test_on_the_web_danger_is_never_too_much(house: House) -> None:
    talk = await WebTalk.begin(house)
    _use_up(house, talk)
    said = await talk.say(DANGER)
    assert said[0].kind == "safety"
    tapped = await talk.send(choice=(await _standing(house, talk))["say_not_safe"])
    assert tapped.seq
    assert await count(house, Concern) == 1


def _use_up(house: House, talk: WebTalk) -> None:
    for _ in range(60):
        assert house.limiter.count(Limit.WEB_MESSAGES, talk.conversation)


async def _standing(house: House, talk: WebTalk) -> dict[str, str]:
    from channels.web_chat.needs import web_chat_of

    web = web_chat_of(house, public_url="http://127.0.0.1:8000")
    return dict(await web.standing(talk.conversation))


async def flood(phone: PhoneTalk) -> None:
    """Text as often as may be: twice through the door, the rest as the door counts them."""
    for number in range(2):
        await phone.text(f"maths is good {number}")
    while phone.house.limiter.is_within(Limit.TEXTS, phone.number):
        phone.house.limiter.count(Limit.TEXTS, phone.number)


async def test_by_text_too_much_is_kept_and_does_nothing_and_says_so_once(house: House, bot: FakeBot) -> None:
    phone = PhoneTalk(house)
    await flood(phone)
    turns, posts, messages = len(bot.turns), await count(house, Post), await count(house, Message)
    for _ in range(5):
        await phone.text("i want a key worker")
    assert len(bot.turns) == turns
    assert await count(house, Post) == posts + 1
    assert await count(house, Message) == messages + 5 + 1
    async with house.service.read() as session:
        waiting = select(func.count()).select_from(Message).where(Message.progress == Progress.WAITING)
        assert await session.scalar(waiting) == 0


@pytest.mark.parametrize("limit", [Limit.TEXTS, Limit.TOLD_TOO_MUCH])
async def test_a_text_that_could_not_be_kept_is_not_counted_however_often_it_comes(
    house: House, limit: Limit
) -> None:
    phone = PhoneTalk(house)
    if limit is Limit.TOLD_TOO_MUCH:
        await flood(phone)
    full = replace(phone, house=replace(house, arrivals=GroupCommit(house.service, most_waiting=0)))
    for _ in range(40):
        with pytest.raises(TooBusy):
            await full.text("maths is good", sid="SMagain")
    assert house.limiter.is_within(limit, phone.number)


async def test_a_phone_is_answered_once_the_store_is_well_again(house: House, bot: FakeBot) -> None:
    phone = PhoneTalk(house)
    for words in ("hi", "1"):
        await phone.text(words)
    turns, away = (
        len(bot.turns),
        PhoneTalk(replace(house, arrivals=GroupCommit(house.service, most_waiting=0))),
    )
    for _ in range(40):
        with pytest.raises(TooBusy):
            await away.text("maths is good", sid="SMagain")
    await phone.text("maths is good", sid="SMagain")
    assert len(bot.turns) == turns + 1


async def test_by_text_danger_is_never_too_much(house: House) -> None:
    phone = PhoneTalk(house)
    await flood(phone)
    posts = await count(house, Post)
    await phone.text(DANGER)
    assert await count(house, Concern) == 1
    assert await count(house, Post) > posts


async def test_stop_is_never_too_much(house: House) -> None:
    phone = PhoneTalk(house)
    await flood(phone)
    await phone.text("STOP")
    async with house.service.read() as session:
        assert await is_opted_out(session, pseudonym_of(phone.number, house.keys))


async def test_after_a_while_a_phone_is_answered_again(house: House, bot: FakeBot, clock: FakeClock) -> None:
    phone = PhoneTalk(house)
    await flood(phone)
    await phone.text("maths is good")
    turns = len(bot.turns)
    clock.go_on(minutes=11)
    await phone.text("maths is good")
    assert len(bot.turns) == turns + 1


async def test_a_code_from_who_sends_too_much_does_nothing_and_is_not_kept(house: House) -> None:
    phone = PhoneTalk(house)
    await phone.text("hello")
    words = " ".join(code_words()[:4])
    await flood(phone)
    accepted = await phone.text(words)
    async with house.service.read() as session:
        row = await session.get_one(Conversation, accepted.conversation)
        key = read_place(row, house.keys)[1]
        kept = await session.scalar(
            select(Message).where(Message.conversation_id == row.id, Message.seq == accepted.seq)
        )
    assert kept is not None
    assert words not in str(read_body(kept, key))
