"""A set answered all in one place is known as this person saw it, mirrored or not."""

from pathlib import Path

import pytest

from core.views.positions import places_of
from core.views.questions import QuestionKind, load_questions

BANK = load_questions(Path(__file__).parents[3] / "data" / "questions.yml")
CLOSED = [each for each in BANK.set("education").questions if each.kind is QuestionKind.CLOSED]


def answers_at(place: int) -> dict[str, str]:
    return {asked.id: asked.answers[place].id for asked in CLOSED}


@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("place", [0, -1])
def test_all_first_or_all_last_is_one_place(place: int, mirrored: bool) -> None:  # noqa: FBT001
    assert places_of(BANK, "education", answers_at(place), mirrored=mirrored) == "one-place"


def test_all_second_is_one_place_only_as_it_was_shown() -> None:
    second = {asked.id: asked.answers[1].id for asked in CLOSED}
    assert places_of(BANK, "education", second, mirrored=False) == "one-place"
    assert places_of(BANK, "education", second, mirrored=True) == "several-places"


def test_one_other_answer_makes_several_places_and_not_knowing_does_not() -> None:
    told = {**answers_at(0), "edu-safe": "not-safe"}
    assert places_of(BANK, "education", told, mirrored=False) == "several-places"
    told = {**answers_at(0), "edu-safe": "dont-know", "edu-help": "skip"}
    assert places_of(BANK, "education", told, mirrored=False) == "one-place"


def test_three_answers_are_too_few() -> None:
    told = dict(list(answers_at(0).items())[:3])
    assert places_of(BANK, "education", told, mirrored=False) is None
