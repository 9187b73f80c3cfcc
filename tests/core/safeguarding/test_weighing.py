"""What phrases heard is weighed with the second listener, unless a sure phrase heard it or there are too few words."""

import pytest

from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.safeguarding.weighing import is_weighed, level_of_both, weigh_heard

WORDS = "these are words enough to judge"
FEW = ["he hits", "help me please", "he 👊 me 😭", "dad hits 😭 😭", "cut myself . .", "h i t s me 😭"]
LEVELS = [None, Level.WORRY, Level.DANGER]


def heard(*matches: tuple[Level, bool]) -> Heard:
    reasons = tuple(
        Match(f"phrase_{number}", Category.NEGLECT, level, is_sure)
        for number, (level, is_sure) in enumerate(matches)
    )
    level = Level.DANGER if any(match.level is Level.DANGER for match in reasons) else Level.WORRY
    return Heard(level, (Category.NEGLECT,), reasons)


def test_nothing_heard_and_danger_that_a_sure_phrase_heard_are_not_weighed() -> None:
    assert not is_weighed(None, WORDS)
    assert not is_weighed(heard((Level.DANGER, True), (Level.DANGER, False)), WORDS)


@pytest.mark.parametrize(
    "said",
    [
        "he hits",
        "help me please",
        "he 👊 me 😭",
        "dad hits 😭 😭",
        "cut myself . .",
        "h i t s me 😭",
        "word " * 301,
    ],
)
def test_words_too_few_to_doubt_them_and_more_than_are_listened_to_are_not_weighed(said: str) -> None:
    found = heard((Level.DANGER, False))
    assert not is_weighed(found, said)
    assert level_of_both(found, said, None) is Level.DANGER


@pytest.mark.parametrize("level", [Level.WORRY, Level.DANGER])
def test_what_a_phrase_heard_that_is_not_sure_counts_as_the_second_listener_hears_it(level: Level) -> None:
    found = heard((level, False))
    assert is_weighed(found, WORDS)
    assert [level_of_both(found, WORDS, also) for also in LEVELS] == LEVELS


def test_a_worry_that_a_sure_phrase_heard_stays_and_may_be_raised() -> None:
    found = heard((Level.WORRY, True), (Level.DANGER, False))
    assert [level_of_both(found, WORDS, also) for also in LEVELS] == [
        Level.WORRY,
        Level.WORRY,
        Level.DANGER,
    ]


def test_the_reasons_stay_as_they_were_heard() -> None:
    found = heard((Level.WORRY, False), (Level.DANGER, False))
    for level in (Level.WORRY, Level.DANGER):
        weighed = weigh_heard(found, level)
        assert weighed is not None
        assert (weighed.level, weighed.categories, weighed.because) == (
            level,
            found.categories,
            found.because,
        )
    assert weigh_heard(found, None) is None


@pytest.mark.parametrize("also", LEVELS)
def test_where_no_phrase_was_heard_the_second_listener_alone_counts(also: Level | None) -> None:
    assert level_of_both(None, WORDS, also) is also
