"""Which question comes next, where we are in a set, and what may be answered."""

from collections.abc import Iterator, Mapping, Sequence

from core.views.question_bank import (
    After,
    Answer,
    Bank,
    Feeling,
    Question,
    QuestionKind,
    QuestionSet,
    SetKind,
    Voice,
)
from core.views.question_rules import check_questions, load_questions

__all__ = [
    "DONT_KNOW",
    "SKIP",
    "SOMETHING_ELSE",
    "After",
    "Answer",
    "Answers",
    "Bank",
    "Feeling",
    "Question",
    "QuestionKind",
    "QuestionSet",
    "SetKind",
    "Voice",
    "answer_of",
    "check_questions",
    "choices_of",
    "load_questions",
    "next_question",
    "position",
    "previous_question",
    "sets_for",
]

SOMETHING_ELSE = Answer(id="something-else", label="Something else", symbol="something_else")
DONT_KNOW = Answer(id="dont-know", label="I don't know", symbol="dont_know")
SKIP = Answer(id="skip", label="Skip", symbol="skip")


Answers = Mapping[str, str]
"""What was answered so far: question id to an answer's id, 'said' (free text) or 'skip'."""


def next_question(bank: Bank, set_id: str, answers: Answers, trail: Sequence[str]) -> Question | None:
    """Return the first question of the set that is neither answered nor shown, or None when it is done.

    `trail` holds the ids already shown, oldest first, up to the one that is open.
    """
    for asked in _sequence(bank, set_id, answers, trail):
        if asked.id not in answers and asked.id not in trail:
            return asked
    return None


def previous_question(bank: Bank, trail: Sequence[str]) -> Question | None:
    """Return the question shown before the open one (the last of `trail`), or None at the first.

    Going back, the caller cuts the trail after the question that this returns.
    """
    known = {asked.id: asked for held in bank.sets for asked in held.questions}
    earlier = [known[asked] for asked in trail[:-1] if asked in known]
    return earlier[-1] if earlier else None


def position(
    bank: Bank, set_id: str, question_id: str, *, answers: Answers, trail: Sequence[str] = ()
) -> tuple[int, int]:
    """Return (number, total) for "Question 2 of 7"; questions that no longer apply are not counted."""
    sequence = [asked.id for asked in _sequence(bank, set_id, answers, (*trail, question_id))]
    number = sequence.index(question_id) + 1 if question_id in sequence else 1
    return number, len(sequence)


def choices_of(question: Question, *, mirrored: bool) -> tuple[Answer, ...]:
    """Return what can be tapped, in order: the answers (mirrored for half of people), then the usual ends."""
    if question.kind is QuestionKind.FREE_TEXT:
        return (DONT_KNOW, SKIP)
    own = question.answers[::-1] if mirrored else question.answers
    return (*own, *((SOMETHING_ELSE,) if question.things else ()), DONT_KNOW, SKIP)


def answer_of(question: Question, answer_id: str) -> Answer | None:
    """Return the answer with this id, the usual ends included, or None when it is not offered."""
    offered = {answer.id: answer for answer in choices_of(question, mirrored=False)}
    return offered.get(answer_id)


def sets_for(bank: Bank, *, answers: Answers, voice: Voice = Voice.YOUNG) -> tuple[QuestionSet, ...]:
    """Return the sets of views to offer this voice: those whose age fits, or all while the age is not told."""
    return tuple(
        held
        for held in bank.sets
        if held.kind is SetKind.VIEW and held.voice is voice and _old_enough(bank, held.from_age, answers)
    )


def _sequence(bank: Bank, set_id: str, answers: Answers, trail: Sequence[str]) -> Iterator[Question]:
    """Yield the questions of the set that apply; the age is asked before the first that depends on it."""
    held = bank.set(set_id)
    age = bank.question(bank.age_question)
    age_is_due = age not in held.questions and (age.id not in answers or age.id in trail)
    for asked in held.questions:
        if age_is_due and (held.from_age is not None or asked.from_age is not None):
            age_is_due = False
            yield age
        if _applies(bank, held, asked, answers):
            yield asked


def _applies(bank: Bank, held: QuestionSet, asked: Question, answers: Answers) -> bool:
    old_enough = all(_old_enough(bank, age, answers) for age in (held.from_age, asked.from_age))
    if asked.after is None or not old_enough:
        return old_enough
    given = answers.get(asked.after.question)
    return given is None or given in asked.after.answers


def _old_enough(bank: Bank, from_age: int | None, answers: Answers) -> bool:
    """Return whether the age group told reaches `from_age`; an age not told is old enough."""
    group = answer_of(bank.question(bank.age_question), answers.get(bank.age_question, ""))
    if from_age is None or group is None or group.ages is None:
        return True
    return group.ages[0] >= from_age
