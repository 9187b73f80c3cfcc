"""Words that could not be taken in are listened to; what is heard in a known conversation is raised there."""

from sqlalchemy import func, select

from core.conversation.opening import finish_conversation
from core.conversation.refused import hear_refused
from core.conversation.tables import Kind, Message
from core.safeguarding.tables import Concern
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

DANGER = "he hits me and im scared to go home"
WORRY = "i have to ask before i speak at home"


async def levels(stores: Stores) -> list[str]:
    async with stores.service.read() as session:
        return list((await session.execute(select(Concern.level))).scalars())


async def test_in_a_known_conversation_the_concern_is_raised_once_and_answered(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    before = (await talk.messages())[-1].seq
    for _ in range(2):
        numbers = await hear_refused(talk.house, talk.conversation, DANGER)
        assert "999" in numbers[0]
    said = await talk.messages(before)
    assert [message.text for message in said][:1] == [DANGER]
    assert {message.kind for message in said[1:]} == {Kind.SAFETY}
    assert len(said) == 5
    assert await levels(stores) == ["danger"]


async def test_a_worry_gets_numbers_too(sqlite_stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    assert "999" in (await hear_refused(talk.house, talk.conversation, WORRY))[0]
    assert await levels(sqlite_stores) == ["worry"]


async def test_of_a_finished_or_unknown_conversation_nothing_is_kept_and_the_numbers_are_said(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    await finish_conversation(talk.house, talk.conversation)
    assert await hear_refused(talk.house, talk.conversation, DANGER)
    numbers = await hear_refused(talk.house, None, DANGER)
    assert not any("read your words" in each for each in numbers)
    assert await levels(stores) == []


async def test_everyday_words_are_not_kept(sqlite_stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    async with sqlite_stores.service.read() as session:
        before = await session.scalar(select(func.count()).select_from(Message))
    assert await hear_refused(talk.house, talk.conversation, "i like art") == ()
    assert await hear_refused(talk.house, talk.conversation, "\x00 " * 100_000) == ()
    async with sqlite_stores.service.read() as session:
        assert await session.scalar(select(func.count()).select_from(Message)) == before
