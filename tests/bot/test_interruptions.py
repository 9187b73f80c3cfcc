"""With the real Rasa: a command in own words is an answer, unless it is exact; and every interruption comes back."""

import pytest

from core.conversation.bot import (
    HearNotSafe,
    RecordView,
)
from tests.bot.states import new_state
from tests.bot.talk import Talk, until_free_text

pytestmark = pytest.mark.journey

SAID = RecordView("said", None, None, text=True)


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
        ("thank u", "welcome_thanks_answer"),
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
    [
        ("questions", None),
        ("request", "when"),
        ("help", "need"),
        ("view", "better"),
        ("view", "feeling"),
        ("word", None),
    ],
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
        said={"message": "message-0", "area": None, "feeling": None},
        request={"about": "school", "first_name": "none", "reach": "here"},
    )
    before = (talk.state["flow"], talk.state["step"], talk.state["question"])
    await talk.types(command)
    assert not [each for each in talk.decided if isinstance(each, RecordView)]
    assert (talk.state["flow"], talk.state["step"], talk.state["question"]) == before
