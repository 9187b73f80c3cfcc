"""The lists the simple-words rules go by (data/simple_words.yml), each entry with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from core.text.yaml_source import read_typed

Reasons = dict[str, str]
"""Something allowed, and why."""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    names: Reasons
    words: Reasons
    capitals: Reasons
    states: Reasons
    idioms: tuple[str, ...]
    short_forms: tuple[str, ...]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class WordLists:
    """What may be said, all in small letters but `capitals`.

    `easy`: words everybody knows. `names`: allowed, and counted as one easy syllable. `capitals`: runs of capital
    letters that people know or that are explained. `states`: words in -ed and the like that tell how something is,
    and so are no passive. `values`: what a value of a message looks like, at its longest.
    """

    easy: frozenset[str]
    names: frozenset[str]
    capitals: frozenset[str]
    states: frozenset[str]
    idioms: tuple[str, ...]
    short_forms: frozenset[str]
    values: dict[str, str]


def load_word_lists(path: Path, *, easy_words: Iterable[str], explained: Iterable[str]) -> WordLists:
    """Read the lists; `easy_words` is the published list of easy words, `explained` the glossary's terms.

    Raises BrokenDataFile.
    """
    file, _ = read_typed(path, _File)
    terms = [word for term in explained for word in term.split()]
    names = _small(file.names)
    return WordLists(
        easy=_small(easy_words) | _small(file.words) | _small(terms) | names,
        names=names,
        capitals=frozenset(file.capitals) | frozenset(terms),
        states=_small(file.states),
        idioms=tuple(idiom.lower() for idiom in file.idioms),
        short_forms=_small(file.short_forms),
        values=file.values,
    )


def _small(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in words if word.strip())
