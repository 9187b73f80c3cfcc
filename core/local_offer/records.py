"""The records of a file or of one page of a feed, whichever profile of Open Referral UK they are written in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from core.errors import Refusal
from core.local_offer.first_profile import from_first_profile, is_first_profile
from core.local_offer.open_referral import Problem

LISTS = ("contents", "content")
"""Where a page holds its records: HSDS-UK 3.0, and the UK profile 1.0."""
PARTS = frozenset(
    {"contacts", "phones", "schedules", "service_areas", "service_at_locations", "attributes", "languages"}
    | {"eligibilitys", "regular_schedules", "service_taxonomys"}
)
"""What hangs on a service. A record with none of these tells only its head; the rest stands at its own address."""
PAGE_NUMBERS = {
    "pages": ("total_pages", "totalPages"),
    "items": ("total_items", "totalElements"),
}


class NotOpenReferral(Refusal):
    """What was given is no Open Referral at all; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One service as it came, written as in HSDS-UK 3.0.

    `place` is where it stands. `called` gives, for a field of the standard, the name that it has in the source.
    `wrong` stops the record; `notes` are worth a look and stop nothing. `is_slim`: it tells only the head of a
    service, as the lists of most feeds do. `own_id` is the id by which the source knows it.
    """

    place: str
    raw: object
    called: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    is_slim: bool = False
    own_id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The records of a page, and what it tells of the other pages; None: it does not say."""

    records: tuple[Record, ...]
    pages: int | None = None
    items: int | None = None
    is_last: bool | None = None


def read_json(body: bytes, *, place: str) -> object:
    """Read JSON as it may come from anywhere; NotOpenReferral says what is wrong and where."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise NotOpenReferral(f"{place} is not text in UTF-8. Save it as UTF-8, and try again.") from error
    except json.JSONDecodeError as error:
        what = f"{place} is not JSON (line {error.lineno}: {error.msg})."
        raise NotOpenReferral(f"{what} Look at the commas and quotes near that line.") from error
    except RecursionError as error:
        raise NotOpenReferral(f"{place} is nested too deeply to be a list of services.") from error
    except ValueError as error:
        raise NotOpenReferral(f"{place} has a number that no service needs. Take it out.") from error


def read_page(raw: object, *, place: str) -> Page:
    """Find the records in a page of a feed, a list of services, or one service; NotOpenReferral if there are none."""
    if isinstance(raw, list):
        return Page(_records(raw, place, is_first=False), is_last=True)
    if isinstance(raw, dict):
        name = next((each for each in LISTS if isinstance(raw.get(each), list)), None)
        if name is not None:
            return _page(raw, name, place)
        if "name" in raw or "id" in raw:
            return Page(_records([raw], place, is_first=False), is_last=True)
    what = f"{place} holds no services."
    raise NotOpenReferral(f"{what} Give one service, a list of them, or a page with its list in 'contents'.")


def read_record(raw: object, *, place: str, is_first: bool = False) -> Record:
    """Read one record; `is_first` says that it came in a page of the UK profile 1.0."""
    if not isinstance(raw, dict):
        return Record(place, raw)
    own, slim = str(raw.get("id") or ""), not any(raw.get(name) for name in PARTS)
    if is_first or is_first_profile(raw):
        written, called = from_first_profile(raw)
        return Record(place, written, called, is_slim=slim, own_id=own)
    return Record(place, raw, is_slim=slim, own_id=own)


def _page(raw: dict[str, Any], name: str, place: str) -> Page:
    found = {
        kind: next((raw[each] for each in names if _is_count(raw.get(each))), None)
        for kind, names in PAGE_NUMBERS.items()
    }
    last = raw.get("last_page", raw.get("last"))
    return Page(
        _records(raw[name], place, is_first=name == "content"),
        pages=found["pages"],
        items=found["items"],
        is_last=last if isinstance(last, bool) else None,
    )


def _records(raw: list[object], place: str, *, is_first: bool) -> tuple[Record, ...]:
    return tuple(
        read_record(each, place=f"{place}, record {number}", is_first=is_first)
        for number, each in enumerate(raw, start=1)
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
