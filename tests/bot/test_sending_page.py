"""Sending "My page": read back first, sealed, opened by one key worker, and taken back when they say so."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.compose import build_knowledge
from core.conversation.house import House
from core.conversation.opening import finish_conversation
from core.conversation.place import read_place
from core.conversation.tables import Channel, Conversation
from core.ids import ConversationId, RequestId, StaffId
from core.safeguarding.phrases import Level
from core.safeguarding.tables import Concern
from core.signposting.queue import open_body, read_request
from core.signposting.requests import RequestBody, give_back_request, take_request
from core.signposting.tables import RequestKind, RequestState, SignpostingRequest
from tests.bot.replay import Replay
from tests.bot.rules_bot import RulesBot
from tests.bot.scripts import Script
from tests.builders import build_test_house
from tests.core.conversation.codes import texts
from tests.fakes import FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores

WORDS = ("I am kind to dogs", "My nan", "A map of the day", "A job with cats", "Please talk to ME")
LIKE, MATTERS, HELPS, HOPE, SAY = WORDS
WORRY = "my bag is always by the door"
MAKE: list[dict[str, Any]] = [{"tap": "My meeting"}, *({"you": words} for words in WORDS)]
TO_PERMISSION: list[dict[str, Any]] = [{"tap": "Send my page"}, {"you": "im Robin"}, {"you": "Hill School"}]
SENDING: list[dict[str, Any]] = [*TO_PERMISSION, {"tap": "Yes, they may"}, {"tap": "Send"}]
SKIPS: list[dict[str, Any]] = [{"you": "skip"}] * 3
ASK = {"you": "whats happening with my request"}


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    house = build_test_house(stores, clock)
    bot = RulesBot(build_knowledge(house), {ASK["you"]: "ask_request_status"})
    return replace(house, bot=bot, second_listener=lambda words: Level.WORRY if words == WORRY else None)


async def play(house: House, clock: FakeClock, channel: str, *steps: dict[str, Any]) -> Replay:
    script = Script("page", "page", "page", [Channel(channel)], begins_with_nothing=False, steps=list(steps))
    replay = Replay(house, clock, channel, script)
    await replay.begin()
    for step in steps:
        await replay.do(step)
    return replay


async def sent(house: House) -> list[SignpostingRequest]:
    async with house.service.read() as session:
        return list(await session.scalars(select(SignpostingRequest)))


async def body_sent(house: House) -> RequestBody:
    (row,) = await sent(house)
    async with house.service.read() as session:
        found = await read_request(session, RequestId(row.id))
        conversation = await session.get_one(Conversation, row.conversation_id)
        return open_body(found, read_place(conversation, house.keys)[1])


async def sam_opens(house: House) -> tuple[RequestId, StaffId]:
    (row,) = await sent(house)
    async with house.service.write() as session:
        sam = await hold_staff(session, "Sam Green")
        await take_request(session, RequestId(row.id), staff=sam, now=house.clock())
    return RequestId(row.id), sam


async def told(replay: Replay, step: dict[str, Any]) -> list[str]:
    return [each.text for each in await replay.do(step)]


@pytest.mark.parametrize("channel", list(Channel))
async def test_it_goes_to_the_key_workers_and_then_tells_who_has_read_it(
    house: House, clock: FakeClock, channel: str
) -> None:
    talk = await play(house, clock, channel, *MAKE, *SENDING)
    body = await body_sent(house)
    (row,) = await sent(house)
    assert (row.kind, row.state) == (RequestKind.PAGE, RequestState.WAITING)
    assert (body.first_name, body.where) == ("Robin", "Hill School")
    assert list((body.page or {}).values()) == list(WORDS)
    assert "May a key worker at the council read your page?" in body.permission
    assert (await told(talk, ASK))[0] == f"Your page {row.words} is with us. No one has read it yet."
    request, sam = await sam_opens(house)
    read = f"Sam has read your page {row.words}."
    assert (await told(talk, ASK))[0] == read
    assert read in await told(talk, {"tap": "My meeting"})
    async with house.service.write() as session:
        await give_back_request(session, request, staff=sam)
    assert (await told(talk, ASK))[0] == read


AGAIN: list[dict[str, Any]] = [{"tap": "My meeting"}, {"tap": "Send my page"}, {"tap": "Yes, they may"}]


async def send_again(talk: Replay, *changes: dict[str, Any]) -> str:
    """Change the page perhaps, send it again, and give what was said last; a phone texts no faster than people do."""
    talk.clock.go_on(minutes=11)
    for step in (*changes, *(AGAIN[1:] if changes else AGAIN)):
        await talk.do(step)
    return "\n".join(await told(talk, {"tap": "Send"}))


def changed_to(words: str) -> list[dict[str, Any]]:
    return [{"tap": "My meeting"}, {"tap": "Change my page"}, {"tap": "What helps me"}, {"you": words}]


@pytest.mark.parametrize("channel", list(Channel))
async def test_the_same_page_goes_once_while_the_key_workers_have_it(
    house: House, clock: FakeClock, channel: str
) -> None:
    talk = await play(house, clock, channel, *MAKE, *SENDING)
    (row,) = await sent(house)
    for _ in range(5):
        assert f"The key workers have this page. Its name is: {row.words}." in await send_again(talk)
    await sam_opens(house)
    assert "The key workers have this page." in await send_again(talk)
    assert len(await sent(house)) == 1
    assert "I sent your page" in await send_again(talk, *changed_to("A plan of the day"))
    assert len(await sent(house)) == 2


@pytest.mark.parametrize("channel", list(Channel))
async def test_three_pages_go_in_a_day_and_the_next_one_tomorrow(
    house: House, clock: FakeClock, channel: str
) -> None:
    talk = await play(house, clock, channel, *MAKE, *SENDING)
    for words in ("A plan", "A quiet room"):
        assert "I sent your page" in await send_again(talk, *changed_to(words))
    enough = "You sent your page 3 times today. You can send this one tomorrow."
    for words in ("A lamp", "A clock"):
        assert enough in await send_again(talk, *changed_to(words))
    assert len(await sent(house)) == 3
    if channel == Channel.WEB:
        clock.go_on(days=1)
        assert "I sent your page" in await send_again(talk)
        assert len(await sent(house)) == 4


async def test_a_page_that_was_taken_back_counts_for_the_day_and_is_not_said_to_be_taken_back_twice(
    house: House, clock: FakeClock
) -> None:
    talk = await play(house, clock, "web")
    for _ in range(3):
        for step in (*MAKE, *SENDING, {"tap": "My meeting"}):
            await talk.do(step)
        assert "can not open it any more" in "\n".join(await told(talk, {"tap": "Delete my page"}))
    for step in (*MAKE, *SENDING[:-1]):
        await talk.do(step)
    assert "You sent your page 3 times today." in "\n".join(await told(talk, SENDING[-1]))
    await talk.do({"tap": "My meeting"})
    assert "can not open it any more" not in "\n".join(await told(talk, {"tap": "Delete my page"}))
    assert len(await sent(house)) == 3


@pytest.mark.parametrize("channel", list(Channel))
async def test_it_is_read_back_whole_and_nothing_goes_before_the_last_yes(
    house: House, clock: FakeClock, channel: str
) -> None:
    talk = await play(house, clock, channel, *MAKE, *TO_PERMISSION)
    read_back = "\n".join(await told(talk, {"tap": "Yes, they may"}))
    assert [words for words in (*WORDS, "Robin", "Hill School") if words not in read_back] == []
    assert await sent(house) == []
    await talk.do({"you": "go on"})
    await talk.do({"tap": "Don't send"})
    assert await sent(house) == []
    assert (await told(talk, ASK))[0].startswith("You have no request")


@pytest.mark.parametrize("channel", list(Channel))
async def test_words_of_a_worry_go_to_no_key_worker(house: House, clock: FakeClock, channel: str) -> None:
    talk = await play(
        house, clock, channel, {"tap": "My meeting"}, {"you": LIKE}, {"you": WORRY}, {"you": "go on"}, *SKIPS
    )
    async with house.service.read() as session:
        assert (await session.scalars(select(Concern))).one()
    for step in TO_PERMISSION:
        await talk.do(step)
    read_back = "\n".join(await told(talk, {"tap": "Yes, they may"}))
    assert LIKE in read_back
    assert WORRY not in read_back
    assert "Words about being safe are not here." in read_back
    await talk.do({"tap": "Send"})
    body = await body_sent(house)
    assert body.page == {"like": LIKE, "matters": "", "helps": "", "hope": "", "say": ""}


async def test_where_somebody_learns_is_heard_twice_and_not_sent_with_a_worry_in_it(
    house: House, clock: FakeClock
) -> None:
    asked = [{"tap": "Send my page"}, {"you": "im Robin"}, {"you": WORRY}, {"you": "go on"}]
    await play(house, clock, "web", *MAKE, *asked, {"tap": "Yes, they may"}, {"tap": "Send"})
    async with house.service.read() as session:
        assert [each.level for each in await session.scalars(select(Concern))] == [Level.WORRY]
    body = await body_sent(house)
    assert body.where is None
    assert list((body.page or {}).values()) == list(WORDS)


@pytest.mark.parametrize("channel", list(Channel))
async def test_deleting_the_page_takes_it_back_and_forgets_what_was_read_back(
    house: House, clock: FakeClock, channel: str
) -> None:
    talk = await play(house, clock, channel, *MAKE, *SENDING, {"tap": "My meeting"})
    last = await told(talk, {"tap": "Delete my page"})
    assert "The key workers can not open it any more." in last
    (row,) = await sent(house)
    assert (row.sealed_body, row.state) == (b"", RequestState.CLOSED)
    left = "\n".join(await texts(house, talk.conversation))
    assert [words for words in (*WORDS, "Robin", "Hill School") if words in left] == []


async def test_finishing_forgets_the_page_here_and_not_what_was_sent(house: House, clock: FakeClock) -> None:
    talk = await play(house, clock, "web", *MAKE, *SENDING)
    await finish_conversation(house, talk.conversation)
    left = "\n".join(await texts(house, talk.conversation))
    assert [words for words in WORDS if words in left] == []
    assert list(((await body_sent(house)).page or {}).values()) == list(WORDS)


async def test_not_sent_nothing_of_it_is_kept(house: House, clock: FakeClock) -> None:
    talk = await play(house, clock, "web", *MAKE, *TO_PERMISSION, {"tap": "Yes, they may"})
    await finish_conversation(house, talk.conversation)
    async with house.service.read() as session:
        row = await session.get_one(Conversation, ConversationId(talk.conversation))
        place = str(read_place(row, house.keys)[0])
    left = "\n".join([place, *await texts(house, talk.conversation)])
    assert [words for words in (*WORDS, "Robin", "Hill School") if words in left] == []
    assert await sent(house) == []


async def test_deleting_what_i_said_takes_it_back(house: House, clock: FakeClock) -> None:
    await play(house, clock, "web", *MAKE, *SENDING, {"you": "delete what i said"}, {"tap": "Yes, delete it"})
    (row,) = await sent(house)
    assert (row.sealed_body, row.state) == (b"", RequestState.CLOSED)


async def test_by_text_words_of_half_an_hour_ago_are_not_read_back(house: House, clock: FakeClock) -> None:
    talk = await play(house, clock, "sms", *MAKE)
    clock.go_on(minutes=31)
    said = "\n".join(await told(talk, {"tap": "Send my page"}))
    assert "I do not say old words again by text." in said
    assert LIKE not in said


async def test_by_text_a_page_that_was_read_back_is_not_said_again_after_a_silence(
    house: House, clock: FakeClock
) -> None:
    talk = await play(house, clock, "sms", *MAKE, *TO_PERMISSION, {"tap": "Yes, they may"})
    clock.go_on(minutes=31)
    said = "\n".join([*await told(talk, {"you": "go on"}), *await told(talk, {"you": "send"})])
    assert [words for words in (*WORDS, "Robin") if words in said] == []
    assert await sent(house) == []


async def test_on_the_web_a_page_of_days_ago_can_be_sent(house: House, clock: FakeClock) -> None:
    talk = await play(house, clock, "web", *MAKE)
    clock.go_on(days=3)
    for step in SENDING:
        await talk.do(step)
    assert list(((await body_sent(house)).page or {}).values()) == list(WORDS)


async def test_who_is_on_a_shared_phone_is_not_told_who_has_read_it(house: House, clock: FakeClock) -> None:
    script = Script("page", "page", "page", [Channel.SMS], begins_with_nothing=True, steps=[])
    talk = Replay(house, clock, "sms", script)
    for step in ({"you": "hi"}, {"you": "2"}, *MAKE, *SENDING):
        await talk.do(step)
    await sam_opens(house)
    for step in (ASK, {"tap": "My meeting"}):
        assert "Sam" not in "\n".join(await told(talk, step))
