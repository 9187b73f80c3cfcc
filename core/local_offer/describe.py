"""What a young person is told about an entry: messages of the catalogue, in the order they are read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from core.local_offer.directory import Entry, is_stale, is_unchecked


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the catalogue and its values."""

    message: str
    values: dict[str, str] = field(default_factory=dict)


def describe(entry: Entry, today: date) -> tuple[Line, ...]:
    """Give what it is, who it is for, how to reach it, how far to trust it and where it was seen.

    Say each line with `catalogue.say(line.message, variant, **line.values)`. The name and the words of the
    entry are the directory's own and are not bound by the rules for simple words.
    """
    what = Line("service_what", {"name": entry.name, "what": entry.what})
    return (what, *_who_for(entry), *_how_to_reach(entry), *_how_sure(entry, today))


def _who_for(entry: Entry) -> Iterator[Line]:
    yield _ages(entry)
    if entry.districts:
        yield Line("service_where", {"area": entry.area})


def _ages(entry: Entry) -> Line:
    if entry.audience is not None:
        return Line("service_who_parents")
    match entry.min_age or None, entry.max_age:
        case None, None:
            return Line("service_who_everyone")
        case None, oldest:
            return Line("service_who_up_to", {"oldest": str(oldest)})
        case youngest, None:
            return Line("service_who_from", {"youngest": str(youngest)})
        case youngest, oldest:
            return Line("service_who_between", {"youngest": str(youngest), "oldest": str(oldest)})


def _how_to_reach(entry: Entry) -> Iterator[Line]:
    ways = [Line("service_reach_phone", {"phone": number}) for number in entry.phones]
    if entry.text is not None and entry.text.word is not None:
        ways.append(Line("service_reach_text_word", {"word": entry.text.word, "text": entry.text.number}))
    elif entry.text is not None:
        ways.append(Line("service_reach_text", {"text": entry.text.number}))
    if entry.url is not None:
        ways.append(Line("service_reach_web", {"address": entry.url}))
    if entry.email is not None:
        ways.append(Line("service_reach_email", {"email": entry.email}))
    yield from ways or [Line("service_reach_unknown")]
    if entry.hours is not None:
        yield Line("service_open", {"hours": entry.hours})


def _how_sure(entry: Entry, today: date) -> Iterator[Line]:
    """Say when and where it was seen; an entry that is unsure is marked, whether it is old or not."""
    on = None if entry.checked_on is None else in_words(entry.checked_on)
    at = None if entry.source is None else _site(entry.source)
    if is_unchecked(entry) or on is None:
        yield Line("service_unchecked")
        if on is not None and at is not None:
            yield Line("service_seen_on_at", {"date": on, "site": at})
        return
    yield Line("service_stale" if is_stale(entry, today) else "service_checked", {"date": on})
    if at is not None:
        yield Line("service_seen_at", {"site": at})


def in_words(day: date) -> str:
    """Write a date as people say it: "23 November 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def _site(source: str) -> str:
    """Give the site of a page's address; a source that is no address is named as it is."""
    return (urlsplit(source).hostname or source).removeprefix("www.")
