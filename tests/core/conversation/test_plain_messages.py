"""Messages on the web that come together are written together; each has its place, in the order in which they came."""

import asyncio

import pytest
from sqlalchemy import select

from core.conversation.accept import accept_message
from core.conversation.arrived import Accepted, Inbound
from core.conversation.house import House
from core.conversation.opening import finish_conversation
from core.conversation.refusals import NoSuchConversation
from core.conversation.tables import Message, Progress
from core.safeguarding.tables import Concern
from tests.builders import WebTalk, build_test_house
from tests.core.conversation.test_plain_texts import statements_of
from tests.fakes import FakeClock
from tests.stores import Stores

TALKS = 16


@pytest.fixture
async def house(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock)


async def come_together(house: House, *said: tuple[WebTalk, str, str]) -> list[Accepted | BaseException]:
    """Let messages come at once, each as conversation, id and words."""
    coming = (accept_message(house, Inbound(talk.conversation, id_, words)) for talk, id_, words in said)
    return await asyncio.gather(*coming, return_exceptions=True)


async def words_of(talk: WebTalk) -> list[str]:
    return [message.text for message in await talk.messages() if message.author == "you"]


async def test_messages_of_many_need_few_statements(house: House) -> None:
    talks = [await WebTalk.begin(house) for _ in range(TALKS)]
    with statements_of(house.service) as asked:
        await come_together(house, *((talk, f"id {n}", "i like art") for n, talk in enumerate(talks)))
    assert len(asked) <= TALKS
    assert [await words_of(talk) for talk in talks] == [["i like art"]] * TALKS


async def test_several_of_one_keep_their_order_whatever_they_say(house: House) -> None:
    talk, other = await WebTalk.begin(house), await WebTalk.begin(house)
    said = ["one", "blorf snigwat trelpo quandit", "two", "three"]
    told = await come_together(
        house, *((talk, f"id {n}", words) for n, words in enumerate(said)), (other, "other", "me too")
    )
    assert all(isinstance(each, Accepted) for each in told)
    assert await words_of(talk) == said
    assert await words_of(other) == ["me too"]
    async with house.service.read() as session:
        assert (await session.scalars(select(Concern.level))).all() == ["worry"]
        waiting = select(Message.seq).where(Message.progress == Progress.WAITING).order_by(Message.seq)
        assert len((await session.scalars(waiting)).all()) == len(said)


async def test_the_same_message_twice_at_once_is_one(house: House) -> None:
    talk = await WebTalk.begin(house)
    told = await come_together(house, (talk, "id", "i like art"), (talk, "id", "i like art"))
    assert [isinstance(each, Accepted) and each.is_repeat for each in told] == [False, True]
    (again, _) = await come_together(house, (talk, "id", "i like art"), (talk, "id 2", "me too"))
    assert isinstance(again, Accepted)
    assert again.is_repeat
    assert await words_of(talk) == ["i like art", "me too"]


async def test_one_whose_conversation_is_over_takes_nobody_with_it(house: House) -> None:
    over, talk = await WebTalk.begin(house), await WebTalk.begin(house)
    await finish_conversation(house, over.conversation)
    told = await come_together(house, (over, "id 1", "i like art"), (talk, "id 2", "i like art"))
    assert isinstance(told[0], NoSuchConversation)
    assert await words_of(talk) == ["i like art"]
