"""A comment on a service is kept as a view is, and moves with nothing beside it that tells of a person."""

from core.conversation.bot import Answer, KeepState, RecordComment, SayMessage, Turn
from core.conversation.tables import Conversation
from core.sealing import read_keyring
from core.views.batches import Leaving
from core.views.held import make_batch
from core.views.tables import WaitingViews
from core.views.waiting import Profile, Waiting, new_tag, open_waiting
from tests.builders import WebTalk, build_test_house, lists
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores


def say_not_right(turn: Turn) -> Answer:
    comment = RecordComment(("one", "two"), "not-right")
    return Answer((SayMessage("service_right_kept"),), (KeepState(turn.state), comment))


async def waiting_of(talk: WebTalk, stores: Stores) -> Waiting:
    async with stores.service.read() as session:
        row = await session.get_one(WaitingViews, talk.conversation)
        conversation = await session.get_one(Conversation, talk.conversation)
    key = talk.house.keys.open_conversation_key(conversation.sealed_key, talk.conversation)
    return open_waiting(row.sealed, key, talk.conversation)


async def test_each_service_gets_one_comment_and_a_later_one_takes_its_place(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(say_not_right)))
    await talk.say("none of these")
    await talk.say("none of these")
    waiting = await waiting_of(talk, stores)
    assert [(each.measure, each.answer, each.text) for each in waiting.entries] == [
        ("local-offer:one", "not-right", None),
        ("local-offer:two", "not-right", None),
    ]


async def test_it_moves_without_anything_that_was_told_about_the_person(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(say_not_right)))
    await talk.say("none of these")
    entries = (await waiting_of(talk, stores)).entries
    profile = Profile("sms", "redditch", "11-13", "staff", "school", anchored=True)
    period = entries[0].period
    leaving = Leaving(talk.conversation, new_tag(1, period, None), profile, entries)
    seals = read_keyring("1:" + "A" * 43 + "=", "VIEWS_KEYS")
    rows = make_batch([leaving], period, seals=seals, themes=lists().themes).rows
    told = ("channel", "district", "age", "helped_by", "place", "anchored")
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("other", None, None, None, None, True)
    ] * 2
    assert len({row["person"] for row in rows}) == 2
