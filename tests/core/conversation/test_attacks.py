"""What was tried against the way of a message, and may not work again."""

import pytest
from sqlalchemy import select

from core.conversation.bot import Answer, Choice, KeepState, SayMessage, Turn
from core.conversation.tables import Message, Progress
from core.safeguarding.tables import Concern
from tests.builders import PhoneTalk, WebTalk, answer_all, build_test_house
from tests.core.conversation.test_accept_text import posted
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

WORRY = "i have to ask before i speak at home"
DANGER = "he hits me and im scared to go home"
FULL_WIDTH = "".join(chr(ord(letter) + 0xFEE0) for letter in "joe@gmail.com")


async def levels(stores: Stores) -> list[str]:
    async with stores.service.read() as session:
        return [str(each.level) for each in (await session.execute(select(Concern))).scalars()]


@pytest.mark.parametrize("reply", ["1", "no", "🙁", "not really"])
async def test_by_text_a_reply_that_means_not_safe_is_danger_without_a_bot(
    stores: Stores, clock: FakeClock, reply: str
) -> None:
    bot = FakeBot()
    phone = PhoneTalk(build_test_house(stores, clock, bot))
    await phone.text("hello")
    await phone.text("1")
    await phone.text(WORRY)
    assert await levels(stores) == ["worry"]
    bot.is_down = True
    await phone.text(reply)
    assert await levels(stores) == ["danger"]
    assert any("Press 55" in text for text in (await posted(phone.house))[-2:])


async def test_what_is_unclear_is_never_taken_for_safe(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    await talk.say(WORRY)
    said = await talk.say("safe i think")
    assert "A person will read what you said" in said[0].text
    assert await levels(stores) == ["worry"]


@pytest.mark.parametrize("nothing", ["/", "//", "\uff0f", "\u200b", "\u2063/"])
async def test_words_of_which_nothing_is_left_do_not_end_a_conversation(
    stores: Stores, clock: FakeClock, nothing: str
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(stores, clock, bot))
    assert await talk.say(nothing)
    await talk.say("i like art")
    assert [turn.text for turn in bot.turns] == ["i like art"]


async def test_a_bug_of_ours_does_not_silence_a_conversation(stores: Stores, clock: FakeClock) -> None:
    def fail_once(turn: Turn) -> Answer:
        if turn.text == "break it":
            return Answer((SayMessage("no_such_message"),), (KeepState(turn.state),))
        return Answer((SayMessage("view_kept"),), (KeepState(turn.state),))

    talk = await WebTalk.begin(build_test_house(stores, clock, FakeBot(fail_once)))
    assert "I kept your message" in (await talk.say("break it"))[0].text
    for _ in range(4):
        clock.go_on(minutes=1)
        await answer_all(talk.house)
    assert (await talk.say("i like art"))[-1].text == "Thank you. I wrote that down."
    async with stores.service.read() as session:
        aside = await session.execute(select(Message).where(Message.progress == Progress.SET_ASIDE))
        assert len(list(aside.scalars())) == 1


@pytest.mark.parametrize("words", ["07700\u200b900\u200b123", FULL_WIDTH, "07700\u00ad900123"])
async def test_details_in_disguise_do_not_reach_the_bot(
    sqlite_stores: Stores, clock: FakeClock, words: str
) -> None:
    bot = FakeBot()
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock, bot))
    await talk.say(f"you can reach me at {words} ok")
    assert "900123" not in (bot.turns[0].text or "")
    assert "joe" not in (bot.turns[0].text or "")


async def test_danger_under_an_id_that_was_used_for_other_words_is_heard(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(build_test_house(stores, clock))
    first = await talk.send("hello", id_="k")
    again = await talk.send(DANGER, id_="k")
    await talk.send(DANGER, id_="k")
    assert (again.seq, again.is_repeat) == (first.seq, True)
    assert await levels(stores) == ["danger"]
    heard = [each for each in await talk.messages() if each.text == DANGER]
    assert len(heard) == 1


async def test_hours_without_the_bot_are_borne(sqlite_stores: Stores, clock: FakeClock) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(build_test_house(sqlite_stores, clock, bot))
    await talk.say("i like art")
    for _ in range(60):
        clock.go_on(minutes=1)
        await answer_all(talk.house)
    bot.is_down = False
    clock.go_on(minutes=1)
    await answer_all(talk.house)
    assert (await talk.messages())[-1].text == "Thank you. I wrote that down."


async def test_a_number_that_was_silent_for_60_days_starts_anew(stores: Stores, clock: FakeClock) -> None:
    phone = PhoneTalk(build_test_house(stores, clock))
    before = await phone.text("hello")
    await phone.text("1")
    clock.go_on(days=61)
    after = await phone.text("hello")
    assert after.conversation != before.conversation
    assert "Is this phone just yours?" in (await posted(phone.house))[-1]


async def test_by_text_a_name_said_long_ago_is_not_read_out(stores: Stores, clock: FakeClock) -> None:
    def ask_name(turn: Turn) -> Answer:
        if turn.state["lifts"]:
            state = {**turn.state, "lifts": None, "flow": "request"}
            return Answer((SayMessage("view_kept"),), (KeepState(state),))
        return Answer(
            (SayMessage("request_name_question", kind="question"),),
            (KeepState({**turn.state, "lifts": "first_name", "flow": "request"}),),
        )

    bot = FakeBot(ask_name)
    phone = PhoneTalk(build_test_house(stores, clock, bot))
    await phone.text("hello")
    await phone.text("1")
    await phone.text("Zebedee")
    clock.go_on(minutes=31)
    bot.answers = lambda turn: Answer(
        (SayMessage("view_said_back", {"words": "{first_name}"}),), (KeepState(turn.state),)
    )
    await phone.text("hi")
    assert bot.turns[-1].state["flow"] is None
    assert not any("Zebedee" in text for text in await posted(phone.house))


async def test_to_go_on_after_a_pause_asks_again_and_never_answers(stores: Stores, clock: FakeClock) -> None:
    send = Choice("choose_answer", "choice_send", {"answer": "send"})
    question = SayMessage("request_read_back_question", kind="question", choices=(send,))
    pause = SayMessage("pause_done_text", choices=(Choice("go_on", "choice_go_on"),))

    def ask_or_pause(turn: Turn) -> Answer:
        state = KeepState({**turn.state, "flow": "request"})
        return Answer((pause if turn.text == "stop asking" else question,), (state,))

    bot = FakeBot(ask_or_pause)
    phone = PhoneTalk(build_test_house(stores, clock, bot))
    await phone.text("hello")
    await phone.text("1")
    for invited in ("go on", "1"):
        await phone.text("stop asking")
        turns = len(bot.turns)
        await phone.text(invited)
        assert len(bot.turns) == turns
        assert (await posted(phone.house))[-1].startswith("Send it, or change it?")
