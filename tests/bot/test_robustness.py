"""With the real Rasa: what is killed, lost, disguised or broken loses nothing and repeats nothing."""

import asyncio

import httpx
import pytest

from bot.client import MODEL_PATH, TURN_PATH
from core.conversation.bot import (
    BotUnavailable,
    RecordView,
    TakeBackView,
)
from tests.bot.running import RunningRasa
from tests.bot.states import new_state
from tests.bot.talk import Talk, until_free_text

pytestmark = pytest.mark.journey

SAID = RecordView("said", None, None, text=True)


async def test_rasa_killed_in_the_middle_takes_the_next_answer_for_the_right_question(
    talk: Talk, real_rasa: RunningRasa
) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.picks("good")
    await asyncio.to_thread(real_rasa.kill)
    await talk.picks("sometimes-safe")
    assert talk.decided == [RecordView("edu-safe", "education", "sometimes-safe", text=False)]
    assert talk.asked == "edu-help"


async def test_a_message_whose_transaction_was_lost_is_decided_the_same_again(talk: Talk) -> None:
    question = await until_free_text(talk)
    lost = await talk.types_but_is_lost("the art room is lovely")
    talk.answer = type(talk.answer)((), ())
    talk.state = {**talk.state}
    again = await talk.types("the art room is lovely")
    assert again == lost
    assert talk.decided == [RecordView(question, "education", None, text=True)]


async def test_going_back_twice_after_a_lost_message_goes_back_once(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.picks("good")
    await talk.picks("safe")
    await talk.types_but_is_lost("go back")
    await talk.types("go back")
    assert talk.asked == "edu-safe"


async def test_taking_an_answer_back_by_skipping_it(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.picks("good")
    await talk.chooses("go_back")
    await talk.chooses("skip_question")
    assert talk.decided == [TakeBackView("edu-like")]


@pytest.mark.parametrize(
    "disguise",
    [
        "/restart",
        "//restart",
        " \t/restart",
        "/ /restart",
        "\u2003/session_start",
        "\u00a0\u2028/inform",
        '/choose_answer{"answer": "good"}',
        "\x1f/restart",
        "\u3000/ \u3000/restart",
    ],
)
async def test_typed_words_are_never_a_command(talk: Talk, disguise: str) -> None:
    question = await until_free_text(talk)
    trail = talk.state["trail"]
    await talk.types(disguise)
    assert talk.decided == [RecordView(question, "education", None, text=True)]
    assert talk.state["trail"][: len(trail)] == trail


async def test_a_stranger_gets_nothing(real_rasa: RunningRasa) -> None:
    body = {"sender": "s", "message": "m", "state": new_state(), "expects": "anything", "text": "hello"}
    async with httpx.AsyncClient(base_url=real_rasa.url) as stranger:
        for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/s/tracker"):
            assert (await stranger.post(path, json=body)).status_code in {404, 405}
        for headers in ({}, {"x-hys-token": "wrong"}):
            assert (await stranger.post(TURN_PATH, json=body, headers=headers)).status_code == 403
            assert (await stranger.get(MODEL_PATH, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x" * 2_201},
        {"text": ""},
        {"text": "///"},
        {"intent": "greet"},
        {"state": None},
        {"sender": ""},
    ],
    ids=["too long", "empty", "only slashes", "both", "no state", "no sender"],
)
async def test_a_turn_that_is_not_as_agreed_is_refused(
    real_rasa: RunningRasa, change: dict[str, object]
) -> None:
    body = {"sender": "s", "message": "m", "state": new_state(), "expects": "anything", "text": "hello"}
    headers = {"x-hys-token": real_rasa.token}
    async with httpx.AsyncClient(base_url=real_rasa.url, headers=headers) as client:
        reply = await client.post(TURN_PATH, json={**body, **change})
    assert reply.status_code == 422


async def test_an_action_that_fails_is_a_failure_and_not_an_empty_answer(talk: Talk) -> None:
    talk.state = {"this": "is no state"}
    with pytest.raises(BotUnavailable):
        await talk.chooses("go_back")
    talk.state = new_state()
    await talk.types("hello")
    assert talk.said == ["welcome_greeting", "menu_question"]


async def test_many_turns_do_not_slow_a_conversation_down(talk: Talk) -> None:
    """Rasa's memory is emptied before it grows long, and every answer still lands right."""
    await talk.chooses("start_questions", set="education")
    for _ in range(60):
        await talk.types("who reads this")
        assert talk.asked == "edu-like"
