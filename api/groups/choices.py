"""What a helper says once for all of a group: the answers to where they learn and which town is near."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.views.question_bank import Bank

PLACE: Final = "about-place"
TOWN: Final = "about-town"
ASK_EACH: Final = "ask-each"


@dataclass(frozen=True, slots=True)
class Offered:
    """One choice of the form: its value, its words (None: ask each one), and the answers that it stands for."""

    value: str
    label: str | None
    answers: Mapping[str, str]


def places_of(bank: Bank) -> Sequence[Offered]:
    """Offer the places of learning; one that has kinds (a school) once for each kind, so that none is asked again."""
    return (*_answers(bank, PLACE), _EACH)


def towns_of(bank: Bank) -> Sequence[Offered]:
    """Offer the towns, each of which stands for its district."""
    return (*_answers(bank, TOWN), _EACH)


def picked(offered: Sequence[Offered], value: str) -> Mapping[str, str] | None:
    """Give the answers that the picked choice stands for; None where none was picked."""
    return next((each.answers for each in offered if each.value == value), None)


_EACH: Final = Offered(ASK_EACH, None, {})


def _answers(bank: Bank, name: str) -> Iterator[Offered]:
    for answer in bank.question(name).answers:
        told = {name: answer.id}
        kinds = [
            Offered(f"{answer.id}/{kind.id}", f"{answer.label}: {kind.label}", {**told, asked.id: kind.id})
            for asked in bank.set_of(name).questions
            if asked.after and asked.after.question == name and answer.id in asked.after.answers
            for kind in asked.answers
        ]
        yield from kinds or [Offered(answer.id, answer.label, told)]
