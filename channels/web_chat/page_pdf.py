"""Make "My page" as a PDF that can be read aloud (PDF/UA-1), in memory: nothing of it is ever on the disk.

What somebody wrote goes in as data and never as markup. What no letter of ours can show is named or left out, because
a PDF that is read aloud may hold no empty box.
"""

import json
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import typst
from fontTools.ttLib import TTFont

from channels.web_chat.static_files import FOLDER

TEMPLATE: Final = (Path(__file__).parent / "templates" / "my_page.typ").read_bytes()
LONGEST_WORD: Final = 24
"""Longer words may be broken anywhere, so that they stay on the paper."""
MOST_LETTERS_TRIED: Final = 500
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_LETTERS_AT_HAND: Final = frozenset(map(chr, range(ord(" "), ord("~") + 1)))
_NEVER_SHOWN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_ADDED_TO_A_LETTER: Final = frozenset({"Mn", "Me", "Sk"})


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its heading, the lines that were written (none: space to write), its picture and what that shows."""

    heading: str
    lines: Sequence[str]
    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class PageWords:
    """All words of the page; `missing` stands for letters that the page has not."""

    title: str
    name: str
    foot: str
    missing: str
    parts: Sequence[Part]


def print_page(words: PageWords) -> bytes:
    """Give the page as a PDF: tagged, with its title and language, each picture with words for who does not see it."""
    parts = [
        {**asdict(part), "lines": [showable(line, words.missing) for line in part.lines]}
        for part in words.parts
    ]
    page = {
        "title": words.title,
        "name": words.name,
        "foot": words.foot,
        "parts": parts,
        "lang": "en",
        "region": "GB",
    }
    return _compile(TEMPLATE, {"page": json.dumps(page)})


def showable(line: str, missing: str) -> str:
    """Give a line in letters that the page has: a symbol by its name, other letters that are missing as `missing`."""
    line = "".join(letter for letter in line if _may_be_shown(letter))
    there = _letters_there(line)
    shown = "".join(
        "".join(run) if is_there else _named(run, missing)
        for is_there, run in groupby(line, key=lambda letter: letter in there)
    )
    return " ".join(_breakable(word) for word in shown.split())


def _may_be_shown(letter: str) -> bool:
    """Leave out what has no shape; what parts two letters without a space is part of how Persian is written."""
    return letter == "\N{ZERO WIDTH NON-JOINER}" or unicodedata.category(letter) not in _NEVER_SHOWN


def _letters_there(line: str) -> frozenset[str]:
    """Say which letters of a line can be shown; of very many strange ones, only the first are tried."""
    strange = list(dict.fromkeys(letter for letter in line if letter not in _LETTERS_AT_HAND))
    return _LETTERS_AT_HAND | {letter for letter in strange[:MOST_LETTERS_TRIED] if _can_show(letter)}


def _named(run: Any, missing: str) -> str:
    letters = [letter for letter in run if unicodedata.category(letter) not in _ADDED_TO_A_LETTER]
    names = [
        unicodedata.name(letter, "").lower() for letter in letters if unicodedata.category(letter) == "So"
    ]
    if names and all(names):
        return f" ({', '.join(names)}) "
    return f" ({missing}) " if letters else ""


def _breakable(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return word
    return _BREAK.join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))


@cache
def _can_show(letter: str) -> bool:
    """Try a letter on a page of its own."""
    try:
        _compile(
            b'#set document(title: "x")\n#set text(font: ("Atkinson Hyperlegible Next", "Libertinus Serif", '
            b'"DejaVu Sans Mono"))\n#sys.inputs.letter',
            {"letter": letter},
        )
    except typst.TypstError:
        return False
    return True


def _compile(source: bytes, inputs: dict[str, str]) -> bytes:
    made = typst.compile(source, format="pdf", font_paths=_fonts(), sys_inputs=inputs, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("A page was not made in one piece.")
    return made


@cache
def _fonts() -> typst.Fonts:
    """Find the letters of the chat page and those that the printer brings; none of this machine's own."""
    return typst.Fonts(include_system_fonts=False, font_paths=[_unpacked().name])


@cache
def _unpacked() -> tempfile.TemporaryDirectory[str]:
    """Unpack the letters of the chat page, as a browser does, into a folder that goes when the service ends."""
    folder = tempfile.TemporaryDirectory(prefix="letters-")
    for packed in sorted((FOLDER / "fonts").glob("*.woff2")):
        font = TTFont(packed)
        font.flavor = None
        font.save(Path(folder.name) / f"{packed.stem}.ttf")
    return folder
