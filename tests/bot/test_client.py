"""What Rasa answers is believed only when it is whole and as agreed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.client import HeardAs, RasaBot
from core.conversation.bot import (
    AskQuestion,
    BotUnavailable,
    Choice,
    Chosen,
    ExplainWord,
    FinishConversation,
    HearNotSafe,
    KeepState,
    OpenRequest,
    RecordComment,
    RecordUnmetNeed,
    RecordView,
    SayMessage,
    ShowService,
    TakeBackView,
    Turn,
)
from tests.bot.fake_rasa import FakeRasa, fake_rasa
from tests.bot.states import new_state

TOKEN = "a-secret"
STATE = {"decide": "state", "state": {"flow": None}}


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with fake_rasa() as fake:
        yield fake


@pytest.fixture
async def bot(rasa: FakeRasa) -> AsyncIterator[RasaBot]:
    asking = RasaBot(rasa.url, TOKEN, seconds=0.5)
    yield asking
    await asking.close()


def turn(text: str | None = "hello", choice: Chosen | None = None, **state: Any) -> Turn:
    return Turn("sender-1", "message-1", text, choice, new_state(**state), "anything")


async def test_what_a_message_was_taken_for_is_told_to_who_asks(rasa: FakeRasa) -> None:
    heard: list[HeardAs] = []
    asking = RasaBot(rasa.url, TOKEN, seconds=0.5, on_heard=heard.append)
    rasa.will_answer({"say": "help_start", "values": {}, "kind": "message"}, STATE)
    await asking.answer(turn())
    await asking.close()
    assert heard == [HeardAs(name="greet", confidence=1.0)]


async def test_everything_that_can_be_said_is_read_in_order(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(
        {
            "say": "menu_question",
            "values": {"total": "9"},
            "kind": "question",
            "choices": [{"intent": "find_help", "label": "menu_find_help", "entities": {}, "symbol": "help"}],
        },
        {"ask_question": "edu-like", "set": "education"},
        {"show_service": "kooth"},
        {"explain_word": "ehcp"},
        STATE,
    )
    answer = await bot.answer(turn())
    assert answer.says == (
        SayMessage(
            "menu_question", {"total": "9"}, "question", (Choice("find_help", "menu_find_help", {}, "help"),)
        ),
        AskQuestion(set="education", question="edu-like"),
        ShowService("kooth"),
        ExplainWord("ehcp"),
    )


async def test_everything_that_can_be_decided_is_read(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(
        {
            "decide": "record_view",
            "measure": "edu-like",
            "area": "education",
            "answer": "good",
            "text": False,
        },
        {"decide": "take_back_view", "measure": "edu-like"},
        {"decide": "open_request"},
        {"decide": "record_unmet_need", "area": None},
        {"decide": "record_comment", "services": ["a", "b"], "verdict": "not-right"},
        {"decide": "hear_not_safe"},
        {"decide": "finish"},
        STATE,
    )
    answer = await bot.answer(turn())
    assert answer.decisions == (
        RecordView("edu-like", "education", "good", text=False),
        TakeBackView("edu-like"),
        OpenRequest(),
        RecordUnmetNeed(None),
        RecordComment(("a", "b"), "not-right"),
        HearNotSafe(),
        FinishConversation(),
        KeepState({"flow": None}),
    )


async def test_of_several_states_the_last_one_counts(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(STATE, {"decide": "state", "state": {"flow": "help"}})
    assert (await bot.answer(turn())).decisions == (KeepState({"flow": "help"}),)


@pytest.mark.parametrize(
    "replies",
    [
        [],
        [{"say": "robot_answer"}],
        [STATE, {"sing": "a song"}],
        [STATE, {"say": "robot_answer", "colour": "red"}],
        [STATE, {"say": 7}],
        [STATE, {"decide": "delete_everything"}],
        [STATE, {"decide": "record_view", "measure": "edu-like", "area": "gardening"}],
        [{"decide": "state", "state": "none"}],
    ],
    ids=[
        "nothing",
        "no state",
        "unknown",
        "extra",
        "not words",
        "unknown decision",
        "unknown area",
        "no object",
    ],
)
async def test_an_answer_that_is_not_as_agreed_is_no_answer(
    rasa: FakeRasa, bot: RasaBot, replies: list[Any]
) -> None:
    rasa.will_answer(*replies)
    with pytest.raises(BotUnavailable):
        await bot.answer(turn())


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"not json", b'{"replies": [{"say": "x"}]}'])
async def test_an_empty_or_broken_body_is_no_answer(rasa: FakeRasa, bot: RasaBot, body: bytes) -> None:
    rasa.body = body
    with pytest.raises(BotUnavailable):
        await bot.answer(turn())


async def test_an_answer_that_calls_itself_incomplete_is_no_answer(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(STATE, complete=False)
    with pytest.raises(BotUnavailable):
        await bot.answer(turn())


@pytest.mark.parametrize("status", [403, 422, 500, 503])
async def test_a_refusal_is_no_answer(rasa: FakeRasa, bot: RasaBot, status: int) -> None:
    rasa.will_answer(STATE)
    rasa.status = status
    with pytest.raises(BotUnavailable):
        await bot.answer(turn())


async def test_a_slow_answer_is_not_waited_for(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(STATE)
    rasa.delay = 5
    with pytest.raises(BotUnavailable):
        await bot.answer(turn())


async def test_nobody_there_is_no_answer() -> None:
    bot = RasaBot("http://127.0.0.1:9", TOKEN, seconds=0.5)
    with pytest.raises(BotUnavailable):
        await bot.answer(turn())
    assert await bot.loaded_model() is None


async def test_what_went_wrong_is_told_without_words_of_the_answer(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(STATE, {"say": {"i hate": "maths"}})
    with pytest.raises(BotUnavailable) as raised:
        await bot.answer(turn())
    assert "maths" not in str(raised.value)


async def test_a_text_and_a_choice_are_never_sent_together(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(STATE)
    await bot.answer(turn("hello"))
    await bot.answer(turn(None, Chosen("choose_answer", {"answer": "good"})))
    typed, chosen = rasa.asked
    assert typed["text"] == "hello"
    assert "intent" not in typed
    assert (chosen["intent"], chosen["entities"]) == ("choose_answer", {"answer": "good"})
    assert "text" not in chosen


async def test_the_secret_goes_with_every_turn(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(STATE)
    await bot.answer(turn())
    assert f"x-hys-token: {TOKEN}" in rasa.headers[0]


async def test_a_step_that_wants_own_words_says_so(rasa: FakeRasa, bot: RasaBot) -> None:
    rasa.will_answer(STATE)
    await bot.answer(turn("i need help", flow="request", step="about"))
    await bot.answer(turn("i need help", flow="request", step="permission"))
    assert [asked["expects"] for asked in rasa.asked] == ["free_text", "anything"]
