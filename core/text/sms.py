"""Fit words into text messages, and hear the words that stop or start them."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

# GSM 03.38 (3GPP TS 23.038): the basic table, and the characters that take two septets.
BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = frozenset("\f^{}\\[~]|€")

_ONE_GSM7: Final = 160
_EACH_GSM7: Final = 153
_ONE_UCS2: Final = 70
_EACH_UCS2: Final = 67
_LAST_OF_PLANE_0: Final = 0xFFFF

_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad", ""),
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{VULGAR FRACTION ONE HALF}": "1/2",
    }
)


class OptWord(StrEnum):
    """What somebody asked of text messages themselves."""

    OUT = "out"
    IN = "in"


# Twilio's own words first; it acts on these before we do.
_OUT: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"}
    | {"stop all", "opt out", "unsubscribe me", "stop it all", "cancel this", "stop stop", "stop stop stop"}
)
_IN: Final = frozenset({"start", "unstop"})
_YES: Final = "yes"
# Left out before the rest is compared ("you" too: of "thank you" and "can you").
_POLITE: Final = frozenset({"please", "pls", "plz", "thanks", "thank", "you", "now", "ok", "hi", "hello"})
_TEXTS: Final = "(?:texts?|txts?|messages?|msgs?)"
_ASKS_TO_STOP: Final = re.compile(
    r"(?:(?:can|could|will) (?:u )?)?"
    r"(?:(?:stop|quit) (?:texting|txting|messaging|msging|contacting)(?: me| us| my phone| this number)?"
    r"|stop (?:sending|giving)(?: me| us)?(?: these| your| any| all)?(?: more)? {texts}"
    r"|stop (?:the|these|your|all|all the) {texts}"
    r"|(?:do not|dont|never) (?:text|txt|message|msg|contact)(?: me| us| this number)"
    r"|(?:do not|dont) send(?: me| us)?(?: any)?(?: more)? {texts}"
    r"|no more {texts}"
    r"|(?:take|get) me off (?:this|the|your) list)"
    r"(?: (?:again|any ?more|ever|ever again))?".replace("{texts}", _TEXTS)
)
_LONGEST_REQUEST: Final = 80


def segments(text: str) -> int:
    """Count the text message segments this takes: GSM-7 when every character allows it, else UCS-2."""
    whole, each = (_ONE_GSM7, _EACH_GSM7) if _is_gsm7(text) else (_ONE_UCS2, _EACH_UCS2)
    sizes = _sizes(text)
    if sum(sizes) <= whole:
        return 1
    count, filled = 1, 0
    for size in sizes:
        # A character of two units never lies across the border of two segments.
        if filled + size > each:
            count, filled = count + 1, 0
        filled += size
    return count


def split_for_sms(text: str, limit_segments: int = 2) -> tuple[str, ...]:
    """Give the text in order as texts of at most that many segments, broken at lines, sentences or words.

    Nothing is lost but the white space at a break; a word longer than a whole text is cut.
    """
    if limit_segments < 1:
        raise ValueError("A text message has at least one segment.")
    texts: list[str] = []
    rest = text.strip()
    while rest:
        end = _longest_start(rest, limit_segments)
        if end < len(rest):
            end = _last_break(rest, end)
        texts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return tuple(texts)


def to_gsm7(text: str) -> str:
    """Make curly quotes, dashes and such plain, so that a text need not go as UCS-2.

    What GSM-7 has no likeness for (emoji, other scripts) is kept, because words matter more than segments.
    """
    return text.translate(_PLAIN)


def opt_word(text: str, *, stopped: bool = False) -> OptWord | None:
    """Say whether a whole message asks us to stop texting (OUT) or to start again (IN), else None.

    "yes" is an answer unless the sender is `stopped`: then Twilio opts them in, and so do we. A message that
    says anything else besides ("stop shouting at us") is no request about texts.
    """
    if len(text) > _LONGEST_REQUEST:
        return None
    letters = re.sub(r"['\u2019]", "", text.lower())
    words = re.sub(r"[\W_]+", " ", letters).split()
    core = " ".join(word for word in words if word not in _POLITE)
    if core in _OUT or _ASKS_TO_STOP.fullmatch(core):
        return OptWord.OUT
    if core in _IN or (stopped and core == _YES):
        return OptWord.IN
    return None


def _is_gsm7(text: str) -> bool:
    return all(character in BASIC or character in EXTENSION for character in text)


def _sizes(text: str) -> list[int]:
    """Give the units of each character: septets in GSM-7, 16-bit units in UCS-2."""
    if _is_gsm7(text):
        return [2 if character in EXTENSION else 1 for character in text]
    return [2 if ord(character) > _LAST_OF_PLANE_0 else 1 for character in text]


def _longest_start(text: str, limit_segments: int) -> int:
    """Count how many characters from the start fit, at least one, found by halving."""
    low, high = 1, min(len(text), _EACH_GSM7 * limit_segments + _ONE_GSM7)
    while low < high:
        middle = (low + high + 1) // 2
        if segments(text[:middle]) <= limit_segments:
            low = middle
        else:
            high = middle - 1
    return low


def _last_break(text: str, end: int) -> int:
    """Find the best place to break at or before `end`: a line, a sentence or a word in its later half."""
    for found in _break_places(text, end):
        if found > end // 2:
            return found
    return end


def _break_places(text: str, end: int) -> Iterator[int]:
    yield text.rfind("\n", 0, end + 1)
    yield max(text.rfind(mark, 0, end + 1) for mark in (". ", "? ", "! ")) + 1
    yield text.rfind(" ", 0, end + 1)
