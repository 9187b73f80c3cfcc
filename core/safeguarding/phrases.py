"""Read the phrases that mean danger or a worry, which practitioners own and edit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from core.safeguarding.any_order import Together, by_rarest_part
from core.safeguarding.lexicon import build_lexicon
from core.safeguarding.net import ABOUT_SELF, Node
from core.safeguarding.sieves import Sieves, make_sieves
from core.safeguarding.words import Lexicon
from core.text.yaml_source import BrokenDataFile, YamlSource, read_typed

_MOST_READINGS: Final = 20_000
_AROUND: Final = ("ordinary", "supposing", "past", "made_up", "told_of")
"""The lists of what may stand around a phrase and change what it means."""


class Level(StrEnum):
    """How a concern was heard: said plainly (danger), or hinted at or heard of (worry)."""

    DANGER = "danger"
    WORRY = "worry"


def graver(one: Level | None, other: Level | None) -> Level | None:
    """Give the graver of two levels; None is nothing heard."""
    return Level.DANGER if Level.DANGER in {one, other} else one or other


class Category(StrEnum):
    """What a concern is about (SAFETY-AND-PRIVACY.md, section 1)."""

    SELF_HARM = "self_harm"
    SUICIDE = "suicide"
    PHYSICAL_ABUSE = "physical_abuse"
    SEXUAL_ABUSE = "sexual_abuse"
    EMOTIONAL_ABUSE = "emotional_abuse"
    NEGLECT = "neglect"
    EXPLOITATION = "exploitation"
    RESTRAINT = "restraint"
    RUNNING_AWAY = "running_away"
    BULLYING_WITH_FEAR = "bullying_with_fear"
    DOMESTIC_ABUSE = "domestic_abuse"
    ADULT_WHO_WORKS_WITH_CHILDREN = "adult_who_works_with_children"
    ANOTHER_CHILD = "another_child"
    IMMEDIATE_DANGER = "immediate_danger"
    UNSPOKEN = "unspoken"  # no phrase was heard: worrying answers, or words that only the bot understood


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of the list: what it means when it is heard."""

    id: str
    category: Category
    level: Level
    level_about_other_child: Level
    beats_idioms: bool  # counts inside an idiom too: "he will kill me if i tell"
    is_sure: bool  # counts whatever the second listener hears


@dataclass(frozen=True, slots=True)
class Phrases:
    """The whole list, ready to listen with."""

    phrases: tuple[Phrase, ...]
    lexicon: Lexicon
    net: Node
    whole: Node  # only when nothing else is said
    together: Mapping[str, tuple[Together, ...]]  # by each meaning of the part that tells the most
    sieves: Sieves
    ordinary: Node  # idioms: what is heard inside them is nothing
    supposing: Node  # "what if someone": what follows is asked, not told
    past: Node  # "used to"
    made_up: Node  # "in the game"
    told_of: Node  # "we read a book where": what is not about the writer is nothing


def _beyond_keyboard(symbols: str) -> str:
    """Refuse characters of every keyboard as symbols: words that hold no others are not looked through for them."""
    if any(c.isascii() for c in symbols):
        raise ValueError("A symbol is an emoji or a sign, and no letter, figure or mark of a keyboard")
    return symbols


_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z0-9_]+$")
    category: Category
    level: Level
    about_other_child: Level | None = None
    beats_idioms: bool = False
    sure: bool = False
    words: list[str] = []
    whole: list[str] = []
    together: list[list[str]] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sets: dict[str, list[_Words]]
    spelling: dict[_Words, _Words]
    symbols: dict[Annotated[str, AfterValidator(_beyond_keyboard)], str] = {}
    real_words: list[str] = []
    ordinary: list[str]
    supposing: list[str]
    past: list[str]
    made_up: list[str]
    told_of: list[str] = []
    phrases: list[_Entry]


def load_phrases(path: Path) -> Phrases:
    """Read the list; raise BrokenDataFile with file, line and what to do when it cannot be used."""
    file, source = read_typed(path, _File)
    _refuse_unusable_entries(file, source)
    sets = _Sets(file.sets, source)
    nets = {name: Node() for name in (*_AROUND, "words", "whole")}
    for name in _AROUND:
        sets.add_to(nets[name], getattr(file, name), 0, (name,))
    for number, entry in enumerate(file.phrases):
        sets.add_to(nets["words"], entry.words, number, ("phrases", number, "words"))
        sets.add_to(nets["whole"], entry.whole, number, ("phrases", number, "whole"))
    together = tuple(_together(file, sets))  # before the lexicon: it makes sets of its own
    lexicon = build_lexicon(
        sets.of, sets.words, spelling=file.spelling, symbols=file.symbols, real_words=file.real_words
    )
    return Phrases(
        phrases=tuple(
            Phrase(e.id, e.category, e.level, e.about_other_child or e.level, e.beats_idioms, e.sure)
            for e in file.phrases
        ),
        lexicon=lexicon,
        net=nets["words"],
        whole=nets["whole"],
        together=by_rarest_part(together),
        sieves=make_sieves(nets["words"], nets["whole"], together, lexicon),
        ordinary=nets["ordinary"],
        supposing=nets["supposing"],
        past=nets["past"],
        made_up=nets["made_up"],
        told_of=nets["told_of"],
    )


