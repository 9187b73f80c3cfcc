"""Messages of one person keep their order while one of them is weighed."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.conversation import hearing
from core.conversation.accept_text import accept_text
from core.conversation.arrived import Accepted, InboundText
from core.conversation.house import House
from core.ids import new_id
from core.safeguarding.phrases import Level
from tests.builders import PhoneTalk, WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

WEIGHED = "he locks me in my room"
"""Phrases hear danger in it, and none of them is sure."""
WEIGHED_TOO = "she locks me in my room"
EVERYDAY = "the bus is always late"
SURE = "i want to kill myself"
NUMBER = "+447700900123"

Send = Callable[[str], Coroutine[Any, Any, Accepted]]


@dataclass
class SlowEar:
    """Hears a message when it is told to, and nothing in it."""

    asked: list[str] = field(default_factory=list)
    may_answer: dict[str, asyncio.Event] = field(default_factory=dict)

    async def hear(self, text: str, *, can_wait: bool = False) -> Level | None:
        assert not can_wait
        self.asked.append(text)
        await self.may_answer.setdefault(text, asyncio.Event()).wait()
        return None

    def answer(self, text: str) -> None:
        self.may_answer.setdefault(text, asyncio.Event()).set()


@pytest.fixture
def ear() -> SlowEar:
    return SlowEar()


@pytest.fixture
def house(sqlite_stores: Stores, clock: FakeClock, ear: SlowEar) -> House:
    return replace(build_test_house(sqlite_stores, clock), second_listener=ear)


@pytest.fixture(params=["web", "text"])
async def send(request: pytest.FixtureRequest, house: House) -> Send:
    """Give how one person sends words, on the web or by text."""
    if request.param == "web":
        return (await WebTalk.begin(house)).send
    await PhoneTalk(house, NUMBER).text("hello")

    async def text(words: str) -> Accepted:
        return await accept_text(house, InboundText(NUMBER, f"SM{new_id()}", words))

    return text


async def begin(sending: Coroutine[Any, Any, Accepted]) -> "asyncio.Task[Accepted]":
    """Let somebody send, and give time for all that can happen now."""
    task = asyncio.create_task(sending)
    await asyncio.sleep(0.05)
    return task


async def test_what_is_said_next_waits_for_what_is_weighed(house: House, ear: SlowEar, send: Send) -> None:
    first = await begin(send(WEIGHED))
    second = await begin(send(EVERYDAY))
    assert not second.done()
    ear.answer(WEIGHED)
    assert (await first).seq < (await second).seq
    assert not any(whose in house.weighed for whose in (NUMBER, (await first).conversation))


async def test_of_two_that_are_weighed_the_first_stays_the_first(ear: SlowEar, send: Send) -> None:
    first, second, third = [await begin(send(words)) for words in (WEIGHED, WEIGHED_TOO, EVERYDAY)]
    assert ear.asked == [WEIGHED, WEIGHED_TOO], "they are weighed at the same time"
    ear.answer(WEIGHED_TOO)
    await asyncio.sleep(0.05)
    assert not second.done()
    ear.answer(WEIGHED)
    assert (await first).seq < (await second).seq < (await third).seq


async def test_nobody_waits_longer_than_weighing_may_last(
    ear: SlowEar, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "SECONDS_TO_WEIGH", 0.1)
    first, second = await begin(send(WEIGHED)), await begin(send(EVERYDAY))
    async with asyncio.timeout(10):
        assert (await first).seq < (await second).seq
    assert ear.asked == [WEIGHED], "it never answered"


async def test_danger_that_is_heard_at_once_waits_for_nothing(ear: SlowEar, send: Send) -> None:
    first = await begin(send(WEIGHED))
    async with asyncio.timeout(10):
        await send(SURE)
    assert not first.done()
    ear.answer(WEIGHED)
    await first


async def test_others_do_not_wait(house: House, ear: SlowEar, send: Send) -> None:
    first = await begin(send(WEIGHED))
    async with asyncio.timeout(10):
        await (await WebTalk.begin(house)).send(EVERYDAY)
    assert not first.done()
    ear.answer(WEIGHED)
    await first


async def test_who_waits_goes_on_when_what_is_weighed_breaks_off(send: Send) -> None:
    first, second = await begin(send(WEIGHED)), await begin(send(EVERYDAY))
    first.cancel()
    async with asyncio.timeout(10):
        await second
