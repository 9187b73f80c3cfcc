"""Read the languages in which we may be written to, and the line that each is answered with."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from core.text.code_words import code_words
from core.text.english import all_english_words
from core.text.people import Names
from core.text.yaml_source import read_typed

NUMBERS_TOLD: Final = ("999", "0800 1111")


@dataclass(frozen=True, slots=True)
class Language:
    """A language, what it is known by, and the line in it; `checked_by` is None until a speaker has read that."""

    name: str
    words: frozenset[str]
    letters: frozenset[str]
    line: str
    checked_by: str | None


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of the list, and the words by which English is known: its own, names, and those of our codes."""

    others: tuple[Language, ...]
    english: frozenset[str]

    letters: frozenset[str] = field(init=False)
    """Letters by which one of the others is known."""

    def __post_init__(self) -> None:
        """Gather the letters."""
        object.__setattr__(self, "letters", frozenset().union(*(each.letters for each in self.others)))


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    words: str
    letters: str = ""
    line: str
    checked_by: str | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    languages: list[_Entry]


def load_languages(path: Path, names: Names) -> Languages:
    """Read the list; BrokenDataFile says the line when it can not be used, or when a line lacks a number."""
    file, source = read_typed(path, _File)
    for place, entry in enumerate(file.languages):
        missing = [number for number in NUMBERS_TOLD if number not in entry.line]
        if missing:
            what = f"The line in {entry.name} does not say {missing[0]}."
            raise source.broken(("languages", place, "line"), what, "Write the number in figures.")
    others = tuple(
        Language(
            entry.name,
            frozenset(entry.words.casefold().split()),
            frozenset(entry.letters.casefold()),
            entry.line,
            entry.checked_by,
        )
        for entry in file.languages
    )
    return Languages(
        others, all_english_words() | names.first | names.ambiguous | names.last | frozenset(code_words())
    )
