"""The glossary: what a hard word means, found however it is spelt."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.text.yaml_source import read_typed

SHORTEST_TO_GUESS = 4
"""A shorter name must be spelt as it is: one wrong letter makes another word of it."""
LETTERS_A_SLIP = 5
"""One slip of the pen is forgiven for each so many letters (and at least one)."""


class Entry(BaseModel):
    """A word, its other names, and what it means in simple words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    term: str = Field(min_length=1)
    also: tuple[str, ...] = ()
    plain: str = Field(min_length=1)
    source: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: tuple[Entry, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Glossary:
    """All entries by id, and by every name they go by (in small letters, without signs)."""

    entries: Mapping[str, Entry]
    names: Mapping[str, str]


def load_glossary(path: Path) -> Glossary:
    """Read the glossary; raises BrokenDataFile with file, line and what to do."""
    file, source = read_typed(path, _File)
    entries: dict[str, Entry] = {}
    names: dict[str, str] = {}
    for place, entry in enumerate(file.entries):
        steps = ("entries", place)
        if entry.id in entries:
            raise source.broken(steps, f"The id '{entry.id}' is used twice.", "Give this one a new id.")
        entries[entry.id] = entry
        for name in {_plain(each) for each in (entry.term, *entry.also)}:
            if name in names:
                what = f"'{name}' is a name of '{names[name]}' too."
                raise source.broken(steps, what, "Leave it with one of the two.")
            names[name] = entry.id
    return Glossary(entries, names)


def find_word(text: str, glossary: Glossary) -> Entry | None:
    """Return the entry that a text asks about, or None.

    "what dose ehcp mean", "wots a senco" and "EHPC" are understood: a name that stands in the text wins over one
    that is only nearly there, and a longer name over a shorter one.
    """
    parts = list(_parts(_plain(text)))
    for part in parts:
        if part in glossary.names:
            return glossary.entries[glossary.names[part]]
    for part in parts:
        nearest = _nearest(part, glossary)
        if nearest is not None:
            return nearest
    return None


_ASKING = frozenset(
    "what whats wot wots wat does dose do did is are was a an the it this that mean means meaning mening of by"
    " who whos tell me about explain pls please word i dont know not understand can you say for in my your and"
    " or to have has with said get got want there they be one".split()
)


def _plain(text: str) -> str:
    return " ".join(
        re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    )


def _parts(text: str) -> Iterator[str]:
    """Yield every run of words in the text, longest first, that is not made of asking words only."""
    words = text.split()
    for length in range(min(len(words), 8), 0, -1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if not _ASKING.issuperset(run):
                yield " ".join(run)


def _nearest(part: str, glossary: Glossary) -> Entry | None:
    slips = max(1, len(part) // LETTERS_A_SLIP)
    if len(part) < SHORTEST_TO_GUESS:
        return None
    found = process.extractOne(part, glossary.names.keys(), scorer=OSA.distance, score_cutoff=slips)
    if found is None or len(found[0]) < SHORTEST_TO_GUESS:
        return None
    return glossary.entries[glossary.names[found[0]]]
