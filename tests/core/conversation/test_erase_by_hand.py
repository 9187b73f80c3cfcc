"""Erasing for somebody who asked a person: by what they are found, what is recorded, and what is not told."""

import pytest
from sqlalchemy import select

from core.conversation.bot import Answer, KeepState, OpenRequest, SayMessage, Turn
from core.conversation.erase_by_hand import MoreThanOne, NothingToErase, Whose, erase_by_hand
from core.conversation.house import House
from core.signposting.tables import RequestState, SignpostingRequest
from core.staff.audit import Deed
from core.staff.tables import AuditEntry
from tests.builders import WebTalk, build_test_house
from tests.core.conversation.codes import code_in, hand_over, house_of, phone_of_their_own, texts
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores


def ask(turn: Turn) -> Answer:
    """Send a request with every message."""
    return Answer((SayMessage("view_kept"),), (KeepState(turn.state), OpenRequest()))


async def erase(house: House, whose: Whose) -> int:
    return await erase_by_hand(house.service, house.keys, whose, by="command-line", now=house.clock())


async def words_of_requests(house: House) -> list[str]:
    async with house.service.read() as session:
        return list(await session.scalars(select(SignpostingRequest.words)))


async def test_the_words_of_a_request_find_its_conversation_however_they_are_typed(
    stores: Stores, clock: FakeClock
) -> None:
    house = build_test_house(stores, clock, FakeBot(ask))
    mine, other = await WebTalk.begin(house), await WebTalk.begin(house)
    await mine.say("my bike is red")
    (reference,) = await words_of_requests(house)
    await other.say("my hat is blue")
    assert await erase(house, Whose(reference=f"  {reference.upper()} ")) == 1
    assert "my bike is red" not in await texts(house, mine.conversation)
    assert "my hat is blue" in await texts(house, other.conversation)


async def test_words_that_two_requests_have_had_erase_nothing(stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(stores, clock, FakeBot(ask))
    talks = [await WebTalk.begin(house) for _ in range(2)]
    for talk in talks:
        await talk.say("my bike is red")
    async with stores.service.write() as session:
        for request in await session.scalars(select(SignpostingRequest)):
            request.state, request.words = RequestState.CLOSED, "blue fox 42"
    with pytest.raises(MoreThanOne):
        await erase(house, Whose(reference="blue fox 42"))
    assert "my bike is red" in await texts(house, talks[0].conversation)


async def test_a_number_finds_its_conversation_and_the_chat_that_was_joined(
    stores: Stores, clock: FakeClock
) -> None:
    house = house_of(stores, clock)
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)
    await phone.text("link my phone")
    await web.say(code_in(await hand_over(house)))
    await web.say("the bus is late")
    assert await erase(house, Whose(number=phone.number)) == 2
    assert "the bus is late" not in await texts(house, web.conversation)


async def test_it_is_recorded_under_the_conversations_id(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await erase(talk.house, Whose(conversation=talk.conversation))
    async with stores.service.read() as session:
        entry = (await session.scalars(select(AuditEntry))).one()
    assert (entry.who, entry.did, entry.about) == (
        "command-line",
        Deed.ERASED_CONVERSATION,
        talk.conversation,
    )


async def test_words_of_a_concern_stay_and_the_count_is_the_same(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    quiet, worried = await WebTalk.begin(house), await WebTalk.begin(house)
    danger = "he hits me and im scared to go home"
    await worried.say(danger)
    done = [await erase(house, Whose(conversation=talk.conversation)) for talk in (quiet, worried)]
    assert done == [1, 1]
    assert danger in await texts(house, worried.conversation)


@pytest.mark.parametrize(
    "whose",
    [Whose(reference="blue fox 42"), Whose(number="+447700900999"), Whose(conversation="nobody")],
)
async def test_nobody_found_is_said_plainly(stores: Stores, clock: FakeClock, whose: Whose) -> None:
    with pytest.raises(NothingToErase):
        await erase(house_of(stores, clock), whose)
