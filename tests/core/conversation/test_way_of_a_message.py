"""The way of a message: durable before it is acknowledged, answered once, committed whole."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.conversation.answer import answer_next
from core.conversation.bot import Answer, AskQuestion, KeepState, RecordView, SayMessage, Turn
from core.conversation.claim import LEASE, claim_next, conversations_waiting
from core.conversation.opening import find_by_token, finish_conversation
from core.conversation.refusals import EmptyText, NoSuchConversation, StaleChoice, TextOrChoice, TextTooLong
from core.conversation.tables import Author, Kind, Message, Progress
from core.views.tables import WaitingViews
from tests.builders import WebTalk, another_process, answer_all, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores


def ask_about_school(turn: Turn) -> Answer:
    state = {
        **turn.state,
        "flow": "questions",
        "set": "education",
        "question": "edu-like",
        "trail": ["edu-like"],
    }
    return Answer((AskQuestion("education", "edu-like"),), (KeepState(state),))


async def test_the_welcome_says_it_is_a_robot_and_who_may_read_without_asking_the_bot(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    said = await talk.messages()
    assert "robot" in said[0].text
    assert any("council may read" in message.text for message in said)
    assert said[-1].kind is Kind.QUESTION
    assert [choice.label for choice in said[-1].choices][:3] == [
        "Tell you what I think",
        "Find help",
        "Ask for a key worker",
    ]
    assert bot.turns == []


async def test_a_message_is_kept_and_answered_once(stores: Stores, clock: FakeClock) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    said = await talk.say("i like art")
    assert [message.text for message in said] == ["Thank you. I wrote that down."]
    assert [turn.text for turn in bot.turns] == ["i like art"]
    await answer_all(talk.house)
    assert len(bot.turns) == 1


async def test_the_same_id_again_is_acknowledged_and_not_repeated(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    first = await talk.send("hello", id_="a")
    again = await asyncio.gather(*(talk.send("hello", id_="a") for _ in range(5)))
    assert {each.seq for each in again} == {first.seq}
    assert all(each.is_repeat for each in again)


async def test_many_messages_at_once_are_answered_one_by_one_in_their_order(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    accepted = await asyncio.gather(*(talk.send(f"i like thing {n}") for n in range(8)))
    by_seq = [f"i like thing {n}" for n, _ in sorted(enumerate(accepted), key=lambda each: each[1].seq)]
    await answer_all(talk.house)
    assert [turn.text for turn in bot.turns] == by_seq


async def test_the_bot_sees_no_command_no_number_and_not_the_id_of_the_conversation(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    await talk.say("/restart")
    await talk.say("\u2028\u3000/ /session_start my number is 07700 900123")
    texts = [turn.text or "" for turn in bot.turns]
    assert texts[0] == "restart"
    assert not texts[1].startswith("/")
    assert "900123" not in texts[1]
    assert talk.conversation not in {turn.sender for turn in bot.turns}


async def test_a_choice_of_another_conversation_is_refused(stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(stores, clock)
    mine, other = await WebTalk.begin(house), await WebTalk.begin(house)
    foreign = (await other.messages())[-1].choices[0].id
    with pytest.raises(StaleChoice):
        await mine.send(choice=foreign)


async def test_a_choice_of_the_question_before_is_refused(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(ask_about_school)))
    menu = (await talk.messages())[-1].choices[0].id
    await talk.tap("Tell you what I think")
    with pytest.raises(StaleChoice):
        await talk.send(choice=menu)


@pytest.mark.parametrize(
    ("text", "choice", "refusal"),
    [
        (None, None, TextOrChoice),
        ("hello", "x", TextOrChoice),
        ("", None, EmptyText),
        (" \n\t", None, EmptyText),
    ],
)
async def test_what_can_not_be_a_message_is_refused(
    sqlite_stores: Stores, clock: FakeClock, text: str | None, choice: str | None, refusal: type[Exception]
) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    with pytest.raises(refusal):
        await talk.send(text, choice=choice)


async def test_a_text_of_100_kb_is_kept_whole_and_the_bot_gets_its_beginning(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock, bot))
    long = "i like trains " * 7_300
    await talk.say(long)
    assert next(each.text for each in await talk.messages() if each.author is Author.YOU) == long
    assert len(bot.turns[0].text or "") <= 2_000


async def test_of_a_text_over_200_kb_the_first_part_is_screened_and_kept(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    with pytest.raises(TextTooLong):
        await talk.send("he hits me and im scared to go home " + "x " * 150_000)
    said = await talk.messages()
    assert any(message.kind is Kind.SAFETY for message in said)
    kept = next(each.text for each in said if each.author is Author.YOU)
    assert 190_000 < len(kept) <= 200_000


async def test_symbols_are_kept_exactly_and_read_back_with_two_meanings_to_pick_from(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock, bot))
    said = await talk.say("🏫 😢")
    assert said[-1].text == "You sent: school, crying face. Which one do you mean?"
    assert [choice.label for choice in said[-1].choices] == ["It is good", "It is not good", "Neither"]
    assert any(message.text == "🏫 😢" for message in await talk.messages())
    after = await talk.tap("Neither")
    assert after[0].text == "Thank you. I kept it just like that."
    assert after[-1].kind is Kind.QUESTION
    assert bot.turns == []


async def test_symbols_answer_a_question_for_own_words_and_are_read_back(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    def ask_what_is_good(turn: Turn) -> Answer:
        state = {**turn.state, "flow": "questions", "set": "education", "question": "edu-good"}
        return Answer((AskQuestion("education", "edu-good"),), (KeepState(state),))

    bot = FakeBot(ask_what_is_good)
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock, bot))
    await talk.tap("Tell you what I think")
    said = await talk.say("🎨")
    assert said[0].text == "You sent: artist palette."
    assert bot.turns[-1].text == "artist palette"


async def test_who_wrote_a_lot_is_told_that_all_of_it_is_kept(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    said = await talk.say("i like trains " * 200)
    assert "I kept it all" in said[0].text


async def test_while_the_bot_is_down_it_is_said_once_and_the_message_waits(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    bot.is_down = True
    said = await talk.say("i like art")
    assert [(message.kind, "I kept your message" in message.text) for message in said] == [
        (Kind.PROBLEM, True)
    ]
    clock.go_on(minutes=5)
    await answer_all(talk.house)
    assert len([each for each in await talk.messages() if each.kind is Kind.PROBLEM]) == 1
    bot.is_down = False
    clock.go_on(minutes=5)
    await answer_all(talk.house)
    assert (await talk.messages())[-1].text == "Thank you. I wrote that down."
    assert [turn.text for turn in bot.turns] == ["i like art"]


async def test_what_stands_behind_a_message_that_waits_is_not_looked_at_again_and_again(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    bot.is_down = True
    await talk.say("i like art")
    await talk.send("and drama")
    assert await conversations_waiting(talk.house) == []
    clock.go_on(minutes=1)
    assert await conversations_waiting(talk.house) == [talk.conversation]


async def test_after_a_crash_in_the_middle_another_process_answers_it_once(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    await talk.send("i like art")
    assert await claim_next(another_process(talk.house), talk.conversation) is not None
    assert not await answer_next(talk.house, talk.conversation)
    clock.go_on(seconds=LEASE.total_seconds() + 1)
    assert await answer_next(talk.house, talk.conversation)
    assert len(bot.turns) == 1


async def test_who_lost_the_lease_commits_nothing(stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(stores, clock)

    def answer_too_late(turn: Turn) -> Answer:
        clock.go_on(seconds=LEASE.total_seconds() + 1)
        return Answer(
            (SayMessage("view_kept"),), (KeepState(turn.state), RecordView("said", None, text=True))
        )

    slow = FakeBot(answer_too_late)
    talk = await WebTalk.begin(build_test_house(stores, clock, slow))
    await talk.send("i like art")

    async def take_it_meanwhile(turn: Turn) -> Answer:
        answer = answer_too_late(turn)
        await answer_next(another_process(house), talk.conversation)
        return answer

    slow.answer = take_it_meanwhile  # type: ignore[method-assign]
    assert not await answer_next(talk.house, talk.conversation)
    replies = [each for each in await talk.messages() if each.text == "Thank you. I wrote that down."]
    assert len(replies) == 1
    async with stores.service.read() as session:
        assert (await session.execute(select(func.count()).select_from(WaitingViews))).scalar_one() == 0


async def test_a_question_is_asked_with_its_place_and_choices_and_a_number_answers_it(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot(ask_about_school)
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    question = (await talk.tap("Tell you what I think"))[-1]
    assert question.text.startswith("Question 1 of ")
    labels = [choice.label for choice in question.choices]
    assert labels[-2:] == ["I don't know", "Skip"]
    await talk.say("1")
    assert bot.turns[-1].choice is not None
    assert bot.turns[-1].choice.intent == "choose_answer"
    chosen = bot.turns[-1].choice.entities["answer"]
    assert chosen in {"good", "not-good"}


async def test_a_finished_conversation_lets_nobody_in_and_its_last_words_are_still_answered(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    await talk.send("one last thing")
    await finish_conversation(talk.house, talk.conversation)
    assert await find_by_token(talk.house, talk.opened.token) is None
    with pytest.raises(NoSuchConversation):
        await talk.messages()
    await answer_all(talk.house)
    assert [turn.text for turn in bot.turns] == ["one last thing"]
    async with stores.service.read() as session:
        waiting = select(func.count()).where(Message.progress == Progress.WAITING)
        assert (await session.execute(waiting)).scalar_one() == 0


async def test_words_are_nowhere_in_the_database_in_the_clear(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock))
    await talk.say("canary sentence about trains")
    folder = Path(str(sqlite_stores.service.writer.url.database)).parent
    files = list(folder.glob("service.db*"))
    assert files
    assert not any(b"canary sentence" in file.read_bytes() for file in files)
