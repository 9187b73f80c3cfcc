"""When nothing in the Local Offer fits, the need itself is kept as a view, in the words it was asked in."""

from dataclasses import replace

from app.compose import build_knowledge
from core.conversation.bot import Answer, KeepState, RecordUnmetNeed, SayMessage, Turn
from core.conversation.tables import Conversation
from core.safeguarding.phrases import Level
from core.views.tables import WaitingViews
from core.views.waiting import open_waiting
from tests.bot.rules_bot import RulesBot
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

HINT = "somewhere to go when the shouting starts at home"


def find_nothing(turn: Turn) -> Answer:
    state = {**turn.state, "flow": "help", "help": {"need": "someone to play chess with"}}
    return Answer((SayMessage("find_help_missing_kept"),), (KeepState(state), RecordUnmetNeed()))


async def kept(talk: WebTalk) -> list[tuple[str, str | None]]:
    async with talk.house.service.read() as session:
        row = await session.get_one(WaitingViews, talk.conversation)
        conversation = await session.get_one(Conversation, talk.conversation)
    key = talk.house.keys.open_conversation_key(conversation.sealed_key, talk.conversation)
    waiting = open_waiting(row.sealed, key, talk.conversation)
    return [(each.measure, each.text) for each in waiting.entries]


async def test_an_unmet_need_is_kept_in_the_words_it_was_asked_in(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(find_nothing)))
    await talk.say("none of these")
    assert await kept(talk) == [("unmet-need", "someone to play chess with")]


async def test_a_need_in_which_a_worry_was_heard_is_searched_for_and_kept_without_words(
    stores: Stores, clock: FakeClock
) -> None:
    house = build_test_house(stores, clock)
    bot = RulesBot(build_knowledge(house), {HINT: "find_help"})
    house = replace(house, bot=bot, second_listener=lambda words: Level.WORRY if words == HINT else None)
    talk = await WebTalk.begin(house)
    assert {message.level for message in await talk.say(HINT)} == {"worry"}
    await talk.tap("I feel safe")
    said = await talk.say("14")
    if "None of these" in {choice.label for choice in said[-1].choices}:
        await talk.tap("None of these")
    assert ("unmet-need", None) in await kept(talk)
    assert {text for _, text in await kept(talk)} == {None}
