"""Find people's names in a text: by a list of names, and by the words around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.text.details import Found

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SENTENCE_END: Final = re.compile(r"[.!?\n]")
_LONGEST_NAME: Final = 3
_FEW_WORDS: Final = 5

_TITLES: Final = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof", "professor", "mister"})
_SOFT_TITLES: Final = frozenset(
    {
        "miss", "sir", "uncle", "auntie", "aunty", "aunt", "nurse", "pc", "nanny", "grandma", "grandad",
        "nan", "cousin", "coach", "doctor", "teacher", "rev"
    }
)  # fmt: skip
_ROLES: Final = frozenset(
    {
        "friend", "mate", "teacher", "ta", "sister", "brother", "carer", "worker", "doctor", "driver",
        "escort", "boyfriend", "girlfriend", "cousin", "tutor", "head", "boss", "mum", "dad", "mom",
        "stepdad", "stepmum", "bestie", "bf", "gf", "support", "keyworker", "helper", "bully", "son",
        "daughter", "neighbour"
    }
)  # fmt: skip
_NAMING: Final = frozenset({"called", "named", "nicknamed"})
_PRONOUNS: Final = frozenset(
    {
        "i", "you", "we", "they", "he", "she", "it", "to", "will", "would", "really", "do", "dont", "and",
        "ill", "can", "still", "gonna", "so", "also", "always", "did", "might", "never"
    }
)  # fmt: skip
_NAMED: Final = _ROLES | {
    *("is", "was", "are", "am", "im", "i'm", "hes", "he's", "shes", "she's", "get", "got", "being"),
    *("someone", "somebody", "girl", "boy", "man", "woman", "lady", "guy", "person", "kid", "staff"),
}
_BEING: Final = frozenset({"is", "was", "s", "are"})
_PLACE_LEADS: Final = frozenset(
    {"in", "to", "from", "near", "of", "at", "last", "next", "this", "since", "until", "by"}
)
_NO_NAME_LIST: Final = (
    "back again round out over off a an the my me our his her their your this that these those it its he she they "
    "we you i im is was are be been am and or but so if when then not no yes never always very really just too "
    "all some any more most who what where why how which in on at to from of for with by as up into about like "
    "love hate want need know think feel good bad nice kind mean stupid fat ugly thick dumb lazy weird names name "
    "because cos it's bus school home class work help everything something nothing people person teacher teachers "
    "friend friends mum dad god english maths science art pe ict re french spanish german history geography music "
    "drama monday tuesday wednesday thursday friday saturday sunday january february march july september october "
    "november december christmas easter england uk nhs send sen ehcp isp pip dla adhd asd autism autistic ta tas "
    "gp camhs i'm i've i'd i'll don't can't there here now today tomorrow yesterday minecraft roblox fortnite "
    "dear hi hello hey thanks thank please sorry ok okay said says told lessons phone number email address "
    "different new old can could should would do does did has had have get got go going went also both them him "
    "us being trouble only"
)
_NO_NAME: Final = frozenset(_NO_NAME_LIST.split())


# Family names that are everyday words in small letters.
_WORD_LIKE_LIST: Final = (
    "young king long hunt park power swift waters wells winter woods lane ball booth gill barker sharp "
    "sharpe ford butler price walker wright stokes skinner costa silva wood hill bush cook mills walsh "
    "shaw hart hudson gardner fisher knight lowe webb chambers steele"
)
_WORD_LIKE: Final = frozenset(_WORD_LIKE_LIST.split())


@dataclass(frozen=True, slots=True)
class Names:
    """Lists of names in small letters. Ambiguous ones are everyday words as well."""

    first: frozenset[str]
    ambiguous: frozenset[str]
    last: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    plain: str
    start: int
    end: int
    opens_sentence: bool
    is_capital: bool
    touches_next: bool = False


def load_names(path: Path) -> Names:
    """Read a list with the sections [first], [ambiguous] and [last]; raise ValueError when one is missing."""
    sections: dict[str, set[str]] = {}
    names: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            names = sections.setdefault(line.strip("[] "), set())
        elif not line.startswith("#"):
            names.update(line.casefold().split())
    missing = {"first", "ambiguous", "last"} - set(sections)
    if missing:
        raise ValueError(f"{path} has no section [{min(missing)}]. Add the heading and its names.")
    ambiguous = frozenset(sections["ambiguous"])
    return Names(frozenset(sections["first"]) - ambiguous, ambiguous, frozenset(sections["last"]))


def find_people(text: str, names: Names) -> Iterator[Found]:
    """Find names of people, each with the family name that follows it."""
    words = _words(text)
    place = 0
    while place < len(words):
        first = _name_at(words, place, names)
        if first is None:
            place += 1
            continue
        last = _name_end(words, first, names)
        opening = place if words[place].plain in _TITLES else first
        yield Found("name", words[opening].start, words[last].end)
        place = last + 1


def _words(text: str) -> list[_Word]:
    matches = list(_TOKEN.finditer(text))
    capitals = sum(match.group()[0].isupper() for match in matches)
    # Who writes Most Words Like This, or shouts, marks no name with a capital.
    shouting = text.isupper() or capitals * 2 > len(matches) > _FEW_WORDS
    words: list[_Word] = []
    end = 0
    for match in matches:
        written = re.sub(r"['\u2019]s$", "", match.group())
        between = text[end : match.start()]
        words.append(
            _Word(
                text=written,
                plain=written.casefold().replace("\u2019", "'"),
                start=match.start(),
                end=match.start() + len(written),
                opens_sentence=not words or _SENTENCE_END.search(between) is not None,
                is_capital=written[0].isupper() and not shouting,
                touches_next=between in {" ", ". ", "-", "  "},
            )
        )
        end = match.end()
    return words


def _name_at(words: Sequence[_Word], place: int, names: Names) -> int | None:
    """Give the place of the first word of a name that this word is or announces, else None."""
    word = words[place]
    following = place + 1 if place + 1 < len(words) and words[place + 1].touches_next else None
    if following is not None and _announces(words, place, names):
        return following
    if word.plain in names.first or word.plain.split("-")[0] in names.first:
        return place
    if word.is_capital and not word.opens_sentence and _is_capital_name(words, place, names):
        return place
    if word.plain in names.ambiguous and _is_meant_as_name(words, place):
        return place
    return None


def _announces(words: Sequence[_Word], place: int, names: Names) -> bool:
    """Say whether a word makes the next one a name: "mrs x", "called x", "my name is x", "my friend x"."""
    word, after = words[place], words[place + 1]
    before = words[place - 1].plain if place else ""
    if after.plain in _NO_NAME:
        return False
    if word.plain in _TITLES:
        return True
    if word.plain in _NAMING:
        return before in _NAMED
    if word.plain in _SOFT_TITLES:
        known = after.is_capital or after.plain in names.first | names.last | names.ambiguous
        return known and not (word.plain == "miss" and before in _PRONOUNS and not after.is_capital)
    return _is_introduced(words, place)


def _is_introduced(words: Sequence[_Word], place: int) -> bool:
    """Say whether "name is" or "names" stands here."""
    word = words[place].plain
    before = words[place - 1].plain if place else ""
    if word in _BEING:
        return before in {"name", "names", "nickname", "surname"}
    owners = {"my", "his", "her", "their", "teachers", "friends", "sisters", "brothers"}
    return word in {"names", "name's"} and before in owners


def _is_capital_name(words: Sequence[_Word], place: int, names: Names) -> bool:
    word = words[place]
    before = words[place - 1]
    if word.plain in _NO_NAME:
        return False
    if word.plain in names.ambiguous:
        return before.plain not in _PLACE_LEADS
    if word.plain in names.last:
        return not before.is_capital or before.opens_sentence
    return not word.text.isupper() and before.plain not in _PLACE_LEADS


def _is_meant_as_name(words: Sequence[_Word], place: int) -> bool:
    """Say whether an everyday word is a name here: "my friend hope", or "Hope Smith" opening a sentence."""
    word = words[place]
    before = words[place - 1].plain if place else ""
    after = words[place + 1] if place + 1 < len(words) else None
    if before in _ROLES and word.plain not in {
        "will",
        "may",
        "can",
        "is",
        "an",
        "in",
        "so",
        "do",
        "my",
        "van",
    }:
        return word.is_capital or len(word.plain) > len("abc")
    follows_capital = after is not None and after.is_capital and after.touches_next
    return word.is_capital and follows_capital and after is not None and after.plain not in _NO_NAME


def _name_end(words: Sequence[_Word], first: int, names: Names) -> int:
    """Give the place of the last word of a name that starts at `first`."""
    last = first
    while last + 1 < len(words) and last - first < _LONGEST_NAME - 1:
        after = words[last + 1]
        if not after.touches_next or after.plain in _NO_NAME:
            break
        is_capital_pair = after.is_capital and (words[first].is_capital or after.plain in names.last)
        if not is_capital_pair and not _is_plain_family_name(after, names):
            break
        last += 1
    return last


def _is_plain_family_name(word: _Word, names: Names) -> bool:
    return word.plain in names.last - names.ambiguous and word.plain not in _WORD_LIKE
