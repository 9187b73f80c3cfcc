"""Hear the words of a message however they are written: text-speak, slips, symbols, letters apart."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jellyfish import metaphone
from rapidfuzz.distance import OSA

from core.safeguarding.apostrophes import write_out
from core.safeguarding.joining import Joined, join_words
from core.safeguarding.net import Word
from core.text.clean import without_piled_marks

_PIECE: Final = re.compile(r"[a-z0-9@$*]+(?:[!|+][a-z0-9@$*]+)*|[^a-z0-9@$*]+")
_SENTENCE_END: Final = re.compile(r"[.!?,;:\n]")
_LEET: Final = str.maketrans("013457@$!|+", "oieastasiit")
_REPEATED: Final = re.compile(r"([a-z])\1{2,}")
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_LOOKALIKES: Final = str.maketrans(  # letters of other scripts that look like ours
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u03bf\u03b1\u0131", "aeopcyxisoai"
)

_SHORTEST_STARRED: Final = 4
_SHORTEST_SLIP: Final = 5  # shorter words are too near to others
_SHORTEST_SOUND: Final = 3
_LONGEST_SURE: Final = 6  # in longer words one wrong letter is a slip, however it sounds
_MOST_CHANGED: Final = 2  # letters between a word and one that sounds like it; of three letters, one
_LONGEST_WORD: Final = 16
LETTERS_APART: Final = 4
_FEWEST_TELEGRAPHIC: Final = 3
_MOST_TELEGRAPHIC: Final = 16
_WORDS_TELEGRAPHIC: Final = 3  # of a sentence, taken over all of them
_PRONOUN_REACH: Final = 15

OTHER_CHILD: Final = "{other_child}"
NOTHING: Final[frozenset[str]] = frozenset()
# After "my friend" or "my sister", these may mean that child.
STANDS_FOR_OTHER: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("he", "she", "they"), ("{i}",)),
    **dict.fromkeys(("him", "them"), ("{me}",)),
    "her": ("{me}", "{my}"),
    **dict.fromkeys(("his", "their"), ("{my}",)),
    **dict.fromkeys(("himself", "herself", "themselves", "themself"), ("{myself}",)),
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that phrases are made of, and the ways in which people write them."""

    meanings: Mapping[str, frozenset[str]]  # of each word: itself, and the "{sets}" that hold it
    spelling: Mapping[str, tuple[str, ...]]  # one written word to the words that it means
    joined: Joined
    symbols: Mapping[int, str]  # a character's code to a word, for str.translate
    real_words: frozenset[str]  # English words that are never taken for a slip
    slips: Mapping[str, tuple[str, ...]]  # a word with one letter out, to the words it may come from
    sounds: Mapping[str, tuple[str, ...]]  # how a word sounds, to the words that sound so

    def knows(self, written: str) -> bool:
        """Say whether a word can be part of a phrase as it stands."""
        return written in self.meanings or written in self.spelling


