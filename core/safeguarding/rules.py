"""Hear in a message which words mean danger or a worry: deterministic, and it says why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.safeguarding.any_order import SHORT, find_in_any_order
from core.safeguarding.net import NEGATIONS, Found, Word, find_in
from core.safeguarding.phrases import Category, Level, Phrases
from core.safeguarding.words import hear_words

_ABUSE: Final = frozenset(
    {
        Category.PHYSICAL_ABUSE,
        Category.SEXUAL_ABUSE,
        Category.EMOTIONAL_ABUSE,
        Category.NEGLECT,
        Category.RESTRAINT,
        Category.EXPLOITATION,
        Category.BULLYING_WITH_FEAR,
    }
)
_PUPILS: Final = frozenset(
    "boy boys girl girls kid kids lad lads child children pupil pupils student students classmate classmates bully "
    "bullies mate mates friend friends".split()
)
_OWN_HURT: Final = frozenset({Category.SELF_HARM, Category.SUICIDE})
_VIOLENCE: Final = _OWN_HURT | {
    Category.PHYSICAL_ABUSE,
    Category.IMMEDIATE_DANGER,
    Category.BULLYING_WITH_FEAR,
    Category.RESTRAINT,
}

# Between "not" and a phrase these change nothing: "i do not really want to die".
_PASSED_LIST: Final = (
    "really even ever actually do does did am is are was were be been being have has had going to trying want "
    "wanting think feel like feeling just that thinking of about would will need felt feels ever"
)
_PASSED: Final = frozenset(_PASSED_LIST.split())
_SAID: Final = frozenset({"think", "feel", "say", "said", "mean", "that"})
_STILL: Final = frozenset({"anymore", "now", "today"})
_WRITER: Final = frozenset({"i", "me", "my", "we"})
_ABOUT_WRITER: Final = _WRITER | {"us", "our", "myself"}
_ABLE: Final = frozenset({"can", "could"})
_REACH_OF_NOT: Final = 6
_REACH_OF_SUPPOSING: Final = 6
_REACH_OF_SUBJECT: Final = 12
_LONG: Final = 1000
_PIECE: Final = 330
_OVERLAP: Final = 30
"""In words; no phrase, and nothing that stands around one, reaches further than the overlap."""


@dataclass(frozen=True, slots=True)
class Match:
    """One reason: which phrase was heard, and what it means here; `is_sure` when it counts whatever else is heard."""

    phrase_id: str
    category: Category
    level: Level
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message means for someone's safety, and why."""

    level: Level
    categories: tuple[Category, ...]
    because: tuple[Match, ...]


def listen(text: str, phrases: Phrases) -> Heard | None:
    """Hear danger or a worry in a raw message of any length; None when nothing was heard.

    The level is that of the gravest match. Saying no ("he never hits me"), supposing ("what if someone"),
    what is made up ("in the game") and idioms are weighed here; a joke or denial beside it lowers nothing.
    """
    if phrases.sieves.written.finds_nothing(text):
        return None
    words = hear_words(text, phrases.lexicon)
    matches = tuple(dict.fromkeys(match for piece in _pieces(words) for match in _matches(piece, phrases)))
    if not matches:
        return None
    level = Level.DANGER if any(match.level is Level.DANGER for match in matches) else Level.WORRY
    categories = tuple(dict.fromkeys(match.category for match in matches))
    return Heard(level, categories, matches)


