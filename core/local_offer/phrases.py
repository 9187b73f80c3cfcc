"""The phrases that lead to an entry, and which of them a young person said, in any spelling."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from textblob.en import spelling

from core.local_offer.directory import Directory, Entry, ServiceId
from core.local_offer.words import Words, split_into_words, stem

TELLING, HINTING, HOLDING = 1.0, 0.4, 0.2
"""What a word of a phrase counts: one that tells a need, one that only hints ("school"), and a filler."""
SHORTEST_GUESSED, TWO_SLIPS_FROM = 4, 7
"""From how many letters on a word may have one slip, and two."""
TOO_MANY_SLIPS = 3
MOST_WORDS = 100
"""Guessing at hundreds of unknown words would keep others waiting; a need is said in fewer."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that mean a need or an entry; `weight` grows with the words.

    All must be said: in any order, or, where fillers are among them (`in_a_row`), one after the other.
    """

    stems: tuple[str, ...]
    weight: float
    means: str | ServiceId
    in_a_row: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A phrase that was said, and the places of its telling words in what was said."""

    phrase: Phrase
    places: frozenset[int]


@dataclass(frozen=True, eq=False)
class Index:
    """All phrases of a directory by what they mean, and every word of them as written with its stem."""

    needs: tuple[Phrase, ...]
    keywords: tuple[Phrase, ...]
    names: tuple[Phrase, ...]
    descriptions: tuple[Phrase, ...]
    stems: frozenset[str]
    written: dict[str, str]


@lru_cache(maxsize=4)
def index_of(directory: Directory) -> Index:
    """Make the index of a directory; it is kept, because a directory never changes (a new one is loaded)."""
    words = directory.words
    needs = tuple(_phrase(one, need.finds, words) for need in words.needs for one in (need.finds, *need.says))
    keywords = tuple(_phrase(one, entry.id, words) for entry in directory for one in entry.keywords)
    names = tuple(phrase for entry in directory for phrase in _name_phrases(entry, words))
    written = {word: stem(word) for text in _texts(directory) for word in words_of(text, words)}
    descriptions = _rare_words(directory)
    stems = frozenset(one for phrase in (*needs, *keywords, *names, *descriptions) for one in phrase.stems)
    return Index(needs, keywords, names, descriptions, stems, written)


def words_of(text: str, words: Words) -> list[str]:
    """Give the words of a text, with text-speak written out: "sum1 2 tlk" is ["someone", "to", "talk"]."""
    return [part for word in split_into_words(text) for part in words.spellings.get(word, word).split()]


def telling_places(said: list[str], words: Words) -> frozenset[int]:
    """Give the places of the words that tell something of a need: no fillers, no numbers."""
    return frozenset(place for place, word in enumerate(said) if _tells(word, words))


def understand(said: list[str], index: Index, words: Words) -> dict[str, frozenset[int]]:
    """Give each stem that was heard, with its places; a misspelt word is heard as every word near to it."""
    places: dict[str, set[int]] = {}
    for place, word in enumerate(said):
        near = {stem(word)} if stem(word) in index.stems or word in words.fillers else _nearest(word, index)
        for one in near | {stem(word)}:
            places.setdefault(one, set()).add(place)
    return {one: frozenset(found) for one, found in places.items()}


def heard(phrases: tuple[Phrase, ...], understood: dict[str, frozenset[int]]) -> Iterator[Heard]:
    """Give the phrases of which every word was understood."""
    for phrase in phrases:
        if phrase.stems and all(one in understood for one in phrase.stems):
            places = [understood[one] for one in phrase.stems]
            if not phrase.in_a_row or _is_in_a_row(places):
                yield Heard(phrase, frozenset().union(*places))


def _is_in_a_row(places: list[frozenset[int]]) -> bool:
    return any(all(start + step in found for step, found in enumerate(places)) for start in places[0])


def _tells(word: str, words: Words) -> bool:
    return word not in words.fillers and not word.isdecimal()


def _phrase(text: str, means: str | ServiceId, words: Words) -> Phrase:
    """Leave the fillers out, unless a single telling word would be left: "in care" needs its "in"."""
    said = words_of(text, words)
    telling = [word for word in said if _tells(word, words)]
    if len(telling) > 1:
        return Phrase(tuple(map(stem, telling)), sum(_worth(word, words) for word in telling), means)
    weight = sum(_worth(word, words) for word in said) if telling else TELLING
    return Phrase(tuple(map(stem, said)), weight, means, in_a_row=True)


def _worth(word: str, words: Words) -> float:
    if not _tells(word, words):
        return HOLDING
    return HINTING if word in words.hints else TELLING


def _name_phrases(entry: Entry, words: Words) -> Iterator[Phrase]:
    """Give the name's first part ("Childline", "CAMHS"), unless it is made of fillers alone ("Contact")."""
    short = entry.name.split("(")[0].split(":")[0]
    if any(_tells(word, words) for word in words_of(short, words)):
        yield _phrase(short, entry.id, words)


def _texts(directory: Directory) -> Iterator[str]:
    for need in directory.words.needs:
        yield from (need.finds, *need.says)
    for entry in directory:
        yield from (entry.name, *entry.keywords)


RARE = 2
"""A word of a description says something when no more entries than this have it."""


def _rare_words(directory: Directory) -> tuple[Phrase, ...]:
    words = directory.words
    holders: dict[str, list[ServiceId]] = {}
    for entry in directory:
        for word in {
            stem(word) for word in words_of(f"{entry.name} {entry.what}", words) if _tells(word, words)
        }:
            holders.setdefault(word, []).append(entry.id)
    rare = {word: ids for word, ids in holders.items() if len(ids) <= RARE}
    return tuple(Phrase((word,), TELLING, one) for word, ids in rare.items() for one in ids)


def _nearest(word: str, index: Index) -> set[str]:
    """Guess what a misspelt word may be, without its ending."""
    return {index.written[known] for known in _nearest_written(word, index)}


def _nearest_written(word: str, index: Index) -> set[str]:
    """Guess a misspelt word: the nearest with the same first letter; a real word is no slip for another."""
    if len(word) < SHORTEST_GUESSED or word in spelling:
        return set()
    distances = {
        known: min(_slips(word, known), _slips(stem(word), near))
        for known, near in index.written.items()
        if known[0] == word[0] and len(known) >= SHORTEST_GUESSED
    }
    nearest = min(distances.values(), default=TOO_MANY_SLIPS)
    return {known for known, slips in distances.items() if slips == nearest < TOO_MANY_SLIPS}


def _slips(word: str, known: str) -> int:
    """Count letters left out, added, changed or swapped; more than its length allows are too many."""
    allowed = 1 if len(word) < TWO_SLIPS_FROM else 2
    slips = OSA.distance(word, known, score_cutoff=allowed)
    return slips if slips <= allowed else TOO_MANY_SLIPS


def is_telling(text: str, directory: Directory) -> bool:
    """Say whether any word tells something of a need: "i need help 14" does not."""
    return bool(telling_places(words_of(text, directory.words), directory.words))


def spelt(text: str, directory: Directory) -> tuple[str, ...]:
    """Give the text as it was written, and with text-speak and slips written out where that changes anything."""
    written = " ".join(split_into_words(text)[:MOST_WORDS])
    index = index_of(directory)
    put_right = " ".join(_put_right(word, index) for word in words_of(written, directory.words))
    return (written,) if put_right == written else (written, put_right)


def _put_right(word: str, index: Index) -> str:
    if word in index.written:
        return word
    near = _nearest_written(word, index)
    return min(near, default=word)
