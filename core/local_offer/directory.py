"""The directory of help: what the Local Offer lists, and how far each entry may be trusted."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NewType

from core.local_offer.open_referral import Phone, Problem, RecordNotReadable, Service, read_service
from core.local_offer.words import Words, load_words

ServiceId = NewType("ServiceId", str)

STALE_AFTER = timedelta(days=365)
"""The law asks for the Local Offer to be looked at every year (SEND Regulations 2014, regulation 56)."""
TEXT = "Text"
TEXT_A_WORD = "Text the word "


class Confidence(StrEnum):
    """How sure we are that an entry is right; only `high` is shown without a mark."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


CRISIS = "crisis"


@dataclass(frozen=True, slots=True)
class TextNumber:
    """A number to text; `word` is what to write, where the service asks for one word."""

    number: str
    word: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One service as a young person is shown it.

    `needs` are in the order that matters, `keywords` are more words for them; `area` is for reading and
    `districts` for choosing: none means everyone. `audience` is who it is for, if not the young person.
    An age that is None is no limit. `checked_on` is the day it was last seen at `source`; None: nobody said.
    """

    id: ServiceId
    name: str
    organisation: str
    what: str
    needs: tuple[str, ...]
    keywords: tuple[str, ...]
    audience: str | None
    min_age: int | None
    max_age: int | None
    area: str
    districts: frozenset[str]
    phones: tuple[str, ...]
    text: TextNumber | None
    email: str | None
    url: str | None
    hours: str | None
    category: str
    confidence: Confidence
    source: str | None
    checked_on: date | None


@dataclass(frozen=True, eq=False)
class Directory:
    """All entries that are open, by id, with the words young people use to find them.

    `closed` are services that are kept here and not open: an imported record does not open them again.
    """

    entries: Mapping[ServiceId, Entry]
    words: Words
    closed: frozenset[ServiceId] = frozenset()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())


class DirectoryNotReadable(Exception):
    """The directory has records that cannot be used; `problems` says each: file, record, what to do."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def is_crisis(entry: Entry) -> bool:
    """Help in danger is always shown, however long ago it was checked."""
    return entry.category == CRISIS


def is_unchecked(entry: Entry) -> bool:
    """An entry we are not sure of is only shown with a mark that says so."""
    return entry.confidence is not Confidence.HIGH or entry.source is None or entry.checked_on is None


def is_stale(entry: Entry, today: date) -> bool:
    """An entry that nobody has looked at for a year is shown with a mark that says so."""
    return entry.checked_on is not None and today - entry.checked_on > STALE_AFTER


def load_directory(folder: Path) -> Directory:
    """Read every service (`*.json`, one Open Referral UK service each) and words.yml of the folder.

    Raises DirectoryNotReadable with every problem of every file, or BrokenDataFile for words.yml.
    """
    directory, problems = read_directory(folder)
    if problems:
        raise DirectoryNotReadable(problems)
    return directory


def read_directory(folder: Path) -> tuple[Directory, tuple[Problem, ...]]:
    """Read what can be read of the folder, and say what cannot; raises BrokenDataFile for words.yml."""
    words = load_words(folder)
    entries: dict[ServiceId, Entry] = {}
    closed: set[ServiceId] = set()
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.json")):
        try:
            service = read_service(_read_json(file), place=str(file))
            if service.status != "active":
                closed.add(ServiceId(str(service.id)))
                continue
            entry = entry_of(service, words, place=str(file))
        except RecordNotReadable as error:
            problems.extend(error.problems)
            continue
        if entry.id in entries:
            what = f"its id is that of '{entries[entry.id].name}'."
            problems.append(Problem(str(file), f"'{entry.name}'", what, "Give it an id of its own."))
        entries.setdefault(entry.id, entry)
    if not entries and not problems:
        problems.append(
            Problem(str(folder), "the directory", "there are no services.", "Check the folder's name.")
        )
    return Directory(entries, words, frozenset(closed)), tuple(problems)


def entry_of(service: Service, words: Words, *, place: str) -> Entry:
    """Make the entry that a young person is shown.

    A service that does not say how sure we are of it is taken as unsure.
    Raises RecordNotReadable when it names a need or a confidence that we do not know.
    """
    _check(service, words, place=place)
    areas = [area.name for area in service.service_areas if area.name]
    numbers = tuple(service.all_phones())
    return Entry(
        id=ServiceId(str(service.id)),
        name=service.name,
        organisation=service.organization.name if service.organization else "",
        what=service.description or "",
        needs=tuple(term.name for term in service.terms("need")),
        keywords=tuple(term.name for term in service.terms("keyword")),
        audience=_first(service, "audience"),
        min_age=None if service.minimum_age is None else int(service.minimum_age),
        max_age=None if service.maximum_age is None else int(service.maximum_age),
        area=" and ".join(areas),
        districts=frozenset() if words.areas_for_everyone.intersection(areas) else frozenset(areas),
        phones=tuple(phone.number for phone in numbers if not _is_for_texts(phone)),
        text=next((_text_number(phone) for phone in numbers if _is_for_texts(phone)), None),
        email=service.email,
        url=service.url,
        hours="; ".join(one.description for one in service.schedules if one.description) or None,
        category=_first(service, "category") or "",
        confidence=Confidence(_first(service, "confidence") or Confidence.MEDIUM),
        source=_first(service, "source"),
        checked_on=service.assured_date,
    )


def _check(service: Service, words: Words, *, place: str) -> None:
    record = f"'{service.name}'"
    known = {need.finds for need in words.needs}
    problems = [
        Problem(
            place,
            record,
            f"the need '{term.name}' is not in words.yml.",
            "Check how it is spelt, or add it there.",
        )
        for term in service.terms("need")
        if term.name not in known
    ]
    confidence = _first(service, "confidence")
    if confidence is not None and confidence not in set(Confidence):
        what = f"the confidence '{confidence}' is not known."
        problems.append(Problem(place, record, what, f"Use one of: {', '.join(Confidence)}."))
    if problems:
        raise RecordNotReadable(tuple(problems))


def _first(service: Service, link_type: str) -> str | None:
    return next((term.name for term in service.terms(link_type)), None)


def _is_for_texts(phone: Phone) -> bool:
    return (phone.description or "").startswith(TEXT)


def _text_number(phone: Phone) -> TextNumber:
    words = phone.description or ""
    return TextNumber(
        phone.number, words.removeprefix(TEXT_A_WORD) if words.startswith(TEXT_A_WORD) else None
    )


def _read_json(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        what = f"this is not JSON ({error.msg})."
        problem = Problem(
            f"{file}, line {error.lineno}", file.stem, what, "Look at the commas and quotes near this line."
        )
        raise RecordNotReadable((problem,)) from error
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(str(file), file.stem, "the file cannot be read.", "Check that it is UTF-8 text.")
        raise RecordNotReadable((problem,)) from error
