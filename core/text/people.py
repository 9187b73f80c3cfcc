"""Find people's names in a text: by lists of names, and by the words around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.text.details import Found
from core.text.english import is_near_english
from core.text.name_words import (
    ASKING,
    BEING,
    DOING,
    NAMED,
    NAMING,
    NEVER_AFTER_ASKING,
    NO_LONE_WORD,
    NO_NAME,
    ONLY_AFTER_FIRST,
    OPEN_ROLES,
    PART_OF_NAME,
    PLACE_LEADS,
    PRONOUNS,
    ROLES,
    SOFT_TITLES,
    SPOKEN,
    TITLES,
    WORD_LIKE,
)
from core.text.written_words import NO_WORD, Word, is_initial, read_words

_LONGEST_NAME: Final = 3
_SHORTEST_UNKNOWN, _LONGEST_UNKNOWN = 3, 20


@dataclass(frozen=True, slots=True)
class Names:
    """Lists of names in small letters.

    Ambiguous ones are everyday words as well; `families` count only after a first name or a title. `english` are the
    words that are no name where nothing else is known of them.
    """

    first: frozenset[str]
    ambiguous: frozenset[str]
    last: frozenset[str]
    families: frozenset[str] = frozenset()
    english: frozenset[str] = field(default=frozenset(), repr=False)

    def has_unknown(self, word: str) -> bool:
        """Say whether a word is none that is known, nor a slip of one: then a name is likely."""
        if not _SHORTEST_UNKNOWN <= len(word) <= _LONGEST_UNKNOWN or word in NO_NAME or word in SPOKEN:
            return False
        return not is_near_english(word.split("'", 1)[0], self.english)

    def has_first(self, word: str) -> bool:
        """Say whether a word is a first name, or begins with one: "anna-maria"."""
        return word in self.first or word.split("-", 1)[0] in self.first

    def has_family(self, word: str) -> bool:
        """Say whether a word, or a part of it, is a family name: "smith-palmer"."""
        return any(part in self.last or part in self.families for part in word.split("-"))


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
    """Find names of people, each with its title, its first letters and the family name that follows it."""
    words = read_words(text)
    place = 0
    while place < len(words):
        first = _name_at(words, place, names)
        if first is None:
            place += 1
            continue
        last = _name_end(words, first, names)
        opening = place if words[place].plain in PART_OF_NAME else first
        if place and is_initial(words[place - 1]):
            opening = place - 1
        yield Found("name", words[opening].start, words[last].end)
        place = last + 1


def _name_at(words: Sequence[Word], place: int, names: Names) -> int | None:
    """Give the place of the first word of a name that this word is or announces, else None."""
    word = words[place]
    following = place + 1 if place + 1 < len(words) and words[place + 1].touches_next else None
    if following is not None and _announces(words, place, names):
        return following
    is_name = names.has_first(word.plain) or (word.plain in names.last and word.plain not in ONLY_AFTER_FIRST)
    if is_name and word.plain not in names.ambiguous:
        return place
    if word.is_capital and _is_capital_name(words, place, names):
        return place
    if word.plain in names.ambiguous and _is_meant_as_name(words, place):
        return place
    return place if _is_owner_without_mark(words, place, names) else None


def _announces(words: Sequence[Word], place: int, names: Names) -> bool:
    """Say whether a word makes the next one a name: "mrs x", "called x", "my name is x", "my friend x"."""
    word, after = words[place], words[place + 1]
    before = words[place - 1].plain if place else ""
    if word.plain in TITLES:
        return after.plain not in NO_NAME or len(after.plain) == 1
    if after.plain in NO_NAME:
        return False
    if word.plain in NAMING:
        return before in NAMED
    if word.plain in SOFT_TITLES and not (
        word.plain == "miss" and before in PRONOUNS and not after.is_capital
    ):
        is_listed = after.plain in names.first | names.ambiguous or names.has_family(after.plain)
        return after.is_capital or is_listed or names.has_unknown(after.plain)
    return _is_introduced(words, place) or _is_unknown_in_role(words, place, names)


def _is_introduced(words: Sequence[Word], place: int) -> bool:
    """Say whether "name is" or "names" stands here."""
    word = words[place].plain
    before = words[place - 1].plain if place else ""
    if word in BEING:
        return before in {"name", "names", "nickname", "surname"}
    owners = {"my", "his", "her", "their", "teachers", "friends", "sisters", "brothers"}
    return word in {"names", "name's"} and before in owners


def _is_unknown_in_role(words: Sequence[Word], place: int, names: Names) -> bool:
    """Say whether a word that nobody knows is named: "my mate dev", "my key worker was ffion", "ask jo"."""
    word, after = words[place].plain, words[place + 1].plain
    before = words[place - 1].plain if place else ""
    if word in ASKING:
        return (after in names.ambiguous and after not in NEVER_AFTER_ASKING) or names.has_unknown(after)
    is_role = word in OPEN_ROLES or (word in BEING and before in OPEN_ROLES)
    return is_role and names.has_unknown(after)


def _is_capital_name(words: Sequence[Word], place: int, names: Names) -> bool:
    word = words[place]
    if word.plain in NO_NAME:
        return False
    if word.opens_sentence:
        return _opens_with_name(words, place, names)
    before = words[place - 1]
    if word.plain in names.ambiguous:
        return before.plain not in PLACE_LEADS
    if word.plain in names.last:
        return not before.is_capital or before.opens_sentence
    is_everyday = word.plain in names.english and not names.has_family(word.plain)
    return not word.text.isupper() and before.plain not in PLACE_LEADS and not is_everyday


def _opens_with_name(words: Sequence[Word], place: int, names: Names) -> bool:
    """Say whether a sentence opens with a name that no list has: "Quionia is", "Jozef Albin said"."""
    after = words[place + 1] if place + 1 < len(words) else NO_WORD
    is_followed = after.touches_next and (
        after.plain in DOING or (after.is_capital and after.plain not in NO_NAME)
    )
    return is_followed and not words[place].text.isupper() and names.has_unknown(words[place].plain)


def _is_meant_as_name(words: Sequence[Word], place: int) -> bool:
    """Say whether an everyday word is a name here: "my friend hope", or "Hope Smith" opening a sentence."""
    word = words[place]
    before = words[place - 1].plain if place else ""
    after = words[place + 1] if place + 1 < len(words) else NO_WORD
    if before in ROLES and word.plain not in NO_LONE_WORD:
        return word.is_capital or len(word.plain) > len("abc")
    is_pair = word.is_capital and after.is_capital and after.touches_next
    return is_pair and word.plain not in NO_NAME and after.plain not in NO_NAME


def _is_owner_without_mark(words: Sequence[Word], place: int, names: Names) -> bool:
    """Say whether "kierans mum" stands here: a name whose mark was left out, before somebody's role."""
    word = words[place].plain
    after = words[place + 1].plain if place + 1 < len(words) else ""
    return word.endswith("s") and word[:-1] in names.first and after in ROLES and word not in names.english


def _name_end(words: Sequence[Word], first: int, names: Names) -> int:
    """Give the place of the last word of a name that starts at `first`."""
    last = first
    while last + 1 < len(words) and last - first < _LONGEST_NAME - 1:
        after = words[last + 1]
        if not after.touches_next or after.plain in NO_NAME or not _goes_on(words[first], after, names):
            break
        last += 1
    return last


def _goes_on(first: Word, after: Word, names: Names) -> bool:
    """Say whether the word after a name belongs to it: a capital, a first letter, or what can be a family name."""
    if after.is_capital and (first.is_capital or after.plain in names.last):
        return True
    if len(after.plain) == 1:
        return after.plain not in "iurnxkcby"
    if after.plain in WORD_LIKE or after.plain in SPOKEN:
        return False
    is_listed = names.has_first(first.plain) or first.plain in names.ambiguous
    return names.has_family(after.plain) or (
        (is_listed or not first.is_capital) and names.has_unknown(after.plain)
    )
