"""Whole stories with the real Rasa, the real model and the real actions."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.actions.knowledge import Knowledge
from bot.client import MODEL_PATH, TURN_PATH, RasaBot
from core.conversation.bot import (
    BotUnavailable,
    ExplainWord,
    HearNotSafe,
    OpenRequest,
    RecordUnmetNeed,
    RecordView,
    ShowService,
    TakeBackView,
)
from core.views.question_bank import QuestionKind
from tests.bot.running import RunningRasa
from tests.bot.states import new_state
from tests.bot.talk import Talk

pytestmark = pytest.mark.journey

SAID = RecordView("said", None, None, text=True)


@pytest.fixture
async def bot(real_rasa: RunningRasa) -> AsyncIterator[RasaBot]:
    asking = RasaBot(real_rasa.url, real_rasa.token)
    yield asking
    await asking.close()


@pytest.fixture
def talk(bot: RasaBot, knowledge: Knowledge) -> Talk:
    return Talk(bot, knowledge.bank)


async def until_free_text(talk: Talk) -> str:
    """Answer "I don't know" until a question wants own words."""
    if talk.asked is None:
        await talk.chooses("start_questions", set="education")
    while talk.expects != "free_text":
        await talk.picks("dont-know")
    assert talk.asked is not None
    return talk.asked


async def test_a_whole_set_is_played_and_every_answer_is_a_view(talk: Talk, knowledge: Knowledge) -> None:
    await talk.chooses("start_questions", set="education")
    recorded = []
    for question in knowledge.bank.set("education").questions:
        assert talk.asked == question.id
        if question.kind is QuestionKind.FREE_TEXT:
            await talk.types("the teachers are kind and i want more art")
            expected = RecordView(question.id, "education", None, text=True)
        else:
            await talk.picks(question.answers[0].id)
            expected = RecordView(question.id, "education", question.answers[0].id, text=False)
        assert talk.decided == [expected]
        recorded.append(question.id)
    assert list(talk.state["answers"]) == recorded
    assert talk.said[:2] == ["questions_done", "about_you_start"]
    assert talk.asked == "about-age"


async def test_what_somebody_tells_about_themselves_is_no_view(talk: Talk) -> None:
    await talk.chooses("start_questions", set="about-you")
    await talk.picks("13-15")
    assert talk.decided == []
    assert talk.state["answers"] == {"about-age": "13-15"}


async def test_after_the_last_question_the_menu_comes(talk: Talk) -> None:
    await talk.chooses("start_questions", set="about-you")
    while talk.asked:
        await talk.chooses("skip_question")
    assert talk.said == ["question_skipped", "about_you_done", "menu_question"]
    assert talk.state["flow"] is None


async def test_a_word_is_explained_in_the_middle_and_the_question_comes_back(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.picks("good")
    await talk.types("what does EHCP mean")
    assert talk.answer.says[0] == ExplainWord("ehcp")
    assert talk.asked == "edu-safe"
    await talk.picks("safe")
    assert talk.decided == [RecordView("edu-safe", "education", "safe", text=False)]


async def test_a_word_is_explained_in_the_middle_of_own_words_too(talk: Talk) -> None:
    question = await until_free_text(talk)
    await talk.types("what is an EHCP?")
    assert talk.answer.says[0] == ExplainWord("ehcp")
    assert talk.asked == question


async def test_going_back_and_answering_again_goes_on_where_it_was(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.picks("good")
    await talk.types("go back")
    assert talk.asked == "edu-like"
    await talk.picks("not-good")
    assert talk.decided == [RecordView("edu-like", "education", "not-good", text=False)]
    assert talk.asked == "edu-safe"


async def test_skipping_leaves_no_view(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.types("skip")
    assert (talk.decided, talk.asked) == ([], "edu-safe")


@pytest.mark.parametrize(
    "words",
    [
        "more help in maths",
        "stop shouting at us",
        "i want to go back to my old school",
        "i need help with meetings",
        "skip assembly",
        "a key worker",
        "talk to us like people",
        "bye to homework",
        "menu with food i like",
        "tell people who reads this stuff about me",
        "repeat things slower",
    ],
)
async def test_in_own_words_only_exact_commands_are_commands(talk: Talk, words: str) -> None:
    question = await until_free_text(talk)
    await talk.types(words)
    assert talk.decided == [RecordView(question, "education", None, text=True)]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("help", "help_start"),
        ("Who reads this?", "who_reads_views"),
        ("are you a robot", "robot_answer"),
        ("can i talk to a person", "person_how"),
        ("skip", "question_skipped"),
        ("stop", "pause_done"),
    ],
)
async def test_an_exact_command_works_in_the_middle_of_own_words(talk: Talk, command: str, said: str) -> None:
    question = await until_free_text(talk)
    await talk.types(command)
    assert said in talk.said
    assert not [each for each in talk.decided if isinstance(each, RecordView)]
    if said not in {"question_skipped", "help_start", "pause_done"}:
        assert talk.asked == question


async def test_not_safe_is_heard_in_the_middle_of_own_words(talk: Talk) -> None:
    await until_free_text(talk)
    await talk.types("im not safe")
    assert talk.decided == [HearNotSafe()]


@pytest.mark.parametrize(
    ("flow", "step"),
    [("questions", None), ("request", "when"), ("help", "need"), ("view", None), ("word", None)],
)
@pytest.mark.parametrize(
    "command",
    [
        "help",
        "what does ehcp mean",
        "say that again",
        "who reads this",
        "r u a robot",
        "not safe",
        "stop now",
    ],
)
async def test_every_interruption_works_in_every_form_and_leaves_it_open(
    talk: Talk, flow: str, step: str | None, command: str
) -> None:
    talk.state = new_state(
        flow=flow,
        step=step,
        set="education",
        question="edu-safe",
        trail=["edu-safe"],
        request={"about": "school", "first_name": "none", "reach": "here"},
    )
    before = (talk.state["flow"], talk.state["step"], talk.state["question"])
    await talk.types(command)
    assert not [each for each in talk.decided if isinstance(each, RecordView)]
    assert (talk.state["flow"], talk.state["step"], talk.state["question"]) == before


async def test_a_free_sentence_is_a_view_without_any_menu(talk: Talk) -> None:
    await talk.types("i hate maths cos its too loud")
    assert talk.decided == [SAID]
    assert talk.said == ["view_said_back", "view_better_question"]
    await talk.types("if the room was quiet")
    assert talk.decided == [SAID]
    assert talk.state["flow"] is None


async def test_a_request_is_asked_for_step_by_step_read_back_and_sent(talk: Talk) -> None:
    await talk.types("can i have a key worker plz")
    assert talk.said[-1] == "request_about_question"
    await talk.types("i need help with my meeting")
    assert talk.state["lifts"] == "first_name"
    await talk.types("(given)")
    await talk.picks("call")
    assert talk.state["lifts"] == "reach"
    await talk.types("(given)")
    await talk.picks("afternoon")
    await talk.picks("nobody")
    assert talk.said == ["request_permission_question"]
    await talk.types("yeah thats fine")
    assert talk.said == ["request_read_back", "request_read_back_reach", "request_read_back_question"]
    await talk.picks("change")
    await talk.picks("when")
    await talk.picks("morning")
    assert talk.said[-1] == "request_read_back_question"
    await talk.picks("send")
    assert talk.decided == [OpenRequest()]
    assert talk.state["request"]["about"] == "i need help with my meeting"
    assert talk.state["request"]["when"] == "morning"
    assert talk.state["flow"] is None


async def test_help_in_the_middle_of_questions_comes_back_to_the_question(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.types("i need someone to talk to im 14")
    assert ShowService("kooth") in talk.answer.says
    await talk.picks("none-of-these")
    assert talk.decided == [RecordUnmetNeed(None)]
    assert talk.asked == "edu-like"
    await talk.picks("good")
    assert talk.decided == [RecordView("edu-like", "education", "good", text=False)]


async def test_help_is_searched_for_in_own_words_and_without_an_age(talk: Talk) -> None:
    await talk.chooses("find_help")
    await talk.types("someone to talk to about feelings")
    assert talk.said == ["find_help_age_question"]
    await talk.chooses("skip_question")
    assert ShowService("kooth") in talk.answer.says


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
