"""What was done about what young people said (data/responses.yml): "you said, we did".

An entry may also say what it answers: questions and themes of one term. Who said these, and kept their code of that
term, is told it as the answer to what they said.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.text.yaml_source import read_typed

MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What of a view an answer may hang on: no words, and nobody."""

    measure: str
    answer: str | None
    themes: frozenset[str]
    district: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that an entry may name: districts, terms, themes, and questions with their answers."""

    districts: Collection[str]
    terms: Collection[str]
    themes: Collection[str]
    questions: Mapping[str, Collection[str]]


class Answers(BaseModel):
    """What an entry answers: themes, and questions with the answers that were given (none named: any)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    themes: tuple[str, ...] = ()
    questions: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    def is_about(self, said: SaidBefore) -> bool:
        """Say whether it answers this."""
        if not said.themes.isdisjoint(self.themes):
            return True
        given = self.questions.get(said.measure)
        return given is not None and (not given or said.answer in given)


class Response(BaseModel):
    """One answer to what many said; no `districts` means everywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    told_on: date
    areas: Annotated[
        tuple[Literal["education", "health", "community", "adulthood"], ...], Field(min_length=1)
    ]
    districts: tuple[str, ...] = ()
    said: Annotated[str, Field(min_length=1)]
    did: Annotated[str, Field(min_length=1)]
    answers: Answers | None = None

    def is_for(self, district: str | None) -> bool:
        """Say whether it is told in a district; who has not said where they live hears all."""
        return district is None or not self.districts or district in self.districts


class Responses(BaseModel):
    """All of them, in the order of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    responses: tuple[Response, ...]

    def told(self, today: date, *, district: str | None) -> Sequence[Response]:
        """Give at most 3 that are told today, newest first: of this district and of everywhere.

        Who has not said where they live hears what was done everywhere, and in any district.
        """
        here = [each for each in self.responses if each.told_on <= today and each.is_for(district)]
        return _newest(here)

    def answering(self, said: Sequence[SaidBefore], *, term: str, today: date) -> Sequence[Response]:
        """Give at most 3 that are told today and answer what one person said in a term, newest first."""
        answers = [
            each
            for each in self.responses
            if each.told_on <= today and each.answers is not None and each.answers.term == term
            if any(each.answers.is_about(view) and each.is_for(view.district) for view in said)
        ]
        return _newest(answers)

    def find(self, response: str) -> Response | None:
        """Give the one with this id; None when it is there no more."""
        return next((each for each in self.responses if each.id == response), None)


def load_responses(path: Path, known: Known) -> Responses:
    """Read the file; BrokenDataFile says which line is wrong: an id twice, or one that names nothing."""
    read, source = read_typed(path, Responses)
    seen: set[str] = set()
    for place, each in enumerate(read.responses):
        if each.id in seen:
            what = f"'{each.id}' is there twice."
            raise source.broken(("responses", place), what, "Give one of the two another id.")
        seen.add(each.id)
        wrong = next(_names_nothing(each, known), None)
        if wrong is not None:
            raise source.broken(("responses", place), *wrong)
    return read


def _newest(told: Iterable[Response]) -> Sequence[Response]:
    return sorted(told, key=lambda each: (each.told_on, each.id), reverse=True)[:MOST_TOLD]


def _names_nothing(each: Response, known: Known) -> Iterator[tuple[str, str]]:
    """Give what an entry names that is not there, and what to do about it."""
    for district in sorted(set(each.districts) - set(known.districts)):
        yield f"No district is called '{district}'.", "Use an id of `districts` in the area file."
    if each.answers is not None:
        yield from _answers_nothing(each.answers, known)


def _answers_nothing(answers: Answers, known: Known) -> Iterator[tuple[str, str]]:
    if answers.term not in known.terms:
        yield f"No term is called '{answers.term}'.", "Use an id of `periods` in the area file."
    if not answers.themes and not answers.questions:
        yield "It does not say what it answers.", "Name themes or questions below `answers`, or leave it out."
    for theme in sorted(set(answers.themes) - set(known.themes)):
        yield f"No theme is called '{theme}'.", "Use an id of data/themes.yml."
    for question in sorted(set(answers.questions) - set(known.questions)):
        yield f"No question is called '{question}'.", "Use an id of data/questions.yml."
    for question, given in answers.questions.items():
        for answer in sorted(set(given) - set(known.questions.get(question, given))):
            yield (
                f"'{answer}' is no answer of '{question}'.",
                "Use an id of its answers in data/questions.yml.",
            )
