"""The phrases keep hearing the messages of three banks: most danger, and nearly no everyday talk.

The phrases were improved on them, so these figures say that nothing got worse, not how much is missed.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.safeguarding.examples import load_examples
from core.safeguarding.phrases import Level, load_phrases
from core.safeguarding.rules import listen
from tests.bench.safeguarding_bank import Told, read_bank

DATA = Path(__file__).resolve().parents[3] / "data"
PHRASES = load_phrases(DATA / "safeguarding_phrases.yml")
OURS = load_examples(DATA / "safeguarding_examples.yml")
THEIRS = read_bank(Path(__file__).parent / "development_bank.yml")
SECOND = read_bank(Path(__file__).parent / "development_bank_2.yml")
EITHER = (Level.DANGER, Level.WORRY)


def level_of(said: str) -> Level | None:
    heard = listen(said, PHRASES)
    return heard.level if heard else None


def share(said: Sequence[str], *levels: Level) -> float:
    """Give the share of messages that are heard at one of the levels."""
    return sum(level_of(words) in levels for words in said) / len(said)


def of_severity(*severities: str, bank: Sequence[Told] = THEIRS) -> list[str]:
    return [told.text for told in bank if told.severity in severities]


def test_what_is_told_plainly_is_heard_at_the_danger_level() -> None:
    assert share(OURS.danger, Level.DANGER) >= 0.87
    assert share(OURS.danger, *EITHER) >= 0.9
    assert share(of_severity("explicit"), Level.DANGER) >= 0.93


def test_what_is_told_plainly_in_the_second_bank_is_heard_at_the_danger_level() -> None:
    assert share(of_severity("explicit", bank=SECOND), Level.DANGER) >= 0.92


def test_what_is_heard_of_others_is_heard() -> None:
    assert share(of_severity("third_party"), *EITHER) >= 0.8


def test_much_of_what_is_hinted_is_heard_by_phrases_alone() -> None:
    assert share(of_severity("hinted"), *EITHER) >= 0.6


@pytest.mark.parametrize(
    "said",
    [OURS.ordinary, of_severity("benign"), of_severity("benign", bank=SECOND)],
    ids=["ours", "theirs", "second"],
)
def test_everyday_talk_is_seldom_an_alarm(said: Sequence[str]) -> None:
    assert share(said, Level.DANGER) <= 0.01
    assert share(said, *EITHER) <= 0.03


@pytest.mark.parametrize(
    "written", [str.upper, str.title, lambda said: said.replace(" ", "  "), lambda said: f"{said}!!!"]
)
def test_capitals_spaces_and_marks_change_little(written: Callable[[str], str]) -> None:
    said = OURS.danger[::4]
    heard = [words for words in said if level_of(words) is Level.DANGER]
    assert sum(level_of(written(words)) is Level.DANGER for words in heard) / len(heard) >= 0.97
