"""The themes that practitioners look for in young people's words (data/themes.yml)."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text.yaml_source import read_typed


class Theme(BaseModel):
    """One theme, its area, the priorities of the strategy it belongs to, and the words that tell of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    area: str = Field(pattern="^(education|health|community|adulthood)$")
    outcome: str | None = None
    label: str
    priorities: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)]
    source: str
    keywords: Annotated[tuple[str, ...], Field(min_length=1)]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of the keywords as whole words; a star at the end stands for any ending."""
        written = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in self.keywords)
        return re.compile(rf"\b(?:{'|'.join(written)})\b")


class Themes(BaseModel):
    """All themes, in the order of the file, which is their public order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    themes: tuple[Theme, ...]

    def found_in(self, text: str) -> tuple[str, ...]:
        """Name the themes whose keywords stand in a text, in public order."""
        plain = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        return tuple(theme.id for theme in self.themes if theme.pattern.search(plain))

    def area_of(self, text: str) -> str | None:
        """Name the one area that a text is about; None where its themes belong to none or to several."""
        found = self.found_in(text)
        areas = {theme.area for theme in self.themes if theme.id in found}
        return areas.pop() if len(areas) == 1 else None


def load_themes(path: Path) -> Themes:
    """Read the themes; BrokenDataFile says which line is wrong and what to do."""
    return read_typed(path, Themes)[0]
