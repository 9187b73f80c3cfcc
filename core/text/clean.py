"""Make typed text safe to keep, and safe and readable for Rasa."""

import re
import unicodedata
from typing import Final

LONGEST_TEXT_BYTES: Final = 200_000
RASA_CHARACTERS: Final = 2_000
"""Rasa has no cap of its own; it gets this many characters, our store keeps the whole."""

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
# The characters that part lines and words, before control characters are dropped: dropping a tab would
# join two words.
_NEW_LINE: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
_GAP: Final = re.compile("[\t\v\f\x1c-\x1f]")
_UNSEEN: Final = frozenset({"Cc", "Cf"})
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})
# Sorting combining marks into order takes time that grows with the square of a run of them, so that
# 200 kB of nothing else takes minutes. No written language puts more than this many on one letter.
_MARKS_ON_ONE_LETTER: Final = 8

_SYMBOL_CATEGORIES: Final = frozenset({"So", "Sk"})
_KEYCAP: Final = re.compile("[0-9#*]\ufe0f?\u20e3")


def storable(text: str) -> str:
    """Make text that both databases can hold: NUL and lone surrogates replaced, all else exactly kept."""
    return _UNSTORABLE.sub(REPLACEMENT, text)


def clean_text(text: str) -> str:
    """Give text without unseen characters, in one form (NFKC), that is never a command to Rasa.

    Rasa takes what starts with "/" after `.strip()` as a command, so white space and "/" are taken off the
    front together. Newlines inside the text stay. The result may be empty.
    """
    text = _GAP.sub(" ", _NEW_LINE.sub("\n", storable(text)))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", without_piled_marks(text))
    seen = "".join(character for character in text if not _is_unseen(character))
    # Dropping can bring two characters together that are one in NFKC.
    text = seen if seen.isascii() else unicodedata.normalize("NFKC", without_piled_marks(seen))
    return text[_words_start(text) :].rstrip()


def for_rasa(text: str) -> str:
    """Give the cleaned beginning of a text, at most 2,000 characters, as Rasa may read it."""
    return clean_text(text)[:RASA_CHARACTERS].rstrip()


def is_only_symbols(text: str) -> bool:
    """Say whether all that was sent is emoji or other symbols, with no letter or number."""
    text = _KEYCAP.sub("\N{BLACK STAR}", text)
    kinds = {unicodedata.category(character) for character in text}
    return bool(kinds & _SYMBOL_CATEGORIES) and not any(kind[0] in "LN" for kind in kinds)


def _is_unseen(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in _UNSEEN


def without_piled_marks(text: str) -> str:
    """Leave out the combining marks beyond the eighth on one letter, so that normalising stays quick."""
    kept: list[str] = []
    marks = 0
    for character in text:
        # Unseen characters between marks are dropped later, so they do not end a pile.
        kind = unicodedata.category(character)
        if kind in _MARKS:
            marks += 1
        elif kind not in _UNSEEN:
            marks = 0
        if marks <= _MARKS_ON_ONE_LETTER:
            kept.append(character)
    return "".join(kept)


def _words_start(text: str) -> int:
    """Find where the text starts when white space and "/" are taken off its front, in any mixture."""
    starts = (index for index, character in enumerate(text) if character != "/" and not character.isspace())
    return next(starts, len(text))


def cut_text(text: str | None) -> tuple[str | None, bool]:
    """Give the first 200 kB, and say whether there was more."""
    if text is None:
        return None, False
    written = text.encode()
    if len(written) <= LONGEST_TEXT_BYTES:
        return text, False
    return written[:LONGEST_TEXT_BYTES].decode(errors="ignore"), True
