"""The words young people use for what they need, as data/local_offer/words.yml lists them."""

import re
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.text.yaml_source import read_typed

WORDS_FILE = "words.yml"
SHORTEST_STEM = 3


class NeedWords(BaseModel):
    """One need, and the ways young people say it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    finds: str = Field(min_length=1)
    says: tuple[str, ...] = Field(min_length=1)


class Words(BaseModel):
    """What the search knows about words; see the comments in words.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    areas_for_everyone: frozenset[str]
    fillers: frozenset[str]
    hints: frozenset[str]
    spellings: dict[str, str]
    needs: tuple[NeedWords, ...] = Field(min_length=1)

    @field_validator("fillers", "hints", mode="before")
    @classmethod
    def _split_the_list(cls, listed: object) -> object:
        return listed.split() if isinstance(listed, str) else listed


def load_words(folder: Path) -> Words:
    """Read words.yml of the folder; raises BrokenDataFile (file, line, what, what to do)."""
    words, source = read_typed(folder / WORDS_FILE, Words)
    seen: set[str] = set()
    for place, need in enumerate(words.needs):
        if need.finds in seen:
            what = f"The need '{need.finds}' is here a second time."
            raise source.broken(("needs", place, "finds"), what, "Put its words into one list.")
        seen.add(need.finds)
    return words


def split_into_words(text: str) -> list[str]:
    """Give the words of a text in small letters, without signs: "I'm sad!" is ["im", "sad"]."""
    return re.findall(
        r"[a-z0-9]+", text.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Take a word's ending off, so that bully, bullied and bullying meet; what is left need not be a word."""
    for ending, instead in (
        ("ies", "y"),
        ("ied", "y"),
        ("ing", ""),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
        ("e", ""),
    ):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= SHORTEST_STEM:
            return _without_doubling(word[: -len(ending)] + instead)
    return word


def _without_doubling(word: str) -> str:
    """Turn "swimm" into "swim", but leave "tell" and "miss" as they are."""
    doubled = len(word) > SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiolsz"
    return word[:-1] if doubled else word
