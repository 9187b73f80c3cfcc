"""Take in what a file or a feed holds: every good record as a service, every bad one named with what to do."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from core.area import Area
from core.local_offer.directory import Confidence, Entry, ServiceId, entry_of
from core.local_offer.open_referral import (
    Attribute,
    Problem,
    RecordNotReadable,
    Service,
    read_service,
)
from core.local_offer.plain import plain_text, printable
from core.local_offer.records import Record
from core.local_offer.words import Words

LONGEST_WHAT, LONGEST_NAME = 320, 120
LONGEST_HOURS = 200
LONGEST_NUMBER = 40
LONGEST_SAID = 400
"""More of a problem is not kept: its record may be hostile."""
OURS = frozenset({"need", "keyword", "audience"})
"""Of our own link types these alone are believed of others: nobody else's record may call itself checked, or a
crisis line."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the area's people know: the words for needs, and the districts."""

    words: Words
    area: Area


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in: services by id as they came, and all that was wrong or worth a look.

    `seen` are the ids of all records, also of those that could not be taken: they have not vanished.
    """

    services: Mapping[ServiceId, Service] = field(default_factory=dict)
    seen: frozenset[ServiceId] = frozenset()
    wrong: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    total: int = 0


def take_in(records: Iterable[Record], known: Known, *, today: date) -> Taken:
    """Read every record; the first of several with one id is taken, and the others are named unless they are alike."""
    services: dict[ServiceId, Service] = {}
    seen: set[ServiceId] = set()
    wrong: list[Problem] = []
    notes: list[Problem] = []
    total = 0
    for total, record in enumerate(records, start=1):  # noqa: B007 - the last number is the total
        notes.extend(map(_short, record.notes))
        try:
            service = _read(record, today)
            notes.extend(map(_short, _unknown_places(service, known, record.place)))
        except RecordNotReadable as error:
            seen.update(_id_of(record.raw))
            wrong.extend(_short(_as_called(problem, record.called)) for problem in error.problems)
            continue
        name = ServiceId(str(service.id))
        seen.add(name)
        if services.setdefault(name, service) != service:
            what = f"its id is that of '{services[name].name}' above."
            wrong.append(_short(Problem(record.place, f"'{service.name}'", what, "Give it its own id.")))
    return Taken(services, frozenset(seen), tuple(wrong), tuple(dict.fromkeys(notes)), total)


def imported_entry(service: Service, known: Known, *, source: str) -> Entry:
    """Make the entry of a service that somebody else keeps; RecordNotReadable as `entry_of`.

    It counts as checked on the day its keepers assured it; without that day nobody has checked it. Who lives where
    is read from the names of districts and towns in its areas.
    """
    believed = tuple(each for each in service.attributes if _is_believed(each, known.words))
    entry = entry_of(service.model_copy(update={"attributes": believed}), known.words, place=source)
    return replace(
        entry,
        name=plain_text(entry.name, longest=LONGEST_NAME),
        organisation=plain_text(entry.organisation, longest=LONGEST_NAME),
        what=plain_text(entry.what, longest=LONGEST_WHAT),
        phones=tuple(plain_text(number, longest=LONGEST_NUMBER) for number in entry.phones),
        hours=plain_text(entry.hours, longest=LONGEST_HOURS) or None if entry.hours else None,
        area=plain_text(entry.area, longest=LONGEST_NAME),
        districts=_districts(entry, known),
        confidence=Confidence.HIGH if entry.checked_on else Confidence.MEDIUM,
        source=service.url or source,
    )


def _is_believed(attribute: Attribute, words: Words) -> bool:
    """Say whether a word of another's record counts: of needs only those that we know."""
    if attribute.link_type != "need":
        return attribute.link_type in OURS
    term = attribute.taxonomy_term
    return term is not None and any(need.finds == term.name for need in words.needs)


def _read(record: Record, today: date) -> Service:
    if record.wrong:
        raise RecordNotReadable(record.wrong)
    try:
        raw = _without_nothing(record.raw)
    except RecursionError as error:
        problem = Problem(record.place, "a record", "it is nested too deeply.", "Look at how it was made.")
        raise RecordNotReadable((problem,)) from error
    if isinstance(raw, dict):
        raw = {name: value for name, value in raw.items() if value != ""}
    service = read_service(raw, place=record.place)
    if service.assured_date is not None and service.assured_date > today:
        what = f"assured_date {service.assured_date} is still to come."
        todo = "Write the day on which somebody looked at it."
        raise RecordNotReadable((Problem(record.place, f"'{service.name}'", what, todo),))
    return service


def _without_nothing(raw: Any) -> Any:
    """Leave out what is null: many feeds write every field, and null for what they do not know."""
    if isinstance(raw, dict):
        return {name: _without_nothing(value) for name, value in raw.items() if value is not None}
    return [_without_nothing(each) for each in raw] if isinstance(raw, list) else raw


def _districts(entry: Entry, known: Known) -> frozenset[str]:
    """Give the districts that the areas name, by their own names or a town's; none means everyone."""
    if not entry.districts:
        return frozenset()
    said = [_plain(area) for area in entry.districts]
    if any(_names(each, known.words.areas_for_everyone) for each in said):
        return frozenset()
    found = {
        district.name
        for district in known.area.districts
        if any(_names(each, (district.name, *district.towns)) for each in said)
    }
    return frozenset(found) or entry.districts


def _names(said: str, places: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(_plain(place))}\b", said) for place in places)


def _plain(place: str) -> str:
    return " ".join(place.casefold().replace("-", " ").split())


def _unknown_places(service: Service, known: Known, place: str) -> Iterator[Problem]:
    """Name the areas that are none of ours: who lives in a district is not shown such a service."""
    entry = imported_entry(service, known, source=place)
    ours = {district.name for district in known.area.districts}
    for area in sorted(entry.districts - ours):
        what = (
            f"the area '{area}' is no district of ours, so it is shown to nobody who told us their district."
        )
        todo = "If it is here for everyone, add the area to areas_for_everyone in words.yml."
        yield Problem(place, f"'{service.name}'", what, todo)


def _id_of(raw: object) -> Iterator[ServiceId]:
    if isinstance(raw, dict) and isinstance(raw.get("id"), str):
        yield ServiceId(raw["id"].lower())


def _as_called(problem: Problem, called: Mapping[str, str]) -> Problem:
    """Call a field by the name that it has in the source."""
    for name, there in called.items():
        if problem.what.startswith((f"{name} ", f"{name}.", f"{name}:")):
            return replace(problem, what=there + problem.what.removeprefix(name))
    return problem


def _short(problem: Problem) -> Problem:
    """Keep no more of a problem than is read, and nothing that steers a screen."""
    parts = (problem.place, problem.record, problem.what, problem.what_to_do)
    return Problem(*(printable(part)[:LONGEST_SAID] for part in parts))