def slips_of(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Index words of four letters and more by themselves with none or one letter left out."""
    index: dict[str, list[str]] = {}
    for word in sorted(words):
        if _SHORTEST_STARRED <= len(word) <= _LONGEST_WORD and word.isalpha():
            for short in _shortened(word):
                index.setdefault(short, []).append(word)
    return {short: tuple(found) for short, found in index.items()}


def sounds_of(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Index words of three letters and more by how they sound: "unkl" is how "uncle" sounds."""
    index: dict[str, list[str]] = {}
    for word in sorted(words):
        if _SHORTEST_SOUND <= len(word) <= _LONGEST_WORD and word.isalpha():
            index.setdefault(metaphone(word), []).append(word)
    return {sound: tuple(found) for sound, found in index.items()}


def hear_words(text: str, lexicon: Lexicon) -> list[Word]:
    """Give the words of a raw message as phrases are written, in time that grows with its length."""
    written = list(_written(_plain(text, lexicon), lexicon))
    if is_telegraphic(written):
        written = [(word, not place) for place, (word, _) in enumerate(written)]
    spelt: list[tuple[str, bool]] = []
    for word, opens in _join_letters(written, lexicon):
        first, *others = spell(word, lexicon)
        spelt.append((first, opens))
        spelt += [(part, False) for part in others]
    return _with_meanings(join_words(spelt, lexicon.joined), lexicon)


def is_telegraphic(written: Sequence[tuple[str, bool]]) -> bool:
    """Say whether a short message is a row of words, as "mum hit. hard. face.": it is heard as one sentence."""
    if len(written) > _MOST_TELEGRAPHIC:
        return False
    sentences = sum([opens for _, opens in written])
    most = min(_MOST_TELEGRAPHIC, sentences * _WORDS_TELEGRAPHIC)
    return sentences >= _FEWEST_TELEGRAPHIC and len(written) <= most


def _plain(text: str, lexicon: Lexicon) -> str:
    if text.isascii():  # no symbol, mark or lookalike is: most messages
        return write_out(text.casefold())
    text = text.translate(lexicon.symbols)
    text = unicodedata.normalize("NFKD", without_piled_marks(text))
    text = "".join(c for c in text if unicodedata.category(c) not in {"Mn", "Cf"})
    return write_out(text.casefold().translate(_LOOKALIKES))


def _written(plain: str, lexicon: Lexicon) -> Iterator[tuple[str, bool]]:
    """Give each written word, and whether it opens a sentence or a part of one."""
    opens = True
    for piece in _PIECE.findall(plain):
        if piece == " ":
            continue
        if piece.isalpha() and piece.isascii():
            yield piece, opens
            opens = False
            continue
        if not piece[0].isalnum() and piece[0] not in "@$*":
            opens = opens or _SENTENCE_END.search(piece) is not None
            continue
        for word in _unmasked(piece, lexicon):
            yield word, opens
            opens = False


def _unmasked(piece: str, lexicon: Lexicon) -> list[str]:
    """Read "k1ll" and "h!t" as letters when that gives a word of a phrase."""
    if piece.isalpha() or len(piece) > _LONGEST_WORD:
        return [piece] if piece.isalnum() else re.findall(r"[a-z0-9]+", piece)
    letters = piece.translate(_LEET)
    if not piece.isdigit() and lexicon.knows(letters):
        return [letters]
    if "*" in piece.strip("*"):
        starred = lexicon.slips.get(piece.replace("*", ""), ())
        fitting = [word for word in starred if len(word) == len(piece)]
        return fitting[:1] or piece.split("*")
    return re.findall(r"[a-z0-9]+", piece)


def _join_letters(words: Sequence[tuple[str, bool]], lexicon: Lexicon) -> Iterable[tuple[str, bool]]:
    """Read "k i l l" as "kill"; what stands between two stars is no word."""
    few = sum([len(word) == 1 for word, _ in words]) < LETTERS_APART
    return [each for each in words if each[0]] if few else _with_letters_joined(words, lexicon)


def _with_letters_joined(words: Sequence[tuple[str, bool]], lexicon: Lexicon) -> Iterator[tuple[str, bool]]:
    run: list[tuple[str, bool]] = []
    for word, opens in (*words, ("", True)):
        if len(word) == 1 and word.isalpha():
            run.append((word, opens))
            continue
        if len(run) >= LETTERS_APART:
            first_opens = run[0][1]
            for number, part in enumerate(_cut("".join(letter for letter, _ in run), lexicon)):
                yield part, first_opens and not number
        else:
            yield from run
        run = []
        if word:
            yield word, opens


def _cut(letters: str, lexicon: Lexicon) -> Iterator[str]:
    """Cut letters into known words, always the longest that fits."""
    place = 0
    while place < len(letters):
        ends = range(min(len(letters), place + _LONGEST_WORD), place + 1, -1)
        end = next((end for end in ends if lexicon.knows(letters[place:end])), place + 1)
        yield letters[place:end]
        place = end


def spell(written: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Give the words that a written word means; itself when it means nothing in any phrase."""
    if written in lexicon.spelling:
        return lexicon.spelling[written]
    if written in lexicon.meanings or written in lexicon.real_words:
        return (written,)
    for shorter in (
        _REPEATED.sub(r"\1\1", written),
        _REPEATED.sub(r"\1", written),
        _DOUBLED.sub(r"\1", written),
    ):
        if shorter != written and len(shorter) > 1 and lexicon.knows(shorter):
            return lexicon.spelling.get(shorter, (shorter,))
    if written.endswith("in") and f"{written}g" in lexicon.meanings:
        return (f"{written}g",)
    return (_right(written, lexicon),)


def is_known(written: str, lexicon: Lexicon) -> bool:
    """Say whether a written word is English, text-speak, or a slip for a word that phrases are made of."""
    is_as_it_stands = written in lexicon.meanings or written in lexicon.real_words
    return is_as_it_stands or spell(written, lexicon) != (written,)


def _right(written: str, lexicon: Lexicon) -> str:
    """Put one slip right (a letter too many, too few, wrong or swapped, not the first), or write what is heard."""
    if not written.isalpha() or not _SHORTEST_SOUND <= len(written) <= _LONGEST_WORD:
        return written
    if len(written) >= _SHORTEST_SLIP:
        meant = {
            word
            for short in _shortened(written)
            for word in lexicon.slips.get(short, ())
            if len(word) >= _SHORTEST_SLIP and word[0] == written[0] and _is_slip(word, written)
        }
        if meant:
            return min(meant)
    most = _MOST_CHANGED if len(written) > _SHORTEST_SOUND else 1
    alike = [(OSA.distance(word, written), word) for word in lexicon.sounds.get(metaphone(written), ())]
    return min(((changed, word) for changed, word in alike if changed <= most), default=(0, written))[1]


def _is_slip(word: str, written: str) -> bool:
    """Say whether one letter is out; in a short word another letter must sound the same ("ranes" is not "rapes")."""
    is_other_letter = len(word) == len(written) <= _LONGEST_SURE and sorted(word) != sorted(written)
    sounds_right = not is_other_letter or metaphone(word) == metaphone(written)
    return sounds_right and OSA.distance(word, written) == 1


def _shortened(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _with_meanings(words: Iterable[tuple[str, bool]], lexicon: Lexicon) -> list[Word]:
    since_other_child = _PRONOUN_REACH + 1
    found = []
    for text, opens in words:
        meanings = lexicon.meanings.get(text, NOTHING)
        other = OTHER_CHILD in meanings
        since_other_child = 0 if other else since_other_child + 1
        if text in STANDS_FOR_OTHER and since_other_child <= _PRONOUN_REACH:
            meanings, other = meanings.union(STANDS_FOR_OTHER[text]), True
        found.append(Word(text, meanings, other, opens))
    return found
