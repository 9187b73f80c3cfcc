"""The phrases keep hearing our own bank of messages: nearly all danger, and nearly no everyday talk.

The phrases were improved on this bank, so its figures say that nothing got worse, not how much is missed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.safeguarding.phrases import Level, load_phrases
from core.safeguarding.rules import listen

PHRASES = load_phrases(Path(__file__).resolve().parents[3] / "data" / "safeguarding_phrases.yml")
BANK = [
    tuple(line.split(": ", 1))
    for line in (Path(__file__).parent / "bank.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def level_of(said: str) -> Level | None:
    heard = listen(said, PHRASES)
    return heard.level if heard else None


def share(label: str, *levels: Level | None) -> float:
    """Give the share of the bank's messages with this label that are heard at one of the levels."""
    said = [words for kind, words in BANK if kind == label]
    return sum(level_of(words) in levels for words in said) / len(said)


def test_danger_is_heard_at_the_danger_level() -> None:
    assert share("danger", Level.DANGER) >= 0.97
    assert share("danger", Level.DANGER, Level.WORRY) >= 0.99


def test_a_worry_is_heard() -> None:
    assert share("worry", Level.DANGER, Level.WORRY) >= 0.95


def test_everyday_talk_is_seldom_an_alarm() -> None:
    assert share("none", Level.DANGER) <= 0.01
    assert share("none", Level.DANGER, Level.WORRY) <= 0.05


@pytest.mark.parametrize(
    "written", [str.upper, str.title, lambda said: said.replace(" ", "  "), lambda said: f"{said}!!!"]
)
def test_capitals_spaces_and_marks_change_little(written: Callable[[str], str]) -> None:
    said = [words for kind, words in BANK if kind == "danger"]
    assert sum(level_of(written(words)) is Level.DANGER for words in said) / len(said) >= 0.97
