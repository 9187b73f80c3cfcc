"""Open Referral UK 3.0 (HSDS-UK) as typed models: the fields we use, and room for those we do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

OLDEST_AGE = 150


def _web_address(address: str) -> str:
    """Let through what a browser may be sent to, and no `javascript:`; kept as it was written."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(map(str.isspace, address)):
        raise ValueError(f"'{address[:60]}' is not a web address that begins with https:// or http://")
    return address


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Part(BaseModel):
    """Anything of the standard: fields we do not name are kept as they came, so that nothing is lost."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)


class TaxonomyTerm(Part):
    """A word of a taxonomy; `term_uri` is the page it stands on, where it has one."""

    id: UUID
    name: str = Field(min_length=1)
    description: str
    taxonomy: str | None = None
    term_uri: str | None = None


class Attribute(Part):
    """Says something about a service with a taxonomy's word; `link_type` says what kind of thing it says."""

    id: UUID
    link_type: str | None = None
    taxonomy_term: TaxonomyTerm | None = None


class Phone(Part):
    """A number; its description says whether to call or to text it."""

    id: UUID
    number: str = Field(min_length=1)
    description: str | None = None


class Contact(Part):
    """A way to reach a service."""

    id: UUID
    phones: tuple[Phone, ...] = ()


class Schedule(Part):
    """When a service is open, in words."""

    id: UUID
    description: str | None = None


class ServiceArea(Part):
    """Where the people live whom a service is for."""

    id: UUID
    name: str | None = None


class Organization(Part):
    """Who runs a service."""

    id: UUID
    name: str = Field(min_length=1)
    description: str


class Service(Part):
    """One service, with all that hangs on it (the standard's full service)."""

    id: UUID
    name: str = Field(min_length=1)
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    description: str | None = None
    url: WebAddress | None = None
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    minimum_age: float | None = Field(default=None, ge=0, le=OLDEST_AGE)
    maximum_age: float | None = Field(default=None, ge=0, le=OLDEST_AGE)
    assured_date: date | None = None
    organization: Organization | None = None
    schedules: tuple[Schedule, ...] = ()
    service_areas: tuple[ServiceArea, ...] = ()
    contacts: tuple[Contact, ...] = ()
    phones: tuple[Phone, ...] = ()
    attributes: tuple[Attribute, ...] = ()

    @model_validator(mode="after")
    def _ages_run_upwards(self) -> "Service":
        if (
            self.minimum_age is not None
            and self.maximum_age is not None
            and self.minimum_age > self.maximum_age
        ):
            raise ValueError(f"minimum_age {self.minimum_age:g} is above maximum_age {self.maximum_age:g}")
        return self

    def terms(self, link_type: str) -> Iterator[TaxonomyTerm]:
        """Give the taxonomy's words that are linked as `link_type`, in the order they stand."""
        for attribute in self.attributes:
            if attribute.link_type == link_type and attribute.taxonomy_term is not None:
                yield attribute.taxonomy_term

    def all_phones(self) -> Iterator[Phone]:
        """Give every number: HSDS-UK hangs them on contacts, the international standard on services too."""
        for contact in self.contacts:
            yield from contact.phones
        yield from self.phones


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one record cannot be used: where it stands, what is wrong, and what to do."""

    place: str
    record: str
    what: str
    what_to_do: str

    def __str__(self) -> str:
        return f"{self.place}: {self.record}: {self.what} {self.what_to_do}"


class RecordNotReadable(Exception):
    """One record does not follow the standard; `problems` says everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_service(raw: object, *, place: str) -> Service:
    """Read one service from JSON values; `place` (a file, a feed's address) is named in the errors.

    Raises RecordNotReadable with every problem of the record.
    """
    try:
        return Service.model_validate(raw)
    except ValidationError as error:
        record = _name_of(raw)
        found = error.errors(include_url=False)
        raise RecordNotReadable(
            tuple(Problem(place, record, *_in_plain_words(one)) for one in found)
        ) from error


def _name_of(raw: object) -> str:
    known: dict[Any, Any] = raw if isinstance(raw, dict) else {}
    for key in ("name", "id"):
        if known.get(key):
            return f"'{known[key]}'"
    return "a record without a name"


def _in_plain_words(problem: ErrorDetails) -> tuple[str, str]:
    where = ".".join(str(step) for step in problem["loc"])
    match problem["type"]:
        case "missing":
            return f"{where} is missing.", "Add it."
        case "value_error":
            return f"{where}: {problem['ctx']['error']}.".removeprefix(": "), "Change it."
        case "string_pattern_mismatch":
            return (
                f"{where}: '{str(problem['input'])[:60]}' is not an e-mail address.",
                "Change it, or take it out.",
            )
        case "model_type":
            return "this is not a record.", "Write it as { ... } with a name, an id and a status."
        case _:
            return (
                f"{where} does not fit ({problem['msg']}); it says '{str(problem['input'])[:60]}'.",
                "Change it.",
            )
