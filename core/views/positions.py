"""Whether somebody tapped the same place in every question of a set: kept and counted, and never held against them."""

from core.views.question_bank import Bank, Question, QuestionKind
from core.views.questions import Answers, choices_of

ONE_PLACE, SEVERAL_PLACES = "one-place", "several-places"
FEWEST_ANSWERS = 4
"""Of fewer answers in one place nothing can be told."""
_PLACES = "places:"


def measure_of(set_id: str) -> str:
    """Name the measure that counts where the answers of a set stood."""
    return _PLACES + set_id


def can_be_told(questions: tuple[Question, ...]) -> bool:
    """Say whether a set has enough closed questions."""
    return sum(asked.kind is QuestionKind.CLOSED for asked in questions) >= FEWEST_ANSWERS


def places_of(bank: Bank, set_id: str, answers: Answers, *, mirrored: bool) -> str | None:
    """Say where the answers stood as this person saw them: all first, all second, all last; None of too few."""
    places, are_last = set(), set()
    told = 0
    for asked in bank.set(set_id).questions:
        shown = [answer.id for answer in choices_of(asked, mirrored=mirrored)][: len(asked.answers)]
        if asked.kind is QuestionKind.CLOSED and answers.get(asked.id) in shown:
            place, told = shown.index(answers[asked.id]), told + 1
            places.add(place)
            are_last.add(place == len(shown) - 1)
    if told < FEWEST_ANSWERS:
        return None
    return ONE_PLACE if len(places) == 1 or are_last == {True} else SEVERAL_PLACES
