"""The second listener hears what no bot answers: after STOP, too many, the first of a phone. There it sends nothing."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.workers import listen_to_unanswered
from core.conversation.accept_text import accept_text
from core.conversation.arrived import InboundText
from core.conversation.claim import LEASE, claim_unheard, conversations_unheard
from core.conversation.erase import erase_on_wish
from core.conversation.house import ANY_CONVERSATION, House
from core.conversation.overhear import overhear_next
from core.conversation.tables import Conversation, Kind, Message, Progress
from core.ids import ConversationId, new_id
from core.outbox_tables import Post
from core.rate_limits import Limit
from core.safeguarding.phrases import Level
from core.safeguarding.tables import Concern, ConcernMessage
from tests.builders import PhoneTalk, another_process, answer_all, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

HINT = "at the station. not getting on a train. sorry mum"
PLAIN = "dads belt has a name and i got it on sunday"
HALF_HEARD = "i have to ask before i speak at home"
"""A phrase hears a worry in it."""
NUMBER = "+447700900123"
SILENT = "nothing was sent: it came after STOP, or as one text too many"
STOPPED = f"the second listener: it sounds like a worry; {SILENT}"
DANGER = "the second listener: it sounds like danger, told plainly"


def hear(words: str) -> Level | None:
    return {HINT: Level.WORRY, PLAIN: Level.DANGER, HALF_HEARD: Level.DANGER}.get(words)


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def house(stores: Stores, clock: FakeClock, bot: FakeBot) -> House:
    return replace(build_test_house(stores, clock, bot), second_listener=hear)


@pytest.fixture
async def stopped(house: House) -> PhoneTalk:
    """A phone that said STOP."""
    phone = PhoneTalk(house, NUMBER)
    for words in ("hello", "1", "STOP"):
        await phone.text(words)
    return phone


async def take_in(house: House, words: str) -> ConversationId:
    """Take a text in; no worker has begun."""
    accepted = await accept_text(house, InboundText(NUMBER, f"SM{new_id()}", words))
    return accepted.conversation


async def posts(house: House) -> int:
    """Count what was posted to phones, not to readers."""
    async with house.service.read() as session:
        to_phones = select(func.count()).select_from(Post).where(Post.contact_id.is_not(None))
        return int(await session.scalar(to_phones) or 0)


async def heard(house: House) -> list[tuple[str, str]]:
    async with house.service.read() as session:
        rows = await session.scalars(select(ConcernMessage).order_by(ConcernMessage.heard_at))
        return [(row.level, row.because[0]["phrase"]) for row in rows]


async def progress_of_last(house: House) -> Progress:
    async with house.service.read() as session:
        mine = select(Message.progress).where(Message.external_id.is_not(None))
        found = await session.scalar(mine.order_by(Message.seq.desc()).limit(1))
        return Progress(str(found))


async def test_a_hint_after_stop_is_a_worry_and_nothing_is_sent(stopped: PhoneTalk, bot: FakeBot) -> None:
    turns, sent = len(bot.turns), await posts(stopped.house)
    await stopped.text(HINT)
    assert await heard(stopped.house) == [("worry", STOPPED)]
    assert (len(bot.turns), await posts(stopped.house)) == (turns, sent)
    assert await progress_of_last(stopped.house) == Progress.ANSWERED
    async with stopped.house.service.read() as session:
        concern = (await session.scalars(select(Concern))).one()
    assert concern.call_at is not None, "nobody can answer the check-in: the rota is called"


@pytest.mark.parametrize("words", [PLAIN, HALF_HEARD])
async def test_danger_after_stop_calls_the_rota_at_once_and_nothing_is_sent(
    stopped: PhoneTalk, bot: FakeBot, words: str
) -> None:
    turns, sent = len(bot.turns), await posts(stopped.house)
    await stopped.text(words)
    level, because = (await heard(stopped.house))[0]
    assert level == "danger"
    assert because == (f"{DANGER}; {SILENT}" if words == PLAIN else "scared_of_person")
    assert (len(bot.turns), await posts(stopped.house)) == (turns, sent)
    async with stopped.house.service.read() as session:
        concern = (await session.scalars(select(Concern))).one()
    assert (concern.level, concern.calls) == ("danger", 1)


async def test_danger_in_the_first_text_of_a_phone_is_raised_at_once_and_answered_when_they_write_again(
    house: House,
) -> None:
    await take_in(house, PLAIN)
    sent = await posts(house)
    await answer_all(house)
    assert [level for level, _ in await heard(house)] == ["danger"]
    assert await posts(house) == sent
    await PhoneTalk(house, NUMBER).text("1")
    assert [level for level, _ in await heard(house)] == ["danger"]
    async with house.service.read() as session:
        said = await session.scalars(select(Message.level).where(Message.kind == Kind.SAFETY))
    assert set(said) == {"danger"}


async def test_everyday_words_after_stop_raise_nothing_and_are_heard_once(stopped: PhoneTalk) -> None:
    await stopped.text("the bus is always late")
    assert await heard(stopped.house) == []
    assert await conversations_unheard(stopped.house) == []
    assert await progress_of_last(stopped.house) == Progress.ANSWERED


async def test_a_hint_in_one_text_too_many_is_a_worry_and_nothing_more_is_sent(house: House) -> None:
    phone = PhoneTalk(house, NUMBER)
    await phone.text("hello")
    await phone.text("1")
    while house.limiter.is_within(Limit.TEXTS, NUMBER):
        house.limiter.count(Limit.TEXTS, NUMBER)
    await phone.text("and the bus is late again")
    sent = await posts(house)
    await phone.text(HINT)
    assert await heard(house) == [("worry", STOPPED)]
    assert await posts(house) == sent


async def test_the_first_text_of_a_phone_is_heard_though_they_never_write_again(house: House) -> None:
    await take_in(house, HINT)
    sent = await posts(house)
    await answer_all(house)
    assert [level for level, _ in await heard(house)] == ["worry"]
    assert await posts(house) == sent
    assert await progress_of_last(house) == Progress.HELD
    assert await conversations_unheard(house) == []


async def test_the_first_text_is_answered_as_ever_when_they_write_again(house: House, bot: FakeBot) -> None:
    phone = PhoneTalk(house, NUMBER)
    await phone.text(HINT)
    sent = await posts(house)
    await phone.text("1")
    assert [turn.text for turn in bot.turns] == [HINT]
    assert await posts(house) > sent
    assert [level for level, _ in await heard(house)] == ["worry"]


async def test_when_the_bot_is_down_the_first_text_still_gets_words_of_trouble(
    house: House, bot: FakeBot
) -> None:
    phone = PhoneTalk(house, NUMBER)
    await phone.text("the bus is always late")
    bot.is_down = True
    sent = await posts(house)
    await phone.text("1")
    assert await posts(house) > sent + 1, (
        "that it is noted whose phone it is, and that the answer comes later"
    )


async def test_stop_and_start_and_pictures_alone_are_not_listened_to(house: House) -> None:
    asked: list[str] = []

    def ear(words: str) -> Level | None:
        asked.append(words)
        return Level.WORRY

    phone = PhoneTalk(replace(house, second_listener=ear), NUMBER)
    await phone.text("STOP")
    await phone.text("", has_pictures=True)
    await phone.text("stop")
    assert asked == []
    await phone.text("i am here again")
    assert asked == ["i am here again"]


async def test_one_worker_at_a_time_listens_and_a_killed_one_holds_nothing(
    stopped: PhoneTalk, clock: FakeClock
) -> None:
    house = stopped.house
    conversation = await take_in(house, HINT)
    assert await claim_unheard(house, conversation) is not None  # and is killed here
    other = another_process(house)
    assert await conversations_unheard(other) == []
    assert not await overhear_next(other, conversation)
    clock.go_on(seconds=LEASE.seconds + 1)
    assert await overhear_next(other, conversation)
    assert await heard(house) == [("worry", STOPPED)]


async def test_who_lost_the_lease_while_listening_writes_nothing(
    stopped: PhoneTalk, clock: FakeClock
) -> None:
    conversation = await take_in(stopped.house, HINT)
    other, loop = another_process(stopped.house), asyncio.get_running_loop()

    def slow_ear(words: str) -> Level | None:
        clock.go_on(minutes=1)
        taken = asyncio.run_coroutine_threadsafe(claim_unheard(other, conversation), loop).result(timeout=30)
        return hear(words) if taken is not None else None

    assert not await overhear_next(replace(stopped.house, second_listener=slow_ear), conversation)
    assert await heard(stopped.house) == []
    assert await progress_of_last(stopped.house) == Progress.UNHEARD


async def test_words_that_are_erased_meanwhile_raise_nothing(stopped: PhoneTalk) -> None:
    house = stopped.house
    conversation = await take_in(house, HINT)
    loop = asyncio.get_running_loop()

    async def erase() -> None:
        async with house.service.write() as session:
            row = await session.get_one(Conversation, conversation, with_for_update=True)
            await erase_on_wish(session, house.keys, row, since=None, now=house.clock())

    def ear(words: str) -> Level | None:
        asyncio.run_coroutine_threadsafe(erase(), loop).result(timeout=30)
        return hear(words)

    await overhear_next(replace(house, second_listener=ear), conversation)
    assert await heard(house) == []
    assert await conversations_unheard(house) == []


async def test_without_a_listener_nothing_stays_behind(stopped: PhoneTalk) -> None:
    phone = replace(stopped, house=replace(stopped.house, second_listener=None))
    await phone.text(HINT)
    assert await heard(phone.house) == []
    assert await progress_of_last(phone.house) == Progress.ANSWERED


class SickEar:
    """Hears as the other, but not while it is away, and never what it fails on."""

    def __init__(self, *fails_on: str) -> None:
        self.asked: list[str] = []
        self.fails_on, self.is_away = fails_on, True

    def __call__(self, words: str) -> Level | None:
        self.asked.append(words)
        if self.is_away or words in self.fails_on:
            raise MemoryError
        return hear(words)


@pytest.mark.parametrize("minutes_away", [1, 60, 23 * 60])
async def test_while_the_listener_is_away_words_wait_and_are_heard_when_it_is_back(
    stopped: PhoneTalk, clock: FakeClock, minutes_away: int
) -> None:
    ear = SickEar()
    house = replace(stopped.house, second_listener=ear)
    await PhoneTalk(house, NUMBER).text(HINT)
    for _ in range(minutes_away):
        clock.go_on(minutes=1)
        await answer_all(house)
    assert await progress_of_last(house) == Progress.UNHEARD
    assert len(ear.asked) < 10 + minutes_away / 5, "it is asked less and less often"
    ear.is_away = False
    clock.go_on(minutes=5)
    await answer_all(house)
    assert await heard(house) == [("worry", STOPPED)]
    assert await progress_of_last(house) == Progress.ANSWERED


async def test_words_on_which_it_fails_hold_up_no_others_and_are_given_up_after_a_day(
    stopped: PhoneTalk, clock: FakeClock
) -> None:
    ear = SickEar("the bus is always late")
    ear.is_away = False
    phone = replace(stopped, house=replace(stopped.house, second_listener=ear))
    await phone.text("the bus is always late")
    await phone.text(HINT)
    assert await heard(phone.house) == [("worry", STOPPED)]
    for _ in range(25):
        clock.go_on(minutes=60)
        await answer_all(phone.house)
    asked = len(ear.asked)
    assert asked < 2 * 25
    clock.go_on(minutes=60)
    await answer_all(phone.house)
    assert len(ear.asked) == asked
    assert await progress_of_last(phone.house) == Progress.ANSWERED


async def test_words_that_are_tried_late_are_tried_more_than_once(
    stopped: PhoneTalk, clock: FakeClock
) -> None:
    ear = SickEar()
    house = replace(stopped.house, second_listener=ear)
    conversation = await take_in(house, HINT)
    clock.go_on(minutes=48 * 60)  # the service was down
    await overhear_next(house, conversation)
    ear.is_away = False
    clock.go_on(minutes=5)
    await answer_all(house)
    assert await heard(house) == [("worry", STOPPED)]


async def test_the_answer_to_a_first_text_does_not_wait_for_a_listener_that_is_away(
    house: House, bot: FakeBot, clock: FakeClock
) -> None:
    house = replace(house, second_listener=SickEar())
    await take_in(house, HINT)
    clock.go_on(minutes=5)
    await answer_all(house)
    assert await conversations_unheard(house) == [], "it is tried again later"
    await PhoneTalk(house, NUMBER).text("1")
    assert [turn.text for turn in bot.turns] == [HINT]


async def test_the_worker_beside_the_application_listens(stopped: PhoneTalk) -> None:
    house, stop = stopped.house, asyncio.Event()
    worker = asyncio.create_task(listen_to_unanswered(house, stop))
    with house.doorbell.listening(ANY_CONVERSATION) as bell:
        await take_in(house, HINT)
        while not await heard(house):
            assert await bell.wait(30)
    stop.set()
    await worker
    assert await heard(house) == [("worry", STOPPED)]
