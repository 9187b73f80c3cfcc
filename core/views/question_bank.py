"""The question bank as practitioners write it (data/questions.yml); question_rules.py says what makes it wrong."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core.text.messages import Variant

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Part(BaseModel):
    """A part of the bank: never changed once read, and with no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SetKind(StrEnum):
    """What is done with the answers of a set."""

    VIEW = "view"
    ABOUT = "about"


class Voice(StrEnum):
    """Whose own words a set asks for; what grown-ups say is kept apart from what young people say."""

    YOUNG = "young"
    FAMILY = "family"
    STAFF = "staff"


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
    voice: Voice = Voice.YOUNG
    area: str | None = Field(default=None, pattern="^(education|health|community|adulthood)$")
    label: Words
    symbol: str | None = None
    from_age: int | None = None
    baseline_2021: str | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _a_set_of_views_has_an_area(self) -> Self:
        has_area = self.kind is SetKind.VIEW and self.voice is Voice.YOUNG
        if has_area != (self.area is not None):
            what = "A set of young people's views names its area, and one of kind 'about' or for grown-ups has none."
            raise ValueError(what)
        if self.kind is SetKind.ABOUT and self.voice is not Voice.YOUNG:
            raise ValueError("A set of kind 'about' is for everyone, and has no 'voice'.")
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

    def find(self, measure: str) -> Question | None:
        """Return the question that is counted under this id; None for what is no question of ours."""
        return next((asked for held in self.sets for asked in held.questions if asked.id == measure), None)

    def set_of(self, question_id: str) -> QuestionSet:
        """Return the set that a question belongs to; raises KeyError when there is none."""
        return {asked.id: held for held in self.sets for asked in held.questions}[question_id]
