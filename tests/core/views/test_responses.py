"""What was done is told from its day on, newest first, to whom it is for; a wrong file says its line."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.compose import build_knowledge
from core.text.yaml_source import BrokenDataFile
from core.views.responses import Known, Responses, SaidBefore, load_responses
from tests.bot.rules_bot import RulesBot
from tests.builders import WebTalk, build_test_house, lists
from tests.fakes import FakeClock
from tests.stores import Stores

TODAY = date(2026, 11, 23)
KNOWN = Known(
    districts={"redditch", "worcester"},
    terms={"2026-summer"},
    themes={"edu-local"},
    questions={"edu-travel": {"easy", "hard"}, "edu-better": set()},
)
WRITTEN = """responses:
  - {id: bus, told_on: 2026-10-01, areas: [education], said: "The bus is late.", did: "We asked for one more bus."}
  - {id: park, told_on: 2026-11-01, areas: [community], districts: [redditch], said: "The park is dark.",
     did: "It has lights now.", answers: {term: 2026-summer, themes: [edu-local], questions: {edu-travel: [hard]}}}
  - {id: later, told_on: 2026-12-01, areas: [health], said: "We wait long.", did: "There is a new nurse."}
  - {id: old, told_on: 2025-01-01, areas: [health], said: "The room is loud.", did: "It has a soft floor."}
  - {id: older, told_on: 2024-01-01, areas: [health], said: "It is cold.", did: "It is warm now."}
"""


def read(folder: Path, written: str = WRITTEN) -> Responses:
    file = folder / "responses.yml"
    file.write_text(written)
    return load_responses(file, KNOWN)


@pytest.mark.parametrize(
    ("district", "told"),
    [
        ("worcester", ["bus", "old", "older"]),
        ("redditch", ["park", "bus", "old"]),
        (None, ["park", "bus", "old"]),
    ],
)
def test_the_newest_three_of_ones_own_district_are_told(
    tmp_path: Path, district: str | None, told: list[str]
) -> None:
    assert [each.id for each in read(tmp_path).told(TODAY, district=district)] == told


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("redditch", "paris"), 3, "No district is called 'paris'"),
        (("id: old,", "id: bus,"), 6, "'bus' is there twice"),
        (("[community]", "[sport]"), 3, ""),
        (('did: "It is warm now."', ""), 7, "'did' is missing"),
        (("2026-summer", "2026-winter"), 3, "No term is called '2026-winter'"),
        (("[edu-local]", "[buses]"), 3, "No theme is called 'buses'"),
        (("edu-travel", "edu-flying"), 3, "No question is called 'edu-flying'"),
        (("[hard]", "[odd]"), 3, "'odd' is no answer of 'edu-travel'"),
        (
            (", themes: [edu-local], questions: {edu-travel: [hard]}", ""),
            3,
            "It does not say what it answers.",
        ),
    ],
)
def test_a_wrong_file_says_its_line(tmp_path: Path, change: tuple[str, str], line: int, said: str) -> None:
    with pytest.raises(BrokenDataFile, match=f"line {line}") as refused:
        read(tmp_path, WRITTEN.replace(*change))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("said", "is_answered"),
    [
        (SaidBefore("edu-travel", "hard", frozenset(), "redditch"), True),
        (SaidBefore("edu-travel", "hard", frozenset(), None), True),
        (SaidBefore("edu-travel", "hard", frozenset(), "worcester"), False),
        (SaidBefore("edu-travel", "easy", frozenset(), "redditch"), False),
        (SaidBefore("said", "bad", frozenset({"edu-local"}), None), True),
        (SaidBefore("said", "bad", frozenset({"edu-fun"}), None), False),
    ],
)
def test_an_answer_fits_what_was_said_on_it_where_it_was_done(
    tmp_path: Path, said: SaidBefore, *, is_answered: bool
) -> None:
    told = read(tmp_path).answering([said], term="2026-summer", today=TODAY)
    assert [each.id for each in told] == (["park"] if is_answered else [])
    assert not read(tmp_path).answering([said], term="2026-spring", today=TODAY)
    assert not read(tmp_path).answering([said], term="2026-summer", today=date(2026, 10, 31))


async def test_it_is_told_in_the_chat(sqlite_stores: Stores, clock: FakeClock, tmp_path: Path) -> None:
    house = replace(build_test_house(sqlite_stores, clock), responses=read(tmp_path))
    talk = await WebTalk.begin(replace(house, bot=RulesBot(build_knowledge(house))))
    said = [message.text for message in await talk.tap("What happened next")]
    assert said[:3] == [
        "This is what changed here.",
        "You said: The park is dark. We did: It has lights now.",
        "You said: The bus is late. We did: We asked for one more bus.",
    ]


def test_the_file_that_ships_is_right() -> None:
    assert lists().responses.told(date.max, district=None) is not None
