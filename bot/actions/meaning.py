"""What somebody says about what they said: good, not good, or the other way round; pure."""

import re
from typing import Literal

Feeling = Literal["good", "mixed", "bad"]

OPPOSITE: dict[Feeling, Feeling] = {"good": "bad", "bad": "good", "mixed": "mixed"}

_LIKE = r"(?:love|luv|like (?:it|them|her|him))"
_GOOD = rf"(?:gr8|great|good|gud|gd|nice|kind|best|happy|fine|positive|compliment\w*|{_LIKE})"
_NOT = r"(?:(?:not|isnt|wasnt|never|nt) (?:very |really |so |that )?|(?:dont|do not|didnt|dnt) )"
_BAD = rf"(?:{_NOT}{_GOOD}|bad|hate|rubbish|horrible|awful|worst|worse|sad|negative|unkind)"
_BOTH = re.compile(r"\b(?:bit of both|both|mixed(?! \w+ up)|in the middle|so so|some good)\b")
_FLIPPED = re.compile(r"\b(?:(?:other|wrong) way (?:round|around)|opposite|sarcas\w*)\b")
_CONTRAST = re.compile(
    rf"\b(?P<said>{_BAD}|{_GOOD})(?: thing)?,? (?:and )?not (?:a )?(?:{_BAD}|{_GOOD})(?: thing)?\b"
)
_MEANT = re.compile(r"\b(?:meant|ment|mean|said|sed|actually)\b")
_CORRECTING = re.compile(
    r"(?:(?:no|nah|nooo*|sorry|oops|wait|actually|hang on),? ?)*(?:(?:i )?(?:meant|ment|mean)(?: to (?:say|put|pick))?"
    r"|change (?:that|it|my answer) to|i said|put|make (?:that|it)),? (?P<answer>.+)"
)


def feeling_in(text: str, *, before: Feeling | None = None) -> Feeling | None:
    """Give how somebody says that they meant it; None where they don't say. `before` is how it was taken."""
    words = plain(text)
    if _BOTH.search(words):
        return "mixed"
    contrast = _CONTRAST.search(words)
    found = _one_of(contrast["said"]) if contrast else None
    if found is None:
        after = _MEANT.split(words)[-1]
        found = _one_of(after) or _one_of(words)
    if found is None and before is not None and _FLIPPED.search(words):
        return OPPOSITE[before]
    return found


def corrected_answer(text: str) -> str | None:
    """Give the answer that somebody says they meant ("no i meant sometimes": "sometimes"); None without one."""
    found = _CORRECTING.fullmatch(plain(text))
    return found["answer"] if found else None


def plain(text: str) -> str:
    """Give the words in small letters, without marks."""
    return " ".join(re.sub(r"[^\w\s,]", "", text.lower().replace("\u2019", "")).split())


def _one_of(words: str) -> Feeling | None:
    """Tell good from bad in some words; where both are said, neither is taken."""
    bad = bool(re.search(rf"\b{_BAD}\b", words))
    good = bool(re.search(rf"\b{_GOOD}\b", re.sub(rf"\b{_BAD}\b", " ", words)))
    if good == bad:
        return None
    return "good" if good else "bad"
