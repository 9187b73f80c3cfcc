"""With a full disk nothing is acknowledged and nothing is half kept; once there is room, the same words are kept."""

import asyncio

import pytest
from sqlalchemy import func, select

from core.conversation.tables import Message
from core.database import Store
from core.safeguarding.tables import Concern
from core.store_away import StoreAway
from tests.builders import PhoneTalk, WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

pytestmark = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
DANGER = "i want to kill myself " + "and nobody listens " * 5_000
"""So long that it needs pages of its own in the file."""
UNLIMITED = 1_000_000


async def leave_pages(store: Store, most: int | None = None) -> None:
    """Let the file grow to so many pages; to none more without."""
    async with store.writer.connect() as connection:
        held = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {most or held}")


async def kept(store: Store) -> tuple[int, int]:
    async with store.read() as session:
        messages = select(func.count()).where(Message.external_id.is_not(None))
        concerns = select(func.count()).select_from(Concern)
        return (await session.execute(messages)).scalar_one(), (await session.execute(concerns)).scalar_one()


async def test_words_of_danger_are_refused_aloud_and_kept_once_when_there_is_room(
    stores: Stores, clock: FakeClock
) -> None:
    house = build_test_house(stores, clock)
    web, phone = await WebTalk.begin(house), PhoneTalk(house)
    await phone.text("hello")
    await leave_pages(stores.service)
    told = await asyncio.gather(
        web.send(DANGER, id_="1"), phone.text(DANGER, sid="SM1"), return_exceptions=True
    )
    assert [type(each) for each in told] == [StoreAway, StoreAway]
    assert await kept(stores.service) == (1, 0)
    await leave_pages(stores.service, UNLIMITED)
    assert not (await web.send(DANGER, id_="1")).is_repeat
    assert not (await phone.text(DANGER, sid="SM1")).is_repeat
    assert await kept(stores.service) == (3, 2)


async def test_of_ordinary_texts_only_those_that_find_room_are_acknowledged(
    stores: Stores, clock: FakeClock
) -> None:
    house = build_test_house(stores, clock)
    phones = [PhoneTalk(house, f"+4477009001{number:02}") for number in range(4)]
    for phone in phones:
        await phone.text("hello")
    await leave_pages(stores.service)
    long = "the bus is late " * 5_000
    told = await asyncio.gather(*(phone.text(long) for phone in phones), return_exceptions=True)
    assert {type(each) for each in told} == {StoreAway}
    assert (await kept(stores.service))[0] == len(phones)
