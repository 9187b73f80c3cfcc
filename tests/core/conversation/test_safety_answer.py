"""Danger is answered in the same turn, without a bot, and a concern stands with the message."""

import asyncio

import pytest
from sqlalchemy import select

from core.conversation.bot import Answer, AskQuestion, HearNotSafe, KeepState, RecordView, SayMessage, Turn
from core.conversation.tables import Kind, Message, Progress
from core.conversation.transcript import standing_choices
from core.safeguarding.tables import Concern
from tests.builders import WebTalk, answer_all, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

DANGER = "he hits me and im scared to go home"


def ask_about_safety(turn: Turn) -> Answer:
    state = {
        **turn.state,
        "flow": "questions",
        "set": "education",
        "question": "edu-safe",
        "trail": ["edu-safe"],
    }
    if turn.choice is None or turn.choice.intent != "choose_answer":
        return Answer((AskQuestion("education", "edu-safe"),), (KeepState(state),))
    view = RecordView("edu-safe", "education", turn.choice.entities["answer"])
    return Answer((AskQuestion("education", "edu-help"),), (KeepState(state), view))


async def concerns(stores: Stores) -> list[Concern]:
    async with stores.service.read() as session:
        return list((await session.execute(select(Concern))).scalars())


async def test_danger_is_answered_in_the_same_turn_while_the_bot_is_down(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    accepted = await talk.send(DANGER)
    said = await talk.messages(accepted.seq)
    words = " ".join(message.text for message in said)
    assert {message.kind for message in said} == {Kind.SAFETY}
    assert {message.level for message in said} == {"danger"}
    for number in ("999", "0800 1111", "85258", "111", "55", "18000"):
        assert number in words
    assert len(said) <= 4
    assert [choice.label for choice in said[-1].choices] == ["Go on", "Stop"]
    assert [each.level for each in await concerns(stores)] == ["danger"]


async def test_words_of_danger_never_reach_the_bot_and_are_no_view(stores: Stores, clock: FakeClock) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    await talk.say(DANGER)
    assert bot.turns == []
    async with stores.service.read() as session:
        waiting = await session.execute(select(Message).where(Message.progress == Progress.WAITING))
        assert waiting.first() is None


async def test_the_button_raises_a_concern_too(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    button = next(
        each
        for each in await standing_choices(talk.house, talk.conversation)
        if each.label == "I am not safe"
    )
    accepted = await talk.send(choice=button.id)
    assert {message.kind for message in await talk.messages(accepted.seq)} == {Kind.SAFETY}
    assert len(await concerns(stores)) == 1


async def test_after_go_on_the_open_question_is_asked_again(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(ask_about_safety)))
    question = (await talk.tap("Tell you what I think"))[-1]
    await talk.say(DANGER)
    again = await talk.tap("Go on")
    assert [message.text for message in again] == [question.text]


async def test_after_danger_the_next_words_are_not_taken_for_an_answer(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot(ask_about_safety)
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    question = (await talk.tap("Tell you what I think"))[-1]
    await talk.say(DANGER)
    turns = len(bot.turns)
    said = await talk.say("please dont tell my mum")
    assert [message.text for message in said if message.kind is not Kind.SAFETY][-1:] == [question.text]
    assert len(bot.turns) == turns


async def test_what_waited_before_the_danger_is_still_answered_by_the_bot(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    bot.is_down = True
    await talk.say("i need help with my bus pass")
    await talk.send(DANGER)
    bot.is_down = False
    clock.go_on(minutes=5)
    await answer_all(talk.house)
    assert [turn.text for turn in bot.turns] == ["i need help with my bus pass"]


async def test_later_danger_joins_the_open_concern(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    await talk.say(DANGER)
    await talk.say("he hits me every night")
    assert len(await concerns(stores)) == 1


async def test_two_messages_of_danger_at_once_make_one_concern(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    await asyncio.gather(*(talk.send(DANGER) for _ in range(4)))
    assert len(await concerns(stores)) == 1


async def test_a_worrying_answer_asks_once_if_they_are_safe_and_two_are_a_worry(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(ask_about_safety)))
    await talk.tap("Tell you what I think")
    said = await talk.tap("Not safe")
    assert {message.kind for message in said} == {Kind.SAFETY}
    assert {message.level for message in said} == {"worry"}
    assert await concerns(stores) == []
    after = await talk.tap("I feel safe")
    assert after[-1].kind is Kind.QUESTION


async def test_only_the_tapped_words_i_am_not_safe_raise_a_check_in_to_danger(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(ask_about_safety)))
    await talk.tap("Tell you what I think")
    await talk.tap("Not safe")
    said = await talk.tap("I am not safe")
    assert {message.level for message in said} == {"danger"}
    assert [each.level for each in await concerns(stores)] == ["danger"]


async def test_what_only_the_bot_understood_is_a_worry(stores: Stores, clock: FakeClock) -> None:
    bot = FakeBot(lambda turn: Answer((SayMessage("view_kept"),), (KeepState(turn.state), HearNotSafe())))
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    said = await talk.say("im in a bad way innit")
    assert {message.level for message in said} == {"worry"}
    assert [each.level for each in await concerns(stores)] == ["worry"]


@pytest.mark.parametrize(
    ("age", "number", "not_number"),
    [
        ("13-15", "Childline", "Samaritans"),
        ("19-25", "Samaritans", "Childline"),
        ("18", "Childline", "Samaritans"),
    ],
)
async def test_the_numbers_fit_the_age_that_was_told(
    sqlite_stores: Stores, clock: FakeClock, age: str, number: str, not_number: str
) -> None:
    def tell_age(turn: Turn) -> Answer:
        return Answer((SayMessage("view_kept"),), (KeepState({**turn.state, "answers": {"about-age": age}}),))

    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock, FakeBot(tell_age)))
    await talk.say("hello")
    words = " ".join(message.text for message in await talk.say(DANGER))
    assert number in words
    assert not_number not in words


async def test_at_night_it_is_not_said_that_somebody_is_there(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    clock.go_on(hours=13)
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    words = " ".join(message.text for message in await talk.say(DANGER))
    assert "Tuesday morning" in words


async def test_words_that_can_not_be_read_get_the_numbers_in_the_likely_language_and_a_reader(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    said = await talk.say("nie chce wracac do domu boje sie")
    assert {(message.kind, message.level) for message in said} == {(Kind.SAFETY, "worry")}
    assert "Polish interpreter, please" in said[1].text
    assert "999" in said[0].text
    assert said[-1].choices
    assert [each.level for each in await concerns(stores)] == ["worry"]


async def test_where_no_language_is_likely_it_is_said_in_english(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    said = await talk.say("aabbahay ayaa i garaaca markasta")
    assert "Call 999 and say your language" in said[1].text


async def test_a_name_that_was_asked_for_is_no_unreadable_text(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot(
        lambda turn: Answer((SayMessage("view_kept"),), (KeepState({**turn.state, "lifts": "first_name"}),))
    )
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock, bot))
    await talk.say("hello")
    await talk.say("Wojciechowska Szczepanska Grzegorzewna")
    assert await concerns(sqlite_stores) == []
