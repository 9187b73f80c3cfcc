"""Texts that come together are written together; each has its place, and none takes another with it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select, update

from core.conversation.accept_text import accept_text
from core.conversation.arrived import Accepted, InboundText
from core.conversation.house import House
from core.conversation.tables import Conversation, Message, Progress
from core.conversation.transcript import messages_after
from core.database import Store
from core.safeguarding.tables import Concern
from core.young_people.contact import find_contact, is_proven
from tests.builders import PhoneTalk, answer_all, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

PHONES = [f"+4477009001{number:02}" for number in range(16)]
SAM, ALEX, KIM, *_ = PHONES


@pytest.fixture
async def house(stores: Stores, clock: FakeClock) -> House:
    """A house in which every phone has a conversation, and was asked whose it is."""
    built = build_test_house(stores, clock)
    for number in PHONES:
        await accept_text(built, InboundText(number, f"first {number}", "hello"))
    clock.go_on(minutes=1)
    return built


async def come_together(house: House, *texts: tuple[str, str, str]) -> list[Accepted | BaseException]:
    """Let texts come at once, each as number, id and words."""
    coming = (accept_text(house, InboundText(*text)) for text in texts)
    return await asyncio.gather(*coming, return_exceptions=True)


def many(words: str = "i like art") -> list[tuple[str, str, str]]:
    return [(number, f"SM {number}", words) for number in PHONES]


async def words_of(house: House, accepted: Accepted | BaseException) -> list[str]:
    """What was said by the young person in a conversation, in its order."""
    assert isinstance(accepted, Accepted)
    shown = await messages_after(house, accepted.conversation, 0)
    return [message.text for message in shown if message.author == "you"]


@contextmanager
def statements_of(store: Store) -> Iterator[list[str]]:
    """Note what is asked of the database that writes."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(store.writer.sync_engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.writer.sync_engine, "before_cursor_execute", note)


async def test_sixteen_texts_need_few_statements(house: House) -> None:
    with statements_of(house.service) as asked:
        told = await come_together(house, *many())
    assert len(asked) <= len(PHONES)
    for accepted in told:
        assert await words_of(house, accepted) == ["hello", "i like art"]


async def test_each_is_a_message_that_waits_and_its_phone_has_answered_us(house: House) -> None:
    async with house.service.read() as session:
        contact = await find_contact(session, SAM, house.keys)
        assert contact is not None
        assert not await is_proven(session, contact)
    (accepted,) = await come_together(house, (SAM, "SM1", "i like art"))
    async with house.service.read() as session:
        assert await is_proven(session, contact)
        row = (await session.scalars(select(Message).where(Message.external_id == "SM1"))).one()
        talk = await session.get_one(Conversation, row.conversation_id)
    assert isinstance(accepted, Accepted)
    assert (row.seq, row.progress, row.at) == (accepted.seq, Progress.WAITING, house.clock())
    assert (talk.next_seq, talk.last_heard_at) == (row.seq + 1, house.clock())


async def test_several_texts_of_one_phone_keep_their_order_whatever_they_say(house: House) -> None:
    told = await come_together(
        house,
        (SAM, "SM1", "one"),
        (ALEX, "SM2", "i like art"),
        (SAM, "SM3", "START"),
        (f"whatsapp:{SAM}", "SM4", "two"),
        (SAM, "SM5", "three"),
    )
    assert await words_of(house, told[0]) == ["hello", "one", "START", "two", "three"]
    assert await words_of(house, told[1]) == ["hello", "i like art"]


async def test_the_same_text_twice_at_once_is_one_message(house: House) -> None:
    told = await come_together(house, (SAM, "SM1", "i like art"), (SAM, "SM1", "i like art"))
    assert [isinstance(each, Accepted) and each.is_repeat for each in told] == [False, True]
    (again, _) = await come_together(house, (SAM, "SM1", "i like art"), (ALEX, "SM2", "me too"))
    assert isinstance(again, Accepted)
    assert again.is_repeat
    assert await words_of(house, told[0]) == ["hello", "i like art"]


async def test_a_new_phone_among_them_is_welcomed(house: House) -> None:
    told = await come_together(house, *many()[:3], ("+447700900999", "SM9", "the bus is late"))
    async with house.service.read() as session:
        row = (await session.scalars(select(Message).where(Message.external_id == "SM9"))).one()
    assert row.progress == Progress.HELD
    assert await words_of(house, told[3]) == ["the bus is late"]


async def test_who_said_stop_is_kept_and_not_answered(house: House) -> None:
    await come_together(house, (SAM, "SM1", "STOP"))
    await come_together(house, (SAM, "SM2", "i like art"), (ALEX, "SM3", "i like art"))
    async with house.service.read() as session:
        progress = select(Message.external_id, Message.progress).where(
            Message.external_id.in_(("SM2", "SM3"))
        )
        found = [tuple(row) for row in await session.execute(progress.order_by(Message.external_id))]
    assert found == [("SM2", Progress.UNHEARD), ("SM3", Progress.WAITING)]


async def test_an_answer_to_the_check_in_and_words_nobody_can_read_are_heard(house: House) -> None:
    await come_together(house, (SAM, "SM1", "i hate myself"))
    unreadable = "blorf snigwat trelpo quandit"
    await come_together(house, (SAM, "SM2", "1"), (ALEX, "SM3", "i like art"), (KIM, "SM4", unreadable))
    async with house.service.read() as session:
        levels = (await session.scalars(select(Concern.level).order_by(Concern.level))).all()
    assert levels == ["danger", "worry"]


async def test_after_sixty_days_a_number_starts_anew(house: House, clock: FakeClock) -> None:
    (before,) = await come_together(house, (SAM, "SM1", "i like art"))
    clock.go_on(days=30)
    await come_together(house, (ALEX, "SM2", "i like art"))
    clock.go_on(days=30)
    sam, alex = await come_together(house, (SAM, "SM3", "hello"), (ALEX, "SM4", "me again"))
    assert isinstance(before, Accepted)
    assert isinstance(sam, Accepted)
    assert sam.conversation != before.conversation
    assert await words_of(house, sam) == ["hello"]
    assert await words_of(house, alex) == ["hello", "i like art", "me again"]


async def test_a_conversation_that_can_not_be_opened_takes_nobody_with_it(house: House) -> None:
    async with house.service.write() as session:
        contact = await find_contact(session, SAM, house.keys)
        broken = update(Conversation).where(Conversation.contact_id == contact)
        await session.execute(broken.values(sealed_place=b"broken"))
    told = await come_together(house, *many())
    assert [isinstance(each, Accepted) for each in told] == [False] + [True] * (len(PHONES) - 1)
    async with house.service.read() as session:
        kept = select(func.count()).where(Message.external_id.like("SM%"))
        assert (await session.execute(kept)).scalar_one() == len(PHONES) - 1


async def test_what_was_written_together_is_answered_one_by_one(stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(stores, clock)
    for number in PHONES:
        await PhoneTalk(house, number).text("hello")
        await PhoneTalk(house, number).text("1")
    told = await come_together(house, *many())
    await answer_all(house)
    async with stores.service.read() as session:
        waiting = select(func.count()).where(Message.progress == Progress.WAITING)
        assert (await session.execute(waiting)).scalar_one() == 0
    assert all(isinstance(each, Accepted) for each in told)
