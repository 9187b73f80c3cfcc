"""A text that Twilio sends again uses up nothing of what its number may text."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.rate_limits import Limit
from tests.channels.test_sms_conversation import Line
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import ALEX, SAM

MOST = 30
TOO_MUCH = "You sent very many texts."


@pytest.fixture
async def line(stores: Stores, clock: FakeClock) -> AsyncIterator[Line]:
    made = Line(stores, clock)
    await made.text("hi")
    await made.text("1")
    yield made
    await made.webhook.aclose()
    await made.network.aclose()


async def send_again(line: Line, sid: str, times: int) -> None:
    for _ in range(times):
        assert (await line.post("school is ok", sid=sid)).status_code == 200


async def test_the_same_text_many_times_leaves_all_others_answered(line: Line) -> None:
    assert await line.text("school is ok", sid="SMonce")
    await send_again(line, "SMonce", 2 * MOST)
    for number in range(MOST - 3):
        assert TOO_MUCH not in (await line.text(f"maths is good {number}"))[0]
    assert [TOO_MUCH in said for said in await line.text("maths is hard")] == [True]


async def test_the_same_text_twice_at_one_moment_counts_once(line: Line) -> None:
    await line.text("hello", number=ALEX)
    await asyncio.gather(*(line.post("school is ok", sid="SMonce", number=ALEX) for _ in range(10)))
    assert sum(line.house.limiter.count(Limit.TEXTS, ALEX) for _ in range(2 * MOST)) == MOST - 2


async def test_a_text_sent_again_over_the_limit_takes_no_other_its_answer_that_it_is_too_much(
    line: Line,
) -> None:
    assert await line.text("school is ok", sid="SMonce")
    while line.house.limiter.count(Limit.TEXTS, SAM):
        pass
    await send_again(line, "SMonce", 3)
    assert [TOO_MUCH in said for said in await line.text("maths is hard")] == [True]
    assert await line.text("maths is hard") == []
