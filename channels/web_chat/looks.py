"""My way: how one young person wants the page to look, kept in a cookie that names nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final, TypeVar

COOKIE: Final = "hys_look"
KEPT_SECONDS: Final = 365 * 24 * 60 * 60

Option = TypeVar("Option", bound=StrEnum)


class Theme(StrEnum):
    """Colours."""

    CREAM = "cream"
    BLUE = "blue"
    DARK = "dark"
    CONTRAST = "contrast"
    SYSTEM = "system"


class Size(StrEnum):
    """Size of words: 1 is 20 pixels where the browser's own size is 16."""

    BIG = "1"
    BIGGER = "2"
    BIGGEST = "3"


class Space(StrEnum):
    """Space between letters, words and lines."""

    USUAL = "usual"
    WIDE = "wide"


class Words(StrEnum):
    """Which variant of a message is shown."""

    STANDARD = "standard"
    EASY = "easy"


class Pictures(StrEnum):
    """Whether pictures stand beside words."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Look:
    """One way for the page to look; the first of each is what nobody has to choose."""

    theme: Theme = Theme.CREAM
    size: Size = Size.BIG
    space: Space = Space.USUAL
    words: Words = Words.STANDARD
    pictures: Pictures = Pictures.YES

    def __str__(self) -> str:
        """Write it as the cookie holds it, for example `cream.1.usual.standard.yes`."""
        return ".".join(str(getattr(self, each.name)) for each in fields(self))

    @property
    def attributes(self) -> dict[str, str]:
        """Give what stands on the page's root element as data-..., by name."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self)}


def read_look(said: Mapping[str, str]) -> Look:
    """Make a look of form fields by name; what is missing or unknown is as usual."""
    return Look(
        theme=_option(Theme, said.get("theme")),
        size=_option(Size, said.get("size")),
        space=_option(Space, said.get("space")),
        words=_option(Words, said.get("words")),
        pictures=_option(Pictures, said.get("pictures")),
    )


def look_of_cookie(cookie: str | None) -> Look:
    """Make a look of what the cookie holds."""
    names = (each.name for each in fields(Look))
    return read_look(dict(zip(names, (cookie or "").split("."), strict=False)))


def _option(kind: type[Option], said: str | None) -> Option:
    return next((each for each in kind if each.value == said), next(iter(kind)))
