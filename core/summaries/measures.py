"""What a release measures: its questions, areas and themes, and the categories people are broken down by."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache

from core.summaries.numbers import DIMENSIONS, Split


class Kind(StrEnum):
    """What kind of measure."""

    QUESTION = "question"
    AREA = "area"
    THEME = "theme"


@dataclass(frozen=True, slots=True)
class Category:
    """One category: the id it is counted under, and the words it is shown with."""

    id: str
    label: str


FAMILY, STAFF = "family", "staff"
VOICES = (FAMILY, STAFF)
"""Grown-ups who say what they think themselves: areas of their own, in which no young person is counted."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted. `id` is a question's id, or `area:<area>` or `theme:<theme>`.

    `answers` are the answers to a question, or how words were meant. `left_out` are ages that the question is
    not asked at. `wider` names the measure that holds everyone of this one. `area` is also `family` or `staff`, for
    what is asked of grown-ups.
    """

    id: str
    kind: Kind
    label: str
    area: str
    answers: tuple[Category, ...]
    left_out: tuple[str, ...] = ()
    wider: str | None = None

    @property
    def name(self) -> str:
        """The area or theme without its kind; of a question the whole id."""
        return self.id if self.kind is Kind.QUESTION else self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Plan:
    """All measures in public order, and the categories that they share, by dimension."""

    measures: tuple[Measure, ...]
    shared: Mapping[str, tuple[Category, ...]]

    def splits_of(self, measure: Measure) -> tuple[Split, ...]:
        """The ordered splits of a measure: its answers, then district, age, who helped, and channel."""
        ids = [tuple(answer.id for answer in measure.answers)]
        for dimension in DIMENSIONS[1:]:
            left_out = measure.left_out if dimension == "age" else ()
            ids.append(tuple(each.id for each in self.shared[dimension] if each.id not in left_out))
        return tuple(Split(dimension, each) for dimension, each in zip(DIMENSIONS, ids, strict=True))

    def find(self, measure: str) -> Measure | None:
        """Find a measure by its id."""
        return next((each for each in self.measures if each.id == measure), None)

    def of_kind(self, kind: Kind) -> tuple[Measure, ...]:
        """All measures of a kind, in public order."""
        return tuple(each for each in self.measures if each.kind is kind)


def write_plan(plan: Plan) -> str:
    """Write a plan as the JSON that is frozen with a release."""
    return json.dumps(asdict(plan), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=16)
def read_plan(written: str) -> Plan:
    """Read what `write_plan` wrote; a release is read often and never changes, so what was read is kept."""
    plan = json.loads(written)
    measures = tuple(
        Measure(
            **{
                **each,
                "kind": Kind(each["kind"]),
                "answers": _categories(each["answers"]),
                "left_out": tuple(each["left_out"]),
            }
        )
        for each in plan["measures"]
    )
    return Plan(measures, {dimension: _categories(each) for dimension, each in plan["shared"].items()})


def _categories(written: Sequence[Mapping[str, str]]) -> tuple[Category, ...]:
    return tuple(Category(**each) for each in written)
