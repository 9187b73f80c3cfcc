"""The senders are woken once something that they have to send is on the disk, and by nothing else."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.house import House
from core.doorbell import Listener
from core.group_commit import GroupCommit
from core.outbox import OUTBOX_BELL
from core.staff.roles import Role
from tests.builders import PhoneTalk, WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores

DANGER = "he hits me and im scared to go home"


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock)


async def is_rung(bell: Listener) -> bool:
    return await bell.wait(0)


async def fail(_session: AsyncSession) -> None:
    raise RuntimeError


async def test_a_turn_on_the_web_wakes_no_sender(house: House) -> None:
    talk = await WebTalk.begin(house)
    with house.doorbell.listening(OUTBOX_BELL) as bell:
        await talk.say("i like art")
        assert not await is_rung(bell)


async def test_danger_wakes_them_for_its_alerts(house: House, stores: Stores) -> None:
    async with stores.service.write() as session:
        await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
    talk = await WebTalk.begin(house)
    with house.doorbell.listening(OUTBOX_BELL) as bell:
        await talk.send(DANGER)
        assert await is_rung(bell)


async def test_an_answer_by_text_wakes_them(house: House) -> None:
    with house.doorbell.listening(OUTBOX_BELL) as bell:
        await PhoneTalk(house).text("hello")
        assert await is_rung(bell)


async def test_what_was_taken_back_wakes_nobody(house: House) -> None:
    talk = await WebTalk.begin(house)
    failing = replace(house, arrivals=GroupCommit(replace(house.service, before_commit=fail)))
    with house.doorbell.listening(OUTBOX_BELL) as bell:
        with pytest.raises(RuntimeError):
            await replace(talk, house=failing).send(DANGER)
        assert not await is_rung(bell)
