"""A conversation in a terminal goes through core as one on the chat page does."""

from collections.abc import Iterable
from io import StringIO

import pytest
from rich.console import Console

from app.chat.talk import ReadLine, talk
from app.demo.script import load_script
from app.demo.scripted_bot import ScriptedBot
from core.conversation.house import House
from tests.builders import build_test_house, lists, settings_for_tests
from tests.fakes import FakeClock
from tests.stores import Stores


@pytest.fixture
def house(sqlite_stores: Stores, clock: FakeClock) -> House:
    script = load_script(settings_for_tests().data / "synthetic")
    return build_test_house(sqlite_stores, clock, ScriptedBot(lists().bank, lists().area, script))


def typed(lines: Iterable[str]) -> ReadLine:
    left = iter(lines)

    async def read_line() -> str | None:
        return next(left, None)

    return read_line


async def shown(house: House, *lines: str) -> str:
    console = Console(file=StringIO(), width=80)
    await talk(house, console, typed(lines))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


async def test_it_begins_with_the_welcome_and_numbers_the_choices(house: House) -> None:
    said = await shown(house)
    assert "I am a robot, not a person" in said
    assert "    1  Tell you what I think\n    2  Find help\n" in said


async def test_a_number_makes_the_choice_and_words_are_words(house: House) -> None:
    said = await shown(house, "im 14. redditch. its about school", "1")
    assert said.index("Question 1 of 9") < said.index("Question 2 of 9")


async def test_quit_ends_it_and_nothing_after_it_is_said(house: House) -> None:
    said = await shown(house, "QUIT", "im 14. redditch. its about school")
    assert "Question 1" not in said


async def test_a_refusal_is_said_and_the_talk_goes_on(house: House) -> None:
    said = await shown(house, "", "im 14. redditch. its about school")
    assert "I can not see any words" in said
    assert "Question 1 of 9" in said


async def test_the_answer_to_danger_stands_in_a_frame(house: House) -> None:
    said = await shown(house, "he hits me and im scared to go home")
    assert "999" in said
    assert "╭" in said


async def test_no_line_ends_in_space(house: House) -> None:
    said = await shown(house, "im 14. redditch. its about school")
    assert [line for line in said.splitlines() if line != line.rstrip()] == []
