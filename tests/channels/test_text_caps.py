"""Nobody earns by making us text: caps for a number, for all and for the cost. Danger is always answered."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from core.area_file import Texts
from core.outbox_tables import AlertKind, Post, Status
from core.staff.roles import Role
from core.text_breaker import tell_held_back
from core.text_caps import Capped, TextCaps, held_back_today
from tests.channels.test_sms_conversation import Line
from tests.fakes import FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores
from tests.texting import ALEX, SAM

DANGER = "i want to kill myself"


@pytest.fixture
async def line(stores: Stores, clock: FakeClock) -> AsyncIterator[Line]:
    made = Line(stores, clock)
    async with stores.service.write() as session:
        await hold_staff(session, "Jo Marsh", Role.SAFEGUARDING_LEAD)
        await hold_staff(session, "Ada Finch", Role.ADMINISTRATOR)
        await hold_staff(session, "Sam Green", Role.KEY_WORKER)
    yield made
    await made.network.aclose()
    await made.webhook.aclose()


def cap(line: Line, **texts: float) -> TextCaps:
    caps = TextCaps(Texts.model_validate(texts), line.house.area.zone)
    tell = partial(tell_held_back, line.stores.service, caps)
    line.desk = replace(line.desk, caps=caps, tell_held_back=tell)
    return caps


async def held_back(line: Line, caps: TextCaps) -> dict[Capped, int]:
    async with line.stores.service.read() as session:
        return await held_back_today(session, caps, line.clock())


async def told(line: Line) -> list[str]:
    async with line.stores.service.read() as session:
        rows = await session.scalars(select(Post).where(Post.alert == AlertKind.TEXTS))
        return sorted(row.address or "" for row in rows)


async def test_one_number_gets_no_more_than_its_cap_and_danger_is_answered(line: Line) -> None:
    caps = cap(line, to_one_number_a_day=10)
    for number in range(14):
        await line.text(f"maths is good {number}")
    assert len(line.twilio.texts) == 10
    assert set(await held_back(line, caps)) == {Capped.THIS_NUMBER}
    assert any("999" in text for text in await line.text(DANGER))
    assert await line.text("maths is good", number=ALEX)


async def test_all_numbers_together_have_a_cap_and_each_is_answered_in_danger(line: Line) -> None:
    caps = cap(line, to_all_numbers_a_day=10)
    numbers = [f"+4477009001{number:02}" for number in range(12)]
    for number in numbers:
        await line.text("hello", number=number)
    assert len(line.twilio.texts) == 10
    assert set(await held_back(line, caps)) == {Capped.ALL_NUMBERS}
    for number in numbers[-2:]:
        assert any("999" in text for text in await line.text(DANGER, number=number))


async def test_what_it_costs_has_a_cap(line: Line) -> None:
    caps = cap(line, pence_a_day=100, pence_a_part=5)
    for number in range(12):
        await line.text("hello", number=f"+4477009001{number:02}")
    assert len(line.twilio.texts) == 10
    assert set(await held_back(line, caps)) == {Capped.SPENT}


async def test_leads_and_administrators_are_told_once_a_day(line: Line, clock: FakeClock) -> None:
    caps = cap(line, to_one_number_a_day=10)
    for number in range(14):
        await line.text(f"maths is good {number}")
    both = ["ada.finch@council.example", "jo.marsh@council.example"]
    assert await told(line) == both
    clock.go_on(days=1)
    assert await held_back(line, caps) == {}
    assert len(await line.text("maths is good")) == 1
    for number in range(14):
        await line.text(f"maths is good {number}")
    assert await told(line) == sorted(both * 2)


async def test_a_text_that_left_is_tried_again_whatever_the_cap(line: Line) -> None:
    cap(line, to_one_number_a_day=10)
    await line.text("hello", number=SAM)
    async with line.stores.service.read() as session:
        posts = list(await session.scalars(select(Post)))
    assert {post.status for post in posts} == {Status.SENT}
