"""When nothing in the Local Offer fits, the need itself is kept as a view, in the words it was asked in."""

from core.conversation.bot import Answer, KeepState, RecordUnmetNeed, SayMessage, Turn
from core.conversation.tables import Conversation
from core.views.tables import WaitingViews
from core.views.waiting import open_waiting
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores


def find_nothing(turn: Turn) -> Answer:
    state = {**turn.state, "flow": "help", "help": {"need": "someone to play chess with"}}
    return Answer((SayMessage("find_help_missing_kept"),), (KeepState(state), RecordUnmetNeed()))


async def test_an_unmet_need_is_kept_in_the_words_it_was_asked_in(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(find_nothing)))
    await talk.say("none of these")
    async with stores.service.read() as session:
        row = await session.get_one(WaitingViews, talk.conversation)
        conversation = await session.get_one(Conversation, talk.conversation)
    key = talk.house.keys.open_conversation_key(conversation.sealed_key, talk.conversation)
    waiting = open_waiting(row.sealed, key, talk.conversation)
    assert [(each.measure, each.text) for each in waiting.entries] == [
        ("unmet-need", "someone to play chess with")
    ]
