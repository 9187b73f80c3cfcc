"""Who comes with a group code is not asked for place and town; where they are is sealed, for a concern alone."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from app.compose import build_knowledge
from core.conversation.check_in import raise_unspoken
from core.conversation.claim import claim_next
from core.conversation.group import find_group, group_at
from core.conversation.house import House
from core.conversation.place import read_place, seal_place
from core.conversation.reviewing import answer_review, next_review
from core.conversation.staff_named import NAMED, NAMED_ELSEWHERE, is_staff_named
from core.conversation.tables import Conversation
from core.database import ServiceBase
from core.group_sessions.group import Group
from core.ids import ConversationId, StaffId
from core.rate_limits import TooMuch
from core.safeguarding.review_tables import Verdict
from core.safeguarding.tables import Concern, ConcernMessage
from core.tries_tables import Tries
from core.views.tables import WaitingViews
from core.views.waiting import open_waiting
from tests.bot.rules_bot import RulesBot
from tests.builders import WebTalk, build_test_house
from tests.core.conversation.codes import place_of, purge_now
from tests.core.group_sessions.groups import TOLD, make, oak_school
from tests.fakes import FakeClock
from tests.stores import Stores

DANGER = "he hits me and im scared to go home"
HERE = "192.0.2.7"


@pytest.fixture
async def house(sqlite_stores: Stores, clock: FakeClock) -> House:
    house = build_test_house(sqlite_stores, clock)
    return replace(house, bot=RulesBot(build_knowledge(house)))


@pytest.fixture
def group(clock: FakeClock) -> Group:
    return oak_school(clock())


async def concern_of(house: House, talk: WebTalk) -> tuple[Concern, list[str]]:
    """Give the one concern, and why it was heard."""
    async with house.service.read() as session:
        concern = (
            await session.scalars(select(Concern).where(Concern.conversation_id == talk.conversation))
        ).one()
        heard = await session.scalars(
            select(ConcernMessage.because).where(ConcernMessage.concern_id == concern.id)
        )
        return concern, [each["phrase"] for because in heard for each in because]


async def test_it_says_who_may_see_the_group(house: House, group: Group) -> None:
    told = [each.text for each in await (await WebTalk.begin(house, group)).messages()]
    assert house.catalogue.say("privacy_safety_in_group") in told
    alone = [each.text for each in await (await WebTalk.begin(house)).messages()]
    assert house.catalogue.say("privacy_safety") in alone
    assert not any("group" in each for each in alone)
    assert len(alone) == len(told)


async def test_place_and_town_are_not_asked_again_and_stand_beside_their_views(
    house: House, group: Group
) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.tap("Tell you what I think")
    said = [each.text for each in await talk.tap("Good")]
    said += [each.text for _ in range(14) for each in await talk.say("skip")]
    asked = {
        name: any(house.bank.question(name).text in each for each in said) for name in (*TOLD, "about-age")
    }
    assert asked == {**dict.fromkeys(TOLD, False), "about-age": True}
    assert any(house.bank.question("about-helper").text in each for each in said)
    async with house.service.read() as session:
        row = await session.get_one(WaitingViews, talk.conversation)
        _, key = read_place(await session.get_one(Conversation, talk.conversation), house.keys)
        waiting = open_waiting(row.sealed, key, talk.conversation)
    assert "good" in {each.answer for each in waiting.entries}
    assert (waiting.profile.district, waiting.profile.place) == ("wychavon", "school")
    assert "Oak School" not in str(waiting)


async def test_no_length_tells_who_came_with_a_group(house: House, group: Group) -> None:
    alone, together = await WebTalk.begin(house), await WebTalk.begin(house, group)
    place, key = await place_of(house, together.conversation), bytes(32)
    assert group_at(place) == group
    assert len(seal_place(replace(place, group=None), key, ConversationId("x"))) == len(
        seal_place(place, key, ConversationId("x"))
    )
    async with house.service.read() as session:
        rows = [await session.get_one(Conversation, each.conversation) for each in (alone, together)]
    assert len({len(row.sealed_place) for row in rows}) == 1


async def test_no_row_and_no_length_in_the_store_tells_who_came_with_a_group(
    stores: Stores, clock: FakeClock
) -> None:
    house = build_test_house(stores, clock)
    longest = replace(oak_school(clock()), setting="É" * 30, leader="x" * 60, lead="y" * 60)
    talks = [await WebTalk.begin(house, each) for each in (None, oak_school(clock()), longest)]
    async with house.service.read() as session:
        tables = [
            (
                await session.execute(text(f"SELECT * FROM {table} WHERE {whose} = '{talk.conversation}'"))
            ).all()
            for talk in talks
            for table, whose in (("conversations", "id"), ("messages", "conversation_id"))
        ]
        everywhere = [
            table for table in ServiceBase.metadata.tables if table not in {"conversations", "messages"}
        ]
        for table in everywhere:
            assert (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() == 0, table
    shapes = [sorted(tuple(_shape(each) for each in row) for row in rows) for rows in tables]
    assert shapes[0:2] == shapes[2:4] == shapes[4:6]
    assert [len(rows) for rows in tables] == [1, 6] * 3


def _shape(value: object) -> object:
    """Give what somebody without a key compares: a length, or a plain value as it is."""
    return len(value) if isinstance(value, bytes | bytearray | str) else str(value)


async def test_danger_that_names_staff_of_the_group_is_about_a_worker(house: House, group: Group) -> None:
    said = {
        DANGER: (False, "danger"),
        "nowak hits me and im scared": (True, "danger"),
        "nowak hits me": (True, "worry"),
    }
    for words, (is_meant, level) in said.items():
        talk = await WebTalk.begin(house, group)
        await talk.say(words)
        concern, because = await concern_of(house, talk)
        assert (concern.is_about_worker, NAMED in because) == (is_meant, is_meant), words
        assert concern.level == level


async def test_the_same_words_outside_a_group_name_nobody(house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.say("nowak hits me")
    assert not (await concern_of(house, talk))[0].is_about_worker


async def test_a_worry_that_only_the_listener_heard_knows_their_names_too(house: House, group: Group) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.send("it is samira king again")
    claimed = await claim_next(house, talk.conversation)
    assert claimed is not None
    async with house.service.write() as session:
        await raise_unspoken(session, house, claimed, "the second listener")
    concern, because = await concern_of(house, talk)
    assert concern.is_about_worker
    assert because == ["the second listener", NAMED]


async def test_a_name_in_an_earlier_message_counts_for_a_worry_of_the_listener_alone(
    house: House, group: Group
) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.say("samira king is here")
    await talk.send("i dont want to go in there again")
    claimed = await claim_next(house, talk.conversation)
    assert claimed is not None
    async with house.service.write() as session:
        await raise_unspoken(session, house, claimed, "the second listener")
    concern, because = await concern_of(house, talk)
    assert concern.is_about_worker
    assert because == ["the second listener", NAMED_ELSEWHERE]


@pytest.mark.parametrize(
    ("words", "because"), [("nowak again", [NAMED]), ("not again please", [NAMED_ELSEWHERE])]
)
async def test_what_the_blind_review_finds_knows_their_names_in_all_words(
    house: House, group: Group, words: str, because: list[str]
) -> None:
    talk = await WebTalk.begin(house, group)
    if because == [NAMED_ELSEWHERE]:
        await talk.say("nowak is here")
    await talk.say(DANGER)
    every = replace(house, draw=lambda _below: 0)
    await replace(talk, house=every).say(words)
    async with house.service.write() as session:
        shown = await next_review(session, house.keys, StaffId("lead"))
        assert shown is not None
        await answer_review(session, house.keys, house.area, shown.id, Verdict.DANGER, house.clock())
    concern, why = await concern_of(house, talk)
    assert concern.is_about_worker
    assert why[-1:] == because


@pytest.mark.parametrize("between", [0, 1, 3])
async def test_a_name_in_two_messages_is_noticed_past_very_long_ones(
    house: House, group: Group, between: int
) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.say("samira king is here")
    for _ in range(between):
        await talk.say("maths is good " * 10_000)
    await talk.say(DANGER)
    concern, because = await concern_of(house, talk)
    assert concern.is_about_worker
    assert because[-1] == NAMED_ELSEWHERE


async def test_words_are_looked_at_only_so_far_back_and_what_was_noticed_stays(
    house: House, group: Group
) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.say(DANGER)
    await talk.say("it is samira")
    await talk.say("king")
    for _ in range(9):
        await talk.say("maths is good " * 10_000)
    assert (await concern_of(house, talk))[0].is_about_worker
    place, key = await place_of(house, talk.conversation), await key_of(house, talk)
    async with house.service.read() as session:
        assert not await is_staff_named(session, talk.conversation, place=place, key=key)


async def key_of(house: House, talk: WebTalk) -> bytes:
    async with house.service.read() as session:
        return read_place(await session.get_one(Conversation, talk.conversation), house.keys)[1]


async def test_what_was_named_stays_known_when_its_words_are_deleted(house: House, group: Group) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.say(DANGER)
    await talk.say("it is nowak")
    assert (await concern_of(house, talk))[0].is_about_worker
    await talk.say("Delete what I said")
    await talk.tap("Yes, delete it")
    await purge_now(house)
    assert (await concern_of(house, talk))[0].is_about_worker


async def test_after_a_wish_to_delete_the_group_stays_until_the_conversation_goes(
    house: House, group: Group
) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.say("Delete what I said")
    await talk.tap("Yes, delete it")
    place = await place_of(house, talk.conversation)
    assert group_at(place) == group
    assert place.state["answers"] == TOLD
    await purge_now(house)
    async with house.service.read() as session:
        assert await session.get(Conversation, talk.conversation) is None


async def test_a_concern_keeps_the_group_as_long_as_its_words(house: House, group: Group) -> None:
    talk = await WebTalk.begin(house, group)
    await talk.say(DANGER)
    await talk.say("Delete what I said")
    await talk.tap("Yes, delete it")
    await purge_now(house)
    assert group_at(await place_of(house, talk.conversation)) == group


async def outcome(house: House, typed: str, address: str) -> Group | type[TooMuch] | None:
    try:
        return await find_group(house, typed, address)
    except TooMuch:
        return TooMuch


async def test_many_wrong_codes_at_once_get_no_further_and_a_class_at_once_comes_in(
    stores: Stores, clock: FakeClock
) -> None:
    house, group = build_test_house(stores, clock), oak_school(clock())
    _, code = await make(house.service, house.keys, group)
    wrong = [f"{(int(code) + more) % 10**8:08}" for more in range(1, 401)]
    guessed = await asyncio.gather(*(outcome(house, each, "192.0.2.8") for each in wrong))
    assert (guessed.count(None), guessed.count(TooMuch)) == (30, 370)
    assert await outcome(house, code, "192.0.2.8") is TooMuch
    a_class = await asyncio.gather(*(outcome(house, code, HERE) for _ in range(60)))
    assert a_class == [group] * 60


async def test_two_hundred_wrong_codes_a_day_are_the_most_and_the_night_forgets_them(
    house: House, clock: FakeClock
) -> None:
    let_through = []
    for _ in range(8):
        tried = [await outcome(house, f"{number:08}", HERE) for number in range(40)]
        let_through.append(tried.count(None))
        clock.go_on(minutes=11)
    assert let_through == [30, 30, 30, 30, 30, 30, 20, 0]
    counts = select(func.count()).select_from(Tries)
    for days, kept in ((0, 1), (1, 0)):
        clock.go_on(days=days)
        await purge_now(house)
        async with house.service.read() as session:
            assert await session.scalar(counts) == kept
    assert await outcome(house, "00000000", HERE) is None


async def test_wrong_codes_are_counted_and_right_ones_are_not(
    house: House, group: Group, clock: FakeClock
) -> None:
    _, code = await make(house.service, house.keys, group)
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _ in range(40):
        assert await find_group(house, code, HERE) == group
    for typed in [*["not a code"] * 5, *[wrong] * 30]:
        assert await find_group(house, typed, "192.0.2.8") is None
    with pytest.raises(TooMuch):
        await find_group(house, code, "192.0.2.8")
    assert await find_group(house, code, HERE) == group
    clock.go_on(minutes=11)
    assert await find_group(house, code, "192.0.2.8") == group
