"""Deleting what I said: what goes, what stays for safety, and that the answer never tells which."""

import pytest
from sqlalchemy import func, select

from core.conversation.bot import Answer, Decision, KeepState, OpenRequest, RecordView, SayMessage, Turn
from core.conversation.house import House
from core.conversation.purge import Purger, purge
from core.conversation.tables import Conversation, Message
from core.conversation.transcript import read_messages
from core.ids import ConcernId, ConversationId, RequestId, StaffId, new_id
from core.outbox_tables import Post
from core.retention import Retention
from core.safeguarding.notes import add_note, hand_over, read_hand_over, read_notes
from core.safeguarding.tables import Concern, ConcernOutcome
from core.signposting.queue import list_requests, read_request
from core.signposting.refusals import RequestErased
from core.signposting.tables import SignpostingRequest
from core.staff.roles import Role
from core.staff.tables import StaffAccount
from core.views.tables import ConversationTag, ErasureWish, HeldView, WaitingViews
from core.young_people.tables import Contact, OptOut
from tests.builders import PhoneTalk, WebTalk, build_test_house, lists
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

DANGER = "he hits me and im scared to go home"
WISH = "Delete what I said"
DELETED = "I deleted what I can. We must keep some words to keep people safe."


def keep_all(turn: Turn) -> Answer:
    """Keep every sentence as a view; "please send it" also sends a request."""
    decided: list[Decision] = [KeepState(turn.state), RecordView("said", "education", text=True)]
    if turn.text == "please send it":
        decided.append(OpenRequest())
    return Answer((SayMessage("view_kept"),), tuple(decided))


def house_of(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock, FakeBot(keep_all))


def purger_of(stores: Stores, house: House, clock: FakeClock, *, dry_run: bool = False) -> Purger:
    return Purger(
        service=stores.service,
        views=stores.views,
        keys=house.keys,
        seals=house.codes.seals,
        clock=clock,
        retention=Retention(),
        periods=lists().area.periods,
        dry_run=dry_run,
    )


async def count(stores: Stores, *tables: type) -> list[int]:
    async with stores.service.read() as session:
        return [(await session.scalars(select(func.count()).select_from(each))).one() for each in tables]


async def delete_by_web(talk: WebTalk) -> list[str]:
    await talk.say(WISH)
    return [message.text for message in await talk.tap("Yes, delete it")]


async def texts(house: House, conversation: ConversationId) -> list[str]:
    async with house.service.read() as session:
        return [message.text for message in await read_messages(session, house.keys, conversation)]


