"""Find the names of schools, surgeries, clubs and other places that tell where somebody is to be found."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.text.details import Found
from core.text.english import all_english_words, is_near_english

_SCHOOL: Final = re.compile(
    r"\b(?:school|academy|college|nursery|university|sixth form|pru|hospital school)\b", re.IGNORECASE
)
_PLACE: Final = re.compile(
    r"\b(?:surgery|clinic|hospital|hospice|respite|lodge|(?:health|medical|day|resource|community|leisure) centre"
    r"|medical practice|club|care home|children'?s home|scouts|brownies|guides|cubs|ward|unit|house|church|mosque"
    r"|gurdwara|temple|library)\b",
    re.IGNORECASE,
)
_CARE: Final = frozenset({"surgery", "hospice", "respite", "lodge", "medical practice", "care home"})
"""Places whose name is a detail in everyday small words too: "holly bank respite"."""

_EXCLUDED: Final = re.compile(
    r"\b(?:excluded|expelled|suspended|kicked out) (?:from|of) "
    r"(?P<said>[A-Z][\w']{2,30}(?: [A-Z][\w']{2,30}){0,3})"
)
_WORD_BEFORE: Final = re.compile(r"[\w'\u2019.&-]+$")
_CHURCH: Final = re.compile(r"\b(?:church of england|c of e)$", re.IGNORECASE)
_OUR_LADY: Final = re.compile(r"\bour lady(?:'?s| of (?:the )?[\w']{2,20}){0,2}$", re.IGNORECASE)
_LONGEST_SCHOOL_WORDS: Final = 6
_LONGEST_WORD: Final = 40
_FEWEST_LETTERS: Final = 4

_GENERIC_LIST: Final = (
    "a an the my our his her their your this that at to from in of for and or is was go goes going went been back "
    "special primary secondary high middle first mainstream normal new old big small good bad nice different same "
    "other another every any some no not infant junior grammar boarding residential state private public local "
    "after before during like love hate likes about with on by day home night when because whole last next real "
    "pre lower upper community all only art drama summer sunday language medical law business driving faith "
    "leave left start started starting finish finished miss missed attend attends called named i it its if than into "
    "ordinary ks1 ks2 ks3 ks4 boys girls inclusive autism specialist me you we they get getting got near outside "
    "one two three four each which what where how but so then there hate want wants need needs youth childrens "
    "children's kids teen sports sport football art dance swimming chess gaming games breakfast homework lunch walk-in "
    "nans nan's mums mum's dads dad's friends friend's mates mate's full empty posh council play open green tell "
    "ask see visit change skip do be stay come have had having heart knee hip brain plastic minor major lovely best "
    "excellent great clean cleaner brilliant amazing really very psychiatric psych emergency childs"
)
_GENERIC: Final = frozenset(_GENERIC_LIST.split())
_KINDS: Final = frozenset(
    {
        "special", "primary", "secondary", "high", "middle", "first", "infant", "junior", "grammar", "community",
        "boys", "girls", "catholic", "rc", "ce", "church", "independent", "free", "prep", "upper", "lower",
        "children's", "childrens", "general", "royal", "health", "youth", "house", "village", "dental", "eye"
    }
)  # fmt: skip
_EVERYDAY: Final = _GENERIC - _KINDS
_LEADS: Final = frozenset({"at", "to", "from", "attend", "attends", "called", "named", "in", "left", "near"})


@dataclass(slots=True)
class _Reading:
    """How far back a name was read: its start, the start of its capital words, and whether a small word is in it."""

    start: int
    kept: int
    has_small: bool = False
    has_unknown: bool = False


def find_places(text: str) -> Iterator[Found]:
    """Find places by their own names: the words before "school" or "surgery" that are no everyday words."""
    for match in _SCHOOL.finditer(text):
        start = _name_start(text, match.start(), takes_small=True)
        if start < match.start():
            yield Found("school", start, match.end())
    for match in _PLACE.finditer(text):
        start = _name_start(text, match.start(), takes_small=match.group().casefold() in _CARE)
        if start < match.start():
            yield Found("place", start, match.end())
    yield from (Found("school", match.start("said"), match.end("said")) for match in _EXCLUDED.finditer(text))


def _name_start(text: str, end: int, *, takes_small: bool) -> int:
    """Find where the name before `end` starts: capital words, unknown ones, or small ones after "to", "at"."""
    reading = _Reading(end, end)
    for _ in range(_LONGEST_SCHOOL_WORDS):
        window = max(0, reading.start - _LONGEST_WORD)
        before = text[window : reading.start].rstrip(" ")
        fixed = _CHURCH.search(before) or _OUR_LADY.search(before)
        word = fixed or _WORD_BEFORE.search(before)
        if word is None:
            break
        plain = word.group().casefold()
        if plain in _LEADS and fixed is None:
            return _after_lead(reading, end, takes_small=takes_small)
        if plain in _EVERYDAY:
            break
        _read(reading, word, window)
    return reading.kept


def _read(reading: _Reading, word: re.Match[str], window: int) -> None:
    plain = word.group().casefold()
    reading.start = window + word.start()
    if plain.startswith("our lady"):
        reading.kept, reading.has_unknown = reading.start, True
    elif plain in _KINDS or _CHURCH.fullmatch(plain):
        return
    elif word.group()[0].isupper() or _is_unknown(plain):
        reading.kept, reading.has_unknown = reading.start, True
    else:
        reading.has_small = True


def _after_lead(reading: _Reading, end: int, *, takes_small: bool) -> int:
    if reading.has_unknown or (takes_small and reading.has_small):
        return reading.start
    return min(end, reading.kept)


def _is_unknown(word: str) -> bool:
    is_long_enough = _FEWEST_LETTERS < len(word) < _LONGEST_WORD // 2
    return is_long_enough and word.isalpha() and not is_near_english(word, all_english_words())
