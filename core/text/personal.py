"""Find names, numbers and places in what someone wrote, and take them out.

It is a safety net, not a promise: it marks a few words too many rather than one too few, and still misses some.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from core.text.details import Found, find_details
from core.text.english import all_english_words
from core.text.people import Names, find_people, load_names
from core.text.places import find_places

_DATA: Final = Path(__file__).resolve().parents[2] / "data"
OWN_NAMES: Final = _DATA / "names.txt"
CENSUS: Final = _DATA / "names_of_a_census.txt"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text with "[name]", "[phone]" and the like in place of what was found; places are of the text given."""

    text: str
    found: tuple[Found, ...]


def remove_personal_details(text: str, names: Names | None = None) -> Cleaned:
    """Take personal details out of a text, by rules and lists of names (ours, when none are given).

    Kinds are name, phone, email, link, handle, date, postcode, address, school, place, plate, nhs number, nino and
    number.
    """
    found = (*find_details(text), *find_places(text), *find_people(text, names or _own_names()))
    kept = _without_overlaps(found)
    parts: list[str] = []
    place = 0
    for one in kept:
        parts += (text[place : one.start], f"[{one.kind}]")
        place = one.end
    return Cleaned("".join((*parts, text[place:])), kept)


def _without_overlaps(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Join what overlaps under the kind of what starts first, the longer before the shorter."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if kept and one.start < kept[-1].end:
            last = kept.pop()
            kept.append(Found(last.kind, last.start, max(last.end, one.end)))
        else:
            kept.append(one)
    return tuple(kept)


@cache
def _own_names() -> Names:
    own, census = load_names(OWN_NAMES), load_names(CENSUS)
    first = (own.first | census.first) - own.ambiguous
    return Names(first, own.ambiguous, own.last, families=census.last, english=all_english_words())