def _together(file: _File, sets: "_Sets") -> Iterator[Together]:
    for number, entry in enumerate(file.phrases):
        for place, parts in enumerate(entry.together):
            steps = ("phrases", number, "together", place)
            yield Together(
                number, tuple(frozenset(one[0] for one in sets.readings(part, steps)) for part in parts)
            )


def _refuse_unusable_entries(file: _File, source: YamlSource) -> None:
    ids: set[str] = set()
    for number, entry in enumerate(file.phrases):
        if entry.id in ids:
            raise source.broken(
                ("phrases", number, "id"), f"'{entry.id}' is here twice.", "Give it a new id."
            )
        if not (entry.words or entry.whole or entry.together):
            raise source.broken(("phrases", number), f"'{entry.id}' has no words.", "Add a line 'words:'.")
        ids.add(entry.id)


class _Sets:
    """The named sets of words, and the phrases written with them spelt out."""

    def __init__(self, sets: dict[str, list[str]], source: YamlSource) -> None:
        self.source = source
        self.of: dict[str, list[str]] = {}
        for name in sets:
            self.of[name] = list(dict.fromkeys(self._members(name, sets, (name,))))
        self.words: set[str] = set()

    def _members(self, name: str, sets: dict[str, list[str]], inside: tuple[str, ...]) -> Iterator[str]:
        for place, member in enumerate(sets[name]):
            inner = member[1:-1]
            if not member.startswith("{"):
                yield member.casefold()
            elif inner not in sets or inner in inside:
                what = f"'{member}' is not a set that can stand here."
                raise self.source.broken(("sets", name, place), what, "Name another set of this file.")
            else:
                yield from self._members(inner, sets, (*inside, inner))

    def add_to(self, net: Node, patterns: Sequence[str], phrase: int, steps: tuple[str | int, ...]) -> None:
        """Put patterns into a net, each in all its readings."""
        for place, pattern in enumerate(patterns):
            for parts in self.readings(pattern, (*steps, place)):
                net.add(parts, phrase)

    def readings(self, pattern: str, steps: tuple[str | int, ...]) -> list[tuple[str, ...]]:
        """Give every way to read a pattern: "a|b" is either, "word?" may be left out, "{set}" any of a set."""
        choices = [self._choices(part, steps) for part in pattern.casefold().split()]
        count = 1
        for choice in choices:
            count *= len(choice)
        if not choices or count > _MOST_READINGS:
            what = f"'{pattern}' can be read in {count} ways." if choices else "There are no words here."
            raise self.source.broken(steps, what, "Write it as two or more shorter lines.")
        found = [tuple(part for parts in one for part in parts) for one in product(*choices)]
        self.words.update(part for parts in found for part in parts if part[0] not in "{.")
        return [parts for parts in found if parts]

    def _choices(self, part: str, steps: tuple[str | int, ...]) -> list[tuple[str, ...]]:
        """Give the ways to read one part; all words and sets that are told alike are one way, a set of their own.

        The sets that say who is at risk stay apart: what is heard of them says whom the phrase is about.
        """
        choices: list[tuple[str, ...]] = [()] if part.endswith("?") else []
        options = part.removesuffix("?").split("|")
        for option in options:
            if option.startswith("{"):
                self._refuse_unknown(option, steps)
        alike = sorted({option for option in options if option not in ABOUT_SELF})
        choices.extend((option,) for option in options if option in ABOUT_SELF)
        if len(alike) > 1 and ".." not in alike:
            choices.append((self._set_of(alike),))
        else:
            choices.extend((option,) for option in alike)
        return choices

    def _set_of(self, options: Sequence[str]) -> str:
        name = "|".join(options)
        if name not in self.of:
            members = (self.of[one[1:-1]] if one.startswith("{") else [one] for one in options)
            self.of[name] = list(dict.fromkeys(word for some in members for word in some))
        return f"{{{name}}}"

    def _refuse_unknown(self, name: str, steps: tuple[str | int, ...]) -> None:
        if name[1:-1] not in self.of or not name.endswith("}"):
            raise self.source.broken(
                steps, f"There is no set '{name}'.", "Check how it is spelt under 'sets:'."
            )


__all__ = ["BrokenDataFile", "Category", "Level", "Phrase", "Phrases", "load_phrases"]
