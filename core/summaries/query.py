"""What may be asked of a release: a closed list, whatever the order in which it is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from core.errors import Refusal
from core.summaries.numbers import DIMENSIONS
from core.summaries.tabulate import TABLES

AREA = "area"
THEME = "theme"
UNANCHORED = "unanchored"
OWN_COLUMN = frozenset({AREA, THEME})
FILTERS = ("area", "question", "district", "age")
PARAMETERS = frozenset({"release", "measure", "by", *FILTERS})
LONGEST = 64


class UnknownParameter(Refusal):
    """The address asks for something that is not in the closed list."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "You can ask with release, measure, by, area, question, district and age, each once."


class UnknownBreakdown(Refusal):
    """No table has these columns together."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "We have no table with these columns together."


class UnknownMeasure(Refusal):
    """Nothing of this name is measured."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "We do not measure this. The list of questions says what we measure."


@dataclass(frozen=True, slots=True)
class Query:
    """One table: `by` in public order, filters by name. `release` empty means the newest."""

    release: str
    measure: str
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]

    @property
    def dimensions(self) -> frozenset[str]:
        """The columns of `by` that people are broken down by."""
        return frozenset(self.by) - OWN_COLUMN

    def filter(self, name: str) -> str | None:
        """Give the category that a filter asks for, if it asks."""
        return dict(self.where).get(name)


def read_query(parameters: Iterable[tuple[str, str]]) -> Query:
    """Read the parameters of an address; UnknownParameter, UnknownBreakdown or UnknownMeasure."""
    given: dict[str, str] = {}
    for name, value in parameters:
        if name not in PARAMETERS or name in given or len(value) > LONGEST:
            raise UnknownParameter
        given[name] = value
    measure = given.get("measure") or given.get("question")
    if not measure:
        raise UnknownMeasure
    where = tuple((name, given[name]) for name in FILTERS if name in given)
    by = _read_by(given.get("by", ""), measure, where)
    return Query(given.get("release", ""), measure, by, where)


def _read_by(written: str, measure: str, where: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Put the columns in public order; a measure with a column of its own always says which row is whose."""
    asked = [name for name in written.split(",") if name]
    own = [measure] if measure in OWN_COLUMN else []
    if len(set(asked)) < len(asked) or not set(asked) <= {*DIMENSIONS, *own}:
        raise UnknownBreakdown
    filtered = {name for name, _ in where if name in DIMENSIONS}
    if (set(asked) - set(own)) | filtered not in TABLES or (measure == UNANCHORED and asked):
        raise UnknownBreakdown
    return (*own, *(name for name in DIMENSIONS if name in asked))
