"""What was done about what young people said (data/responses.yml): "you said, we did"."""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.text.yaml_source import read_typed

MOST_TOLD = 3


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


class Responses(BaseModel):
    """All of them, in the order of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    responses: tuple[Response, ...]

    def told(self, today: date, *, district: str | None) -> Sequence[Response]:
        """Give at most 3 that are told today, newest first: of this district and of everywhere.

        Who has not said where they live hears what was done everywhere, and in any district.
        """
        here = [
            each
            for each in self.responses
            if each.told_on <= today
            and (district is None or not each.districts or district in each.districts)
        ]
        return sorted(here, key=lambda each: (each.told_on, each.id), reverse=True)[:MOST_TOLD]


def load_responses(path: Path, *, districts: Collection[str]) -> Responses:
    """Read the file; BrokenDataFile says which line is wrong: an id twice, or a district that is not there."""
    read, source = read_typed(path, Responses)
    seen: set[str] = set()
    for place, each in enumerate(read.responses):
        if each.id in seen:
            what = f"'{each.id}' is there twice."
            raise source.broken(("responses", place), what, "Give one of the two another id.")
        seen.add(each.id)
        unknown = sorted(set(each.districts) - set(districts))
        if unknown:
            what = f"No district is called '{unknown[0]}'."
            raise source.broken(("responses", place), what, "Use an id of `districts` in the area file.")
    return read
