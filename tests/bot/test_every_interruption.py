"""Every interruption, at every open step, on the web and by text: the same question stays open, and nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest

from app.compose import build_knowledge
from core.conversation.tables import Channel
from tests.bot.replay import Replay
from tests.bot.rules_bot import RulesBot
from tests.bot.scripts import Script
from tests.builders import build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores

KEY_WORKER, HELP = {"tap": "Ask for a key worker"}, {"tap": "Find help"}
REACH: list[dict[str, Any]] = [KEY_WORKER, {"tap": "My health"}, {"tap": "No name"}]
COMPLAIN = {"you": "i want to complain"}
SCHOOL = {"tap": "Tell you what I think"}
LOUD = {"you": "i hate maths cos its too loud", "as": "tell_view"}
UNSURE = {"you": "my taxi driver changes every week", "as": "tell_view"}
SKIPS = [{"you": "skip"}] * 7
PAGE: list[dict[str, Any]] = [{"tap": "My meeting"}, {"you": "i am kind to dogs"}, *SKIPS[:4]]
TO_SEND: list[dict[str, Any]] = [*PAGE, {"tap": "Send my page"}, *SKIPS[:2]]

WAYS_TO: dict[str, list[dict[str, Any]]] = {
    "a closed question": [SCHOOL, {"tap": "Good"}],
    "a question for own words": [SCHOOL, *SKIPS],
    "the age": [SCHOOL, *SKIPS, {"you": "skip"}, {"you": "skip"}],
    "the town": [SCHOOL, *SKIPS, {"you": "skip"}, {"you": "skip"}, {"you": "skip"}],
    "a question for parents": [{"you": "im his mum", "as": "say_who_i_am"}, {"tap": "My own words"}],
    "what a request is about": [KEY_WORKER],
    "the name": [KEY_WORKER, {"tap": "My health"}],
    "how to reach them": REACH,
    "a number to call": [*REACH, {"tap": "Call me"}],
    "an email": [*REACH, {"tap": "Email me"}],
    "when": [*REACH, {"you": "skip"}],
    "permission": [*REACH, {"you": "skip"}, {"tap": "Any time"}, {"tap": "Just me"}],
    "sending": [*REACH, {"you": "skip"}, {"tap": "Any time"}, {"tap": "Just me"}, {"tap": "Yes, they may"}],
    "what a complaint is about": [COMPLAIN],
    "sending a complaint": [COMPLAIN, {"you": "nobody wrote back to me"}],
    "a part of my page": [{"tap": "My meeting"}],
    "my page is ready": [{"tap": "My meeting"}, *[{"you": "skip"}] * 5],
    "the name beside my page": [*PAGE, {"tap": "Send my page"}],
    "permission to send my page": TO_SEND,
    "sending my page": [*TO_SEND, {"tap": "Yes, they may"}],
    "a need": [HELP],
    "the age of a search": [HELP, {"you": "i cant sleep and feel sad"}],
    "what was found": [HELP, {"you": "i cant sleep and feel sad im 14"}],
    "good or not good": [UNSURE],
    "what would make it better": [LOUD],
    "what to do with the words": [LOUD, {"tap": "That is not what I mean"}],
    "if their words may be used": [{"you": "you can use my words"}],
    "a word": [{"tap": "What does a word mean?"}],
}
"""How each step is reached from the menu."""

INTERRUPTIONS: dict[str, str] = {
    "say that again": "",
    "help": "help_start",
    "what does ehcp mean": "word_meaning",
    "who reads this": "who_reads_views",
    "are you a robot": "robot_answer",
    "can i talk to a person": "person_how",
    "easy words please": "my_way_easy_kept",
    "pause": "pause_done",
}
"""What is typed, and what is said to it."""


async def reach(stores: Stores, clock: FakeClock, step: str, channel: Channel) -> Replay:
    script = Script(step, step, step, [channel], begins_with_nothing=False, steps=WAYS_TO[step])
    house = build_test_house(stores, clock)
    house = replace(house, bot=RulesBot(build_knowledge(house), script.meanings))
    replay = Replay(house, clock, channel, script)
    await replay.begin()
    for each in script.steps:
        await replay.do(each)
    return replay


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("step", WAYS_TO)
async def test_it_is_answered_and_the_same_question_stays_open(
    sqlite_stores: Stores, clock: FakeClock, step: str, channel: Channel
) -> None:
    replay = await reach(sqlite_stores, clock, step, channel)
    before = await replay.place()
    for typed, name in INTERRUPTIONS.items():
        said = await replay.do({"you": typed})
        where = f"{typed!r} at {step}: {[each.text for each in said]}"
        if name:
            by_text = name == "pause_done" and channel == "sms"
            replay.check_one(f"{name}_text" if by_text else name, said[0], await replay.place(), where)
        await came_back(replay, before, where)
    await replay.do({"you": "i am not safe"})
    await came_back(replay, before, f"not safe at {step}")


async def came_back(replay: Replay, before: Any, where: str) -> None:
    """The place is as before but for the way of talking, and "go on" asks the same again."""
    again = await replay.do({"you": "go on"})
    after = await replay.place()
    assert {**after.state, "my_way": ""} == {**before.state, "my_way": ""}, where
    assert (after.question, after.kept) == (before.question, before.kept), where
    assert again, where
    assert after.expects == before.expects, where
