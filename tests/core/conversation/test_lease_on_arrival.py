"""Where a seat is free, a message is leased in the transaction in which it arrives; else it waits as before."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import select

from app.workers import answer_messages
from core.conversation.answer import answer_leased
from core.conversation.claim import LEASE, Leased, conversations_waiting
from core.conversation.house import House
from core.conversation.opening import finish_conversation
from core.conversation.refusals import NoSuchConversation
from core.conversation.seats import Seats
from core.conversation.tables import Author, Message, Progress
from core.ids import ConversationId
from tests.builders import WebTalk, another_process, answer_all, build_test_house
from tests.core.conversation.test_plain_texts import statements_of
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

Begun = list[tuple[ConversationId, Leased]]
DANGER = "he hits me and im scared to go home"


@pytest.fixture
async def house(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock, FakeBot())


@pytest.fixture
def begun(house: House) -> Iterator[Begun]:
    """What a worker would begin to answer."""
    leased: Begun = []
    with house.seats.answered_by(lambda conversation, what: leased.append((conversation, what))):
        yield leased


@pytest.fixture
async def worker(house: House) -> AsyncIterator[None]:
    """The worker of the service itself."""
    stop = asyncio.Event()
    working = asyncio.create_task(answer_messages(house, stop))
    await asyncio.sleep(0)
    yield
    stop.set()
    await working


async def answers_to(talk: WebTalk, how_many: int) -> list[str]:
    """Wait for so many answers; the test's own timeout ends what never comes."""
    while True:
        said = [message.text for message in await talk.messages() if message.author == Author.BOT]
        if len(said) >= how_many:
            return said
        await asyncio.sleep(0.01)


async def test_it_is_leased_where_it_arrives_and_answered_once(house: House, begun: Begun) -> None:
    talk = await WebTalk.begin(house)
    before = len(await talk.messages())
    with statements_of(house.service) as asked:
        await talk.send("i like art")
    assert len([each for each in asked if each.startswith("BEGIN")]) <= 1
    ((conversation, leased),) = begun
    assert conversation == talk.conversation
    assert await conversations_waiting(house) == []
    assert await answer_leased(house, leased)
    house.seats.leave(conversation)
    await answer_all(house)
    assert len(await talk.messages()) == before + 2


async def test_a_choice_is_leased_too(house: House, begun: Begun) -> None:
    talk = await WebTalk.begin(house)
    choice = next(choice for message in await talk.messages() for choice in message.choices)
    await talk.send(choice=choice.id)
    assert [conversation for conversation, _ in begun] == [talk.conversation]


async def test_the_next_of_theirs_waits_until_it_is_answered(house: House, begun: Begun) -> None:
    talk = await WebTalk.begin(house)
    await talk.send("one")
    await talk.send("two")
    assert len(begun) == 1
    assert await conversations_waiting(house) == []
    await answer_leased(house, begun[0][1])
    assert await conversations_waiting(house) == [talk.conversation]


async def test_an_older_one_that_waits_goes_before_the_one_that_arrives(house: House) -> None:
    talk = await WebTalk.begin(house)
    first = await talk.send("one")
    leased: Begun = []
    with house.seats.answered_by(lambda conversation, what: leased.append((conversation, what))):
        await talk.send("two")
    assert [what.message.seq for _, what in leased] == [first.seq]


async def test_of_those_that_come_together_each_is_leased(house: House, begun: Begun) -> None:
    talks = [await WebTalk.begin(house) for _ in range(5)]
    await asyncio.gather(*(talk.send("i like art") for talk in talks))
    assert sorted(conversation for conversation, _ in begun) == sorted(talk.conversation for talk in talks)


async def test_where_no_seat_is_free_or_others_wait_for_one_it_waits(house: House, begun: Begun) -> None:
    talk, other = await WebTalk.begin(house), await WebTalk.begin(house)
    house.seats.has_queue = True
    await talk.send("i like art")
    house.seats.has_queue = False
    while house.seats.free:
        house.seats.take(ConversationId(f"another {house.seats.free}"))
    await other.send("i like art")
    assert begun == []
    assert set(await conversations_waiting(house)) == {talk.conversation, other.conversation}


async def test_danger_is_answered_at_once_and_not_leased(house: House, begun: Begun) -> None:
    talk = await WebTalk.begin(house)
    await talk.send(DANGER)
    assert begun == []
    assert (await talk.messages())[-1].level == "danger"


async def test_one_that_came_before_is_not_leased_again(house: House, begun: Begun) -> None:
    talk = await WebTalk.begin(house)
    await talk.send("i like art", id_="its id")
    await answer_leased(house, begun[0][1])
    house.seats.leave(talk.conversation)
    assert (await talk.send("i like art", id_="its id")).is_repeat
    assert len(begun) == 1
    assert talk.conversation not in house.seats


async def test_who_can_not_be_kept_leaves_the_seat(house: House, begun: Begun) -> None:
    talk = await WebTalk.begin(house)
    await finish_conversation(house, talk.conversation)
    with pytest.raises(NoSuchConversation):
        await talk.send("i like art")
    assert begun == []
    assert talk.conversation not in house.seats


async def test_one_whose_process_died_is_answered_by_another_when_the_lease_is_over(
    house: House, begun: Begun, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    accepted = await talk.send("i like art")
    other = another_process(house)
    await answer_all(other)
    assert len(await talk.messages(accepted.seq)) == 0
    clock.go_on(seconds=LEASE.total_seconds())
    await answer_all(other)
    assert len(await talk.messages(accepted.seq)) == 1
    assert not await answer_leased(house, begun[0][1])
    assert len(await talk.messages(accepted.seq)) == 1


@pytest.mark.usefixtures("worker")
async def test_a_worker_answers_all_in_their_order(house: House) -> None:
    talks = [await WebTalk.begin(house) for _ in range(4)]
    welcome = len([message for message in await talks[0].messages() if message.author == Author.BOT])
    for text in ("one", "two", "three"):
        await asyncio.gather(*(talk.send(text) for talk in talks))
    for talk in talks:
        await answers_to(talk, welcome + 3)
    async with house.service.read() as session:
        assert set(await session.scalars(select(Message.progress).where(Message.author == Author.YOU))) == {
            Progress.ANSWERED
        }
    while house.seats.free < Seats().free:  # noqa: ASYNC110 - nothing rings when a seat is left
        await asyncio.sleep(0.01)