async def test_what_was_said_goes_and_the_talk_goes_on(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    talk = await WebTalk.begin(house)
    await talk.say("the bus is late")
    said = await delete_by_web(talk)
    assert said[0] == DELETED
    assert "the bus is late" not in await texts(house, talk.conversation)
    assert await count(stores, WaitingViews, ConversationTag) == [0, 0]
    again = await talk.say("hello again")
    assert again


async def test_saying_no_deletes_nothing(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    await talk.say(WISH)
    await talk.tap("No, keep it")
    assert "the bus is late" in await texts(talk.house, talk.conversation)
    assert await count(stores, WaitingViews) == [1]


async def test_the_old_key_opens_nothing_any_more(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    async with stores.service.read() as session:
        before = (await session.get_one(Conversation, talk.conversation)).sealed_key
    old = talk.house.keys.open_conversation_key(before, talk.conversation)
    await delete_by_web(talk)
    async with stores.service.read() as session:
        row = await session.get_one(Conversation, talk.conversation)
        new = talk.house.keys.open_conversation_key(row.sealed_key, talk.conversation)
    assert new != old


async def test_words_of_a_concern_stay_and_the_answer_is_the_same(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    quiet, worried = await WebTalk.begin(house), await WebTalk.begin(house)
    for talk in (quiet, worried):
        await talk.say("the bus is late")
    await worried.say(DANGER)
    assert await delete_by_web(worried) == await delete_by_web(quiet)
    left = await texts(house, worried.conversation)
    assert DANGER in left
    assert "the bus is late" not in left


async def test_a_request_is_taken_back_and_its_key_worker_is_told_so(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("please send it")
    await delete_by_web(talk)
    async with stores.service.read() as session:
        assert await list_requests(session) == []
        row = (await session.scalars(select(SignpostingRequest))).one()
        with pytest.raises(RequestErased):
            await read_request(session, RequestId(row.id))


async def test_by_text_the_reply_still_reaches_the_phone_and_the_number_goes_in_the_night(
    stores: Stores, clock: FakeClock
) -> None:
    phone = PhoneTalk(house_of(stores, clock))
    await phone.text("the bus is late")
    await phone.text("1")
    await phone.text(WISH)
    await phone.text("1")
    assert (await count(stores, Post))[0] >= 1
    await purge(purger_of(stores, phone.house, clock))
    assert await count(stores, Contact, Conversation, Message, Post, ErasureWish) == [0] * 5


async def test_who_talks_on_after_deleting_is_not_cut_off_in_the_night(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    await delete_by_web(talk)
    clock.go_on(minutes=1)
    await talk.say("one more thing")
    await purge(purger_of(stores, talk.house, clock))
    assert "one more thing" in await texts(talk.house, talk.conversation)


async def test_a_stop_outlives_the_deleting(stores: Stores, clock: FakeClock) -> None:
    phone = PhoneTalk(house_of(stores, clock))
    await phone.text("the bus is late")
    await phone.text("1")
    await phone.text(WISH)
    await phone.text("1")
    await phone.text("STOP")
    clock.go_on(days=91)
    await purge(purger_of(stores, phone.house, clock))
    assert await count(stores, Contact, OptOut) == [0, 1]


async def test_a_conversation_goes_ninety_days_after_its_last_word_and_not_before(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    async with stores.service.write() as session:  # its views have moved
        await session.delete(await session.get_one(WaitingViews, talk.conversation))
    clock.go_on(days=89)
    await purge(purger_of(stores, talk.house, clock))
    assert "the bus is late" in await texts(talk.house, talk.conversation)
    clock.go_on(days=2)
    await purge(purger_of(stores, talk.house, clock))
    assert await count(stores, Conversation, Message, ConversationTag) == [0, 0, 0]


async def test_views_that_still_wait_outlive_the_words_of_their_conversation(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    clock.go_on(days=91)
    await purge(purger_of(stores, talk.house, clock))
    assert await count(stores, Message, WaitingViews, ConversationTag) == [0, 1, 1]


async def test_an_open_request_keeps_its_conversation(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("please send it")
    clock.go_on(days=200)
    await purge(purger_of(stores, talk.house, clock))
    assert "please send it" in await texts(talk.house, talk.conversation)


async def test_an_open_concern_keeps_its_conversation_and_a_closed_one_its_words(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    await talk.say(DANGER)
    clock.go_on(days=200)
    await purge(purger_of(stores, talk.house, clock))
    assert "the bus is late" in await texts(talk.house, talk.conversation)
    await close_all_concerns(stores, clock)
    await purge(purger_of(stores, talk.house, clock))
    assert await texts(talk.house, talk.conversation) == [DANGER]


async def test_notes_and_hand_over_of_a_concern_still_open_after_the_wish_and_go_with_its_words(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say(DANGER)
    key, lead = await key_of(talk), StaffId(new_id())
    await close_all_concerns(stores, clock)
    async with stores.service.write() as session:
        session.add(
            StaffAccount(
                id=lead, email="jo@example.org", name="Jo", role=Role.SAFEGUARDING_LEAD, password_hash="",
                added_at=clock(),
            )
        )  # fmt: skip
        await session.flush()
        concern = ConcernId((await session.scalars(select(Concern.id))).one())
        await add_note(session, concern, staff=lead, text="rang the school", key=key, now=clock())
        await hand_over(session, concern, staff=lead, reference="CASE-1", reader="Kim", key=key, now=clock())
    await delete_by_web(talk)
    async with stores.service.read() as session:
        key = await key_of(talk)
        assert [note.text for note in await read_notes(session, concern, key)] == ["rang the school"]
        record = await read_hand_over(session, concern, key)
        assert record is not None
        assert record.reference == "CASE-1"
    clock.go_on(days=31)
    await purge(purger_of(stores, talk.house, clock))
    assert await count(stores, Concern) == [0]
    assert DANGER not in await texts(talk.house, talk.conversation)


async def key_of(talk: WebTalk) -> bytes:
    async with talk.house.service.read() as session:
        row = await session.get_one(Conversation, talk.conversation)
    return talk.house.keys.open_conversation_key(row.sealed_key, talk.conversation)


async def close_all_concerns(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        for concern in await session.scalars(select(Concern)):
            concern.closed_at, concern.outcome = clock(), ConcernOutcome.SAFE_NOW


async def test_a_dry_run_says_what_would_go_and_changes_nothing(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    await delete_by_web(talk)
    clock.go_on(days=100)
    would = await purge(purger_of(stores, talk.house, clock, dry_run=True))
    assert {each.what: each.count for each in would}["wishes to erase"] == 1
    assert await count(stores, ErasureWish, Conversation) == [1, 1]


async def test_the_words_of_views_go_twelve_months_after_their_term_and_the_counts_stay(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.views.write() as session:
        for number, period in enumerate(("2026-autumn", "2025-autumn", "2024-unplanned")):
            session.add(
                HeldView(
                    id=f"{number:032d}", period=period, person="p", measure="said", themes="[]",
                    sealed_text=b"sealed", anchored=False,
                )
            )  # fmt: skip
    house = house_of(stores, clock)
    clock.go_on(days=60)  # January 2027: the autumn of 2025 ended more than 12 months ago
    await purge(purger_of(stores, house, clock))
    async with stores.views.read() as session:
        rows = await session.scalars(select(HeldView).order_by(HeldView.period))
        assert [(row.period, row.sealed_text is None) for row in rows] == [
            ("2024-unplanned", True),
            ("2025-autumn", True),
            ("2026-autumn", False),
        ]


async def test_a_closed_request_goes_after_twelve_months_with_what_is_left_of_its_conversation(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("please send it")
    await delete_by_web(talk)
    clock.go_on(days=364)
    await purge(purger_of(stores, talk.house, clock))
    assert await count(stores, SignpostingRequest) == [1]
    clock.go_on(days=3)
    await purge(purger_of(stores, talk.house, clock))
    assert await count(stores, SignpostingRequest, Conversation) == [0, 0]