def _pieces(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Cut a text of a book's length into pieces that overlap, and give those that say the same once."""
    if len(words) <= _LONG:
        yield words
        return
    pieces = (words[at : at + _PIECE] for at in range(0, len(words), _PIECE - _OVERLAP))
    yield from {tuple(word.text for word in piece): piece for piece in pieces}.values()


def _matches(words: Sequence[Word], phrases: Phrases) -> Iterator[Match]:
    heard = list(_all_found(words, phrases))
    if not heard:
        return
    around = _Surroundings(words, phrases)
    for found in heard:
        phrase = phrases.phrases[found.phrase]
        about_other = found.about_other_child or (
            phrase.category in _OWN_HURT and _follows_other(words, found)
        )
        if around.is_ordinary(found) and not phrase.beats_idioms:
            continue
        plain = phrase.level_about_other_child if about_other else phrase.level
        level = around.level_of(found, phrase.category, plain)
        if level is None:
            continue
        yield Match(phrase.id, phrase.category, level, phrase.is_sure)
        if about_other:
            yield Match(phrase.id, Category.ANOTHER_CHILD, level, phrase.is_sure)
        if phrase.category in _ABUSE and _is_by_worker(words, found, phrase.category):
            yield Match(phrase.id, Category.ADULT_WHO_WORKS_WITH_CHILDREN, level, phrase.is_sure)


def _all_found(words: Sequence[Word], phrases: Phrases) -> Iterator[Found]:
    if phrases.sieves.net.lets_through(words):
        yield from find_in(phrases.net, words)
    if phrases.sieves.together.lets_through(words):
        yield from find_in_any_order(words, phrases.together)
    if len(words) <= SHORT and phrases.sieves.whole.lets_through(words):
        whole = find_in(phrases.whole, words)
        yield from (found for found in whole if (found.start, found.end) == (0, len(words)))


def _follows_other(words: Sequence[Word], found: Found) -> bool:
    """Say whether another child, not the writer, is the last one named before "want to die"."""
    for place in range(found.start - 1, max(-1, found.start - 1 - _REACH_OF_NOT), -1):
        if words[place].is_other_child or words[place].text in _WRITER:
            return words[place].is_other_child
    return False


class _Surroundings:
    """What stands around a phrase and changes what it means."""

    def __init__(self, words: Sequence[Word], phrases: Phrases) -> None:
        self.words = words
        self.sentence = _sentences(words)
        self.ordinary = _covered(find_in(phrases.ordinary, words), reach=0)
        self.supposing = _covered(find_in(phrases.supposing, words), reach=_REACH_OF_SUPPOSING)
        self.past = _covered(find_in(phrases.past, words), reach=_REACH_OF_SUPPOSING)
        self.made_up = {self.sentence[found.start] for found in find_in(phrases.made_up, words)}
        self.told_of = {self.sentence[found.start] for found in find_in(phrases.told_of, words)}

    def is_ordinary(self, found: Found) -> bool:
        """Say whether it touches an idiom or other everyday talk."""
        return any(place in self.ordinary for place in range(found.start, found.end))

    def level_of(self, found: Found, category: Category, level: Level) -> Level | None:
        """Give the level at which a phrase counts here, or None when it does not."""
        if self._is_a_story(found, category):
            return None
        if self._is_denied(found):
            return Level.WORRY if category in _OWN_HURT and self._still(found) else None
        if self._same_sentence(self.supposing, found):
            return Level.WORRY if level is Level.DANGER else None
        if category in _OWN_HURT and self._same_sentence(self.past, found):
            return Level.WORRY
        return level

    def _is_a_story(self, found: Found, category: Category) -> bool:
        """Say whether it is a game, or was read, watched or learnt about and happened to somebody else."""
        sentence = self.sentence[found.start]
        if category in _VIOLENCE and sentence in self.made_up:
            return True
        said = self.words[max(0, found.start - 2) : found.end + 1]  # the word after it as well: "rapes me"
        about = [word.text for word in said if not (word is said[-1] and word.opens_sentence)]
        return sentence in self.told_of and _ABOUT_WRITER.isdisjoint(about)

    def _same_sentence(self, covered: dict[int, int], found: Found) -> bool:
        origin = covered.get(found.start)
        return origin is not None and self.sentence[origin] == self.sentence[found.start]

    def _still(self, found: Found) -> bool:
        """Say whether "anymore" follows: who does not want to die any more did want to."""
        return any(word.text in _STILL for word in self.words[found.end : found.end + 2])

    def _is_denied(self, found: Found) -> bool:
        for place in range(found.start - 1, max(-1, found.start - 1 - _REACH_OF_NOT), -1):
            if self.words[place + 1].opens_sentence:
                return False
            word = self.words[place].text
            before = self.words[place - 1].text if place else ""
            if word in NEGATIONS:
                return before not in _ABLE  # "i can not stop" says that it goes on
            if word not in _PASSED and not (word == "i" and before in _SAID):
                return False
        return False


def _sentences(words: Sequence[Word]) -> list[int]:
    number = 0
    numbers = []
    for word in words:
        number += word.opens_sentence
        numbers.append(number)
    return numbers


def _covered(found: Iterator[Found], *, reach: int) -> dict[int, int]:
    """Give the words that lie in what was found or up to `reach` after it, with where it ended."""
    return {place: one.end - 1 for one in found for place in range(one.start, one.end + reach)}


def _is_by_worker(words: Sequence[Word], found: Found, category: Category) -> bool:
    """Say whether the nearest adult named in or before the phrase is one who works with children.

    A bully may be a pupil: then who is nearest is one, and no adult.
    """
    may_be_pupil = category is Category.BULLYING_WITH_FEAR
    for place in range(found.end - 1, max(-1, found.start - 1 - _REACH_OF_SUBJECT), -1):
        word = words[place]
        if "{worker}" in word.meanings:
            return True
        if "{family}" in word.meanings or (may_be_pupil and word.text in _PUPILS):
            return False
    return False
