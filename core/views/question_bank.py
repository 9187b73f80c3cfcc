"""The question bank as practitioners write it (data/questions.yml), and what makes it wrong."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core.text.messages import Variant
from core.text.yaml_source import BrokenDataFile, Step, YamlSource, read_typed

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Part(BaseModel):
    """A part of the bank: never changed once read, and with no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SetKind(StrEnum):
    """What is done with the answers of a set."""

    VIEW = "view"
    ABOUT = "about"


class QuestionKind(StrEnum):
    """How a question is answered."""

    CLOSED = "closed"
    FREE_TEXT = "free_text"


class Feeling(StrEnum):
    """What an answer says about how things are; a mere fact has none."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"


class Answer(_Part):
    """One answer that can be tapped. `ages` (lowest, highest) only where the answer is an age group."""

    id: Id
    label: Words
    easy: Words | None = None
    symbol: str | None = None
    feeling: Feeling | None = None
    check_in: bool = False
    ages: tuple[int, int] | None = None


class After(_Part):
    """A question is asked only after one of these answers to an earlier one."""

    question: Id
    answers: Annotated[tuple[Id, ...], Field(min_length=1)]


class Question(_Part):
    """One question. `asks` tells whether free text is about what is good, or what would be better."""

    id: Id
    kind: QuestionKind = QuestionKind.CLOSED
    text: Words
    easy: Words | None = None
    sms: Words | None = None
    spoken: Words | None = None
    symbol: str | None = None
    asks: str | None = Field(default=None, pattern="^(good|better)$")
    things: bool = False
    answers: tuple[Answer, ...] = ()
    after: After | None = None
    from_age: int | None = None
    baseline_2021: str | None = None

    def words(self, variant: Variant) -> str:
        """Return the question in this variant, or the standard words where it has none of its own."""
        own = {Variant.EASY: self.easy, Variant.SMS: self.sms, Variant.SPOKEN: self.spoken}
        return own.get(variant) or self.text


class QuestionSet(_Part):
    """Questions that belong together, in the order they are asked."""

    id: Id
    kind: SetKind
    area: str | None = Field(default=None, pattern="^(education|health|community|adulthood)$")
    label: Words
    symbol: str | None = None
    from_age: int | None = None
    baseline_2021: str | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _a_set_of_views_has_an_area(self) -> Self:
        if (self.kind is SetKind.VIEW) != (self.area is not None):
            raise ValueError("A set of kind 'view' names its area, and a set of kind 'about' has none.")
        return self


class Bank(_Part):
    """All sets of questions, and which question asks for the age."""

    version: int
    age_question: Id
    sets: Annotated[tuple[QuestionSet, ...], Field(min_length=1)]

    def set(self, set_id: str) -> QuestionSet:
        """Return the set with this id; raises KeyError when there is none."""
        return {held.id: held for held in self.sets}[set_id]

    def question(self, question_id: str) -> Question:
        """Return the question with this id; raises KeyError when there is none."""
        return {asked.id: asked for held in self.sets for asked in held.questions}[question_id]

    def set_of(self, question_id: str) -> QuestionSet:
        """Return the set that a question belongs to; raises KeyError when there is none."""
        return {asked.id: held for held in self.sets for asked in held.questions}[question_id]


def load_questions(path: Path) -> Bank:
    """Read the bank; raises BrokenDataFile with file, line and what to do for the first thing wrong."""
    bank, source = read_typed(path, Bank)
    for problem in _find_problems(bank, source):
        raise problem
    return bank


def check_questions(path: Path) -> list[BrokenDataFile]:
    """Return everything that is wrong with the bank; empty when all is well."""
    try:
        bank, source = read_typed(path, Bank)
    except BrokenDataFile as problem:
        return [problem]
    return list(_find_problems(bank, source))


_RESERVED = frozenset({"said", "skip", "dont-know", "something-else"})
_FEWEST_ANSWERS = 2
_MOST_ANSWERS = {SetKind.VIEW: 4, SetKind.ABOUT: 7}
_BIRTHDAYS_THAT_MATTER = (13, 16, 18)


def _find_problems(bank: Bank, source: YamlSource) -> Iterator[BrokenDataFile]:
    yield from _find_repeats(bank, source)
    if bank.age_question not in {asked.id for held in bank.sets for asked in held.questions}:
        yield source.broken(
            ("age_question",), f"No question is called '{bank.age_question}'.", "Name one that is here."
        )
    for place, held in enumerate(bank.sets):
        steps: tuple[Step, ...] = ("sets", place)
        yield from _find_wrong_end(held, source, steps)
        for number, asked in enumerate(held.questions):
            here = (*steps, "questions", number)
            for rule in (_wrong_answers, _wrong_after, _wrong_ages):
                what = rule(bank, held, asked)
                if what is not None:
                    yield source.broken(here, *what)


def _find_repeats(bank: Bank, source: YamlSource) -> Iterator[BrokenDataFile]:
    seen: set[str] = set()
    for place, held in enumerate(bank.sets):
        names: list[tuple[tuple[Step, ...], str]] = [(("sets", place), held.id)]
        names += [
            (("sets", place, "questions", number), asked.id) for number, asked in enumerate(held.questions)
        ]
        for steps, name in names:
            if name in seen:
                yield source.broken(
                    (*steps, "id"), f"The id '{name}' is used twice.", "Give this one a new id."
                )
            seen.add(name)


def _find_wrong_end(
    held: QuestionSet, source: YamlSource, steps: tuple[Step, ...]
) -> Iterator[BrokenDataFile]:
    asks = [asked.asks for asked in held.questions if asked.kind is QuestionKind.FREE_TEXT]
    if held.kind is SetKind.VIEW and asks != ["good", "better"]:
        what = f"The set '{held.id}' must end with what is good, and then what would be better."
        yield source.broken(steps, what, "End it with 'asks: good' and 'asks: better', in that order.")
    elif held.kind is SetKind.VIEW and held.questions[-1].asks != "better":
        yield source.broken(
            steps, f"The set '{held.id}' goes on after its last words.", "Put the free text last."
        )


Wrong = tuple[str, str] | None


def _wrong_answers(_bank: Bank, held: QuestionSet, asked: Question) -> Wrong:
    if asked.kind is QuestionKind.FREE_TEXT:
        if asked.answers or asked.asks is None:
            return f"'{asked.id}' is free text: it has 'asks' and no answers.", "Take the answers out."
        return None
    most = _MOST_ANSWERS[held.kind]
    if not _FEWEST_ANSWERS <= len(asked.answers) <= most:
        return f"'{asked.id}' has {len(asked.answers)} answers.", f"Give it {_FEWEST_ANSWERS} to {most}."
    ids = [answer.id for answer in asked.answers]
    if len(set(ids)) < len(ids):
        return f"Two answers of '{asked.id}' have the same id.", "Give each its own."
    if taken := _RESERVED.intersection(ids):
        return f"The answer id '{min(taken)}' of '{asked.id}' is kept for us.", "Choose another id."
    return None


def _wrong_after(_bank: Bank, held: QuestionSet, asked: Question) -> Wrong:
    if asked.after is None:
        return None
    earlier = {other.id: other for other in held.questions[: held.questions.index(asked)]}
    if asked.after.question not in earlier:
        return (
            f"'{asked.id}' comes after '{asked.after.question}', which is not before it.",
            "Name an earlier question.",
        )
    offered = {answer.id for answer in earlier[asked.after.question].answers}
    if unknown := set(asked.after.answers) - offered:
        what = f"'{asked.after.question}' has no answer '{min(unknown)}'."
        return what, "Name one of its answers."
    return None


def _wrong_ages(bank: Bank, _held: QuestionSet, asked: Question) -> Wrong:
    if asked.id != bank.age_question:
        return None
    groups = [answer.ages for answer in asked.answers]
    if any(group is None for group in groups):
        return f"An answer of '{asked.id}' has no ages.", "Add 'ages: [lowest, highest]' to each."
    for lowest, highest in (group for group in groups if group is not None):
        for birthday in _BIRTHDAYS_THAT_MATTER:
            if lowest < birthday <= highest:
                what = f"In the age group {lowest} to {highest} are people under {birthday} and over."
                return what, f"End one group at {birthday - 1} and start the next at {birthday}."
    return None
