"""The invented sentences that the demo's people say (data/synthetic)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text.yaml_source import read_typed

Lines = Annotated[tuple[str, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sentences(_Part):
    greetings: Lines
    topics: Mapping[str, Lines]
    own_words: Mapping[str, Mapping[str, Lines]]
    key_worker: Lines


class _Worries(_Part):
    worries: Lines


class Script(_Sentences):
    """What is said: `topics` by set; `own_words` by area and then by feeling (good, mixed, bad)."""

    worries: Lines


def load_script(folder: Path) -> Script:
    """Read the sentences; BrokenDataFile says file, line and what to do."""
    sentences, _ = read_typed(folder / "sentences.yml", _Sentences)
    worries, _ = read_typed(folder / "worries.yml", _Worries)
    return Script(**sentences.model_dump(), worries=worries.worries)
