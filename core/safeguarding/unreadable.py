"""Say whether a text can be read, and which language it most likely is: it decides only who is asked to read it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.safeguarding.languages import Language, Languages
from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.safeguarding.words import Lexicon, is_known

FEWEST_WORDS: Final = 3
KNOWN_SHARE: Final = 0.5
SURE: Final = 2
"""So many words of a language that English has not, or letters of its own, make it likely."""
MOST_WORDS: Final = 200
"""So many words of a long text are looked at: enough to know, and quick."""

_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_APOSTROPHES: Final = str.maketrans("", "", "'\u2019")
_WITHOUT_SPACES: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff]")  # Chinese and Japanese
_LETTERS_OF_A_WORD: Final = 2


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that we can not read; `language` is None where none of the list is likely."""

    language: Language | None

    @property
    def heard(self) -> Heard:
        """What it means for who reads concerns."""
        guess = f"perhaps {self.language.name}" if self.language else "unknown language, or no words"
        match = Match(f"can not be read: {guess}", Category.UNSPOKEN, Level.WORRY)
        return Heard(Level.WORRY, (Category.UNSPOKEN,), (match,))


def find_unreadable(text: str, languages: Languages, lexicon: Lexicon) -> Unreadable | None:
    """Give what the text may be when we know fewer than half of its words; None when we can read it.

    Words that English and a likely other language share count for the other. Symbols, numbers and single letters
    are no words; text-speak, slips and words written as they sound are known.
    """
    words = list(_words(unicodedata.normalize("NFKC", text).casefold()))
    if len(words) < FEWEST_WORDS:
        return None
    language = _likely(words, languages, lexicon)
    known = [
        word
        for word in words
        if not (language and word in language.words)
        and _is_english(word.translate(_APOSTROPHES), languages, lexicon)
    ]
    return Unreadable(language) if len(known) / len(words) < KNOWN_SHARE else None


def _words(text: str) -> Iterator[str]:
    for written in text.split()[:MOST_WORDS]:
        word = written if written.isalpha() else _EDGES.sub("", written)
        if not word.isascii() and _WITHOUT_SPACES.search(word):
            yield from re.findall(f".{{1,{_LETTERS_OF_A_WORD}}}", word[: MOST_WORDS * _LETTERS_OF_A_WORD])
        elif len(word) > 1 and (word.isalpha() or any(c.isalpha() for c in word)):
            yield word


def _is_english(word: str, languages: Languages, lexicon: Lexicon) -> bool:
    """Say whether a word is one we know; "h1ts" and "2day" are letters written as figures, and no other language."""
    return word in languages.english or is_known(word, lexicon) or any(c.isdigit() for c in word)


def _likely(words: Sequence[str], languages: Languages, lexicon: Lexicon) -> Language | None:
    told = {word for word in words if word not in lexicon.real_words and word not in lexicon.meanings}
    letters: set[str] = set().union(*words)
    if not told and languages.letters.isdisjoint(letters):
        return None
    scored = [(len(each.words & told) + len(letters & each.letters), each) for each in languages.others]
    best = max(scored, key=lambda one: one[0], default=(0, None))
    return best[1] if best[0] >= SURE else None
