"""Outpost's CSV of services, rewritten as HSDS-UK 3.0: one line for each service, more lines for what hangs on it."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from core.local_offer.open_referral import Problem
from core.local_offer.records import NotOpenReferral, Record

ID, OF = "import_id", "import_id_reference"
NEEDED = (ID, OF, "name")
MOST_LINES = 100_000
CALLED = {
    "minimum_age": "min_age",
    "maximum_age": "max_age",
    "email": "contact_email",
    "organization.name": "organisation",
}
LISTED = {"service_taxonomies": "taxonomy", "send_needs_support": "send need", "suitabilities": "suitability"}
"""Columns that hold lists, and the link type that each becomes."""
NO = frozenset({"false", "no", "n", "0", "f"})
TIME = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?")

Line = Mapping[str, str]


@dataclass(slots=True)
class _Gathered:
    """A service's own line, with its number, and the lines that hang on it."""

    number: int
    line: Line
    more: list[tuple[int, Line]] = field(default_factory=list)

    def lines(self) -> Iterator[tuple[int, Line]]:
        yield self.number, self.line
        yield from self.more


def is_outpost(text: str) -> bool:
    """Say whether a text is Outpost's CSV, by its first line."""
    names = next(csv.reader(io.StringIO(text[:100_000], newline="")), [])
    return set(NEEDED) <= {name.strip() for name in names}


def read_outpost(text: str, *, place: str, source: str, today: date) -> tuple[Record, ...]:
    """Read every service of the CSV; NotOpenReferral when it is no such CSV.

    `source` and import_id make the id, so the same line is the same service next time. What may not be seen by all
    is left behind: private contacts and places, notes, and all of a service that is hidden but its name.
    """
    if not is_outpost(text):
        wanted = ", ".join(NEEDED)
        raise NotOpenReferral(f"{place} is no list of Outpost's: its first line must name {wanted}.")
    gathered: dict[str, _Gathered] = {}
    lost: list[Record] = []
    for number, line in _lines(text, place):
        where = f"{place}, line {number}"
        if not line.get(ID):
            lost.append(_lost(where, line, f"{ID} is missing.", "Give the line a number of its own."))
        elif line[ID] in gathered:
            lost.append(_lost(where, line, f"{ID} {line[ID]} is used above.", "Give each line its own."))
        elif not line.get(OF):
            gathered[line[ID]] = _Gathered(number, line)
        elif line[OF] in gathered:
            gathered[line[OF]].more.append((number, line))
        else:
            what = f"{OF} {line[OF]} names no service above it."
            lost.append(_lost(where, line, what, "Check the number, and put the service first."))
    services = tuple(_record(each, place=place, source=source, today=today) for each in gathered.values())
    return (*services, *lost)


def _lines(text: str, place: str) -> Iterator[tuple[int, Line]]:
    """Yield each line that says something, with the number it begins at."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    begins = 2
    try:
        for line in reader:
            said = {str(name).strip(): str(value or "").strip() for name, value in line.items() if name}
            if any(said.values()):
                yield begins, said
            begins = reader.line_num + 1
            if begins > MOST_LINES:
                raise NotOpenReferral(f"{place} has more than {MOST_LINES:,} lines. Split it.")
    except csv.Error as error:
        what = f"{place}, line {begins}: this line can not be read ({error})."
        raise NotOpenReferral(f"{what} Look for a quote that does not end.") from error


def _lost(where: str, line: Line, what: str, what_to_do: str) -> Record:
    name = f"'{line['name']}'" if line.get("name") else "a line without a name"
    return Record(where, None, wrong=(Problem(where, name, what, what_to_do),))


def _record(gathered: _Gathered, *, place: str, source: str, today: date) -> Record:
    line, about = gathered.line, f"{source}:{gathered.line[ID]}"
    where = f"{place}, line {gathered.number}"
    notes = list(_unread_days(line, where))
    status = _status(line, today)
    head = {"id": _id("service", about), "name": line.get("name") or None, "status": status}
    if status == "inactive":
        return Record(where, head, CALLED, notes=tuple(notes))
    contacts = [dict(each) for number, each in gathered.lines() if _is_open(each, "contact_visible")]
    return Record(
        where,
        {
            **head,
            "description": line.get("description"),
            "url": line.get("url"),
            "minimum_age": line.get("min_age"),
            "maximum_age": line.get("max_age"),
            "email": next((each["contact_email"] for each in contacts if each.get("contact_email")), None),
            "organization": _organization(line),
            "contacts": [_contact(each, about) for each in contacts if each.get("contact_phone")],
            "schedules": list(_schedules(gathered, about, place, notes)),
            "attributes": list(_attributes(line, about)),
        },
        CALLED,
        notes=tuple(notes),
    )


def _status(line: Line, today: date) -> str:
    """Say whether a service is shown: approved, visible, and between its two days."""
    hidden = any(line.get(name, "").lower() in NO for name in ("approved", "visible"))
    from_, to = _day(line.get("visible_from")), _day(line.get("visible_to"))
    if hidden or (from_ and today < from_) or (to and to < today):
        return "inactive"
    return "temporarily closed" if line.get("temporarily_closed", "").lower() not in NO | {""} else "active"


def _unread_days(line: Line, where: str) -> Iterator[Problem]:
    for name in ("visible_from", "visible_to"):
        if line.get(name) and _day(line[name]) is None:
            what = f"{name} '{line[name]}' is not a day that can be read, so it limits nothing."
            yield Problem(where, f"'{line.get('name')}'", what, "Write it as 2026-11-23.")


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return None


def _is_open(line: Line, name: str) -> bool:
    """Say whether everybody may see it: only where the column says so."""
    return line.get(name, "").lower() not in NO | {""}


def _organization(line: Line) -> dict[str, Any] | None:
    name = line.get("organisation")
    return {"id": _id("organization", name), "name": name, "description": ""} if name else None


def _contact(line: Line, about: str) -> dict[str, Any]:
    number = line["contact_phone"]
    phone = {"id": _id("phone", f"{about}:{number}"), "number": number}
    return {"id": _id("contact", f"{about}:{line[ID]}"), "phones": [phone]}


def _schedules(gathered: _Gathered, about: str, place: str, notes: list[Problem]) -> Iterator[dict[str, Any]]:
    for number, line in gathered.lines():
        day, hours = (
            line.get("scheduled_weekday"),
            [line.get(f"schedules_{end}_at") for end in ("opens", "closes")],
        )
        if not (day or any(hours)):
            continue
        if not day or not all(hour and TIME.fullmatch(hour) for hour in hours):
            what = f"the opening time '{day} {hours[0]} {hours[1]}' can not be read; it is left out."
            todo = "Write a weekday, and times like 09:00."
            notes.append(Problem(f"{place}, line {number}", f"'{gathered.line.get('name')}'", what, todo))
            continue
        words = f"{day.capitalize()} {str(hours[0])[:5]} to {str(hours[1])[:5]}"
        yield {"id": _id("schedule", f"{about}:{line[ID]}"), "description": words}


def _attributes(line: Line, about: str) -> Iterator[dict[str, Any]]:
    for column, link in LISTED.items():
        for name in filter(None, (each.strip() for each in re.split(r"[;,]", line.get(column, "")))):
            term = {"id": _id(link, name), "name": name, "description": "", "taxonomy": f"outpost:{link}"}
            yield {"id": _id(link, f"{about}:{name}"), "link_type": link, "taxonomy_term": term}


def _id(kind: str, about: str | None) -> str:
    return str(uuid5(NAMESPACE_URL, f"outpost:{kind}:{about}"))
