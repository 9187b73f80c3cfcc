"""Find which offered choice somebody meant by what they typed."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import OSA

LONGEST_ANSWER_WORDS: Final = 8
"""More words than this are something to say, not a choice, unless they are exactly a label."""

_LONGEST_ANSWER_CHARACTERS: Final = 80
_CLOSE: Final = 0.75
_CLEARLY_CLOSER: Final = 0.15
_SHORTEST_FUZZY: Final = 4

_NUMBER_WORDS: Final = {
    word: number
    for number, words in enumerate(
        (
            *("one first 1st", "two second 2nd", "three third 3rd", "four fourth 4th", "five fifth 5th"),
            *("six sixth 6th", "seven seventh 7th", "eight eighth 8th", "nine ninth 9th", "ten tenth 10th"),
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER_LEADS: Final = frozenset({"no", "nr", "num", "number", "option", "choice", "answer", "opt", "the"})
_NUMBER_TAILS: Final = frozenset({"one", "please", "pls", "option", "choice", "answer", "thanks"})
_RANGE: Final = re.compile(r"(\d+)\s*(?:-|to)\s*(\d+)")
_AGE: Final = re.compile(r"(?:(?:i )?(?:am|im|age|aged) )?(\d{1,3})(?: (?:years?|yrs?|y)(?: old)?| old)?")

# Words that change nothing in a short answer: "its good", "i feel safe", "yes please".
_FILLER_LIST: Final = (
    "i it its is im am ive feel think the a an my me please pls plz thanks thank um er well just that this "
    "so they them are was were be id say choose pick want really mostly and to of for"
)
_FILLERS: Final = frozenset(_FILLER_LIST.split())
_NEGATIVE_LIST: Final = (
    "not no never none dont doesnt didnt isnt wasnt arent werent cant wont havent hasnt nt"
)
_NEGATIVES: Final = frozenset(_NEGATIVE_LIST.split())
_SAME_AS: Final = {
    "idk": "dont know", "dk": "dont know", "dunno": "dont know", "dno": "dont know", "unsure": "not sure",
    "yeah": "yes", "yea": "yes", "yep": "yes", "yup": "yes", "ye": "yes", "yh": "yes", "y": "yes",
    "nope": "no", "nah": "no", "n": "no", "naa": "no", "naw": "no",
    "ok": "ok", "okay": "ok", "k": "ok", "alot": "a lot", "smtimes": "sometimes", "sumtimes": "sometimes",
    "pass": "skip", "next": "skip", "gud": "good", "gd": "good",
}  # fmt: skip
_ASKING: Final = frozenset({"is", "are", "do", "does", "can", "what", "why", "how", "who", "when", "where"})
_NOT_KNOWING: Final = frozenset({"not know", "not no", "no idea", "not sure", "no clue"})

_FACES: Final = {
    "good": "\U0001f600\U0001f603\U0001f604\U0001f601\U0001f606\U0001f642\U0001f60a\u263a\U0001f60d\U0001f970"
    "\U0001f60e\U0001f929\U0001f44d\u2764\U0001f63a",
    "middle": "\U0001f610\U0001f611\U0001f636\U0001fae4\U0001f937",
    "bad": "\U0001f641\u2639\U0001f61e\U0001f61f\U0001f622\U0001f62d\U0001f614\U0001f625\U0001f623\U0001f616"
    "\U0001f629\U0001f62b\U0001f620\U0001f621\U0001f44e\U0001f63f",
}
_FEELINGS: Final = {
    "good": frozenset({"good", "happy", "nice", "smile", "great", "like", "easy", "yes"}),
    "middle": frozenset({"middle", "ok", "okay", "mixed", "neutral"}),
    "bad": frozenset({"bad", "sad", "unhappy", "not", "angry", "unkind", "hard", "dislike", "no"}),
}


def match_choice(typed: str, labels: Sequence[str], *, symbols: Sequence[str | None] = ()) -> int | None:
    """Give the index of the label that was meant, or None when it is not plain which one.

    `typed` may be a number ("1", "no 1", "option 2"; an age, where labels are bands of ages), a label, or a
    near-miss of one. `symbols` are the concepts of the labels' pictures, in the same order: they let a face
    stand for a feeling. Where two labels are close to what was typed, none is guessed.
    """
    words = _words(typed)
    plain_labels = [_words(label) for label in labels]
    if words and plain_labels.count(words) == 1:
        return plain_labels.index(words)
    if len(words) > LONGEST_ANSWER_WORDS or len(typed) > _LONGEST_ANSWER_CHARACTERS:
        return None
    if not words:
        return _by_face(typed, labels, symbols)
    if len(words) > 1 and words[0] in _ASKING:
        return None
    for way in (_by_number, _by_age, _by_meaning, _by_likeness):
        found = way(words, plain_labels)
        if found is not None:
            return found
    return None


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text[: _LONGEST_ANSWER_CHARACTERS * 4]).casefold()
    plain = re.sub("['\u2019\u20e3\ufe0f]", "", plain)
    return tuple(re.findall(r"[^\W_]+(?:\s*-\s*\d+)?", plain))


def _by_number(words: tuple[str, ...], labels: Sequence[tuple[str, ...]]) -> int | None:
    core = list(words)
    while len(core) > 1 and core[0] in _NUMBER_LEADS:
        core.pop(0)
    while len(core) > 1 and core[-1] in _NUMBER_TAILS:
        core.pop()
    if len(core) != 1:
        return None
    word = core[0]
    is_number = word.isascii() and word.isdigit() and len(word) <= len("100")
    number = int(word) if is_number else _NUMBER_WORDS.get(word, 0)
    return number - 1 if 1 <= number <= len(labels) else None


def _by_age(words: tuple[str, ...], labels: Sequence[tuple[str, ...]]) -> int | None:
    """Find the one band that holds a number which is no choice's own."""
    said = _AGE.fullmatch(" ".join(words))
    if said is None:
        return None
    number = int(said[1])
    holding = [index for index, label in enumerate(labels) if _holds(label, number)]
    return holding[0] if len(holding) == 1 else None


def _holds(label: tuple[str, ...], number: int) -> bool:
    band = _RANGE.search(" ".join(label))
    return (int(band[1]) <= number <= int(band[2])) if band else str(number) in label


def _meaning(words: Sequence[str]) -> tuple[str, ...]:
    """Keep the words that carry an answer, with like words made one and every kind of "not" made "not"."""
    same = " ".join(_SAME_AS.get(word, word) for word in words).split()
    if len(same) == 1:
        return tuple(same)
    kept = ("not" if word in _NEGATIVES - {"no", "none"} else word for word in same if word not in _FILLERS)
    return tuple(kept) or tuple(same)


def _by_meaning(words: tuple[str, ...], labels: Sequence[tuple[str, ...]]) -> int | None:
    said = _meaning(words)
    meanings = [_meaning(label) for label in labels]
    if " ".join(said) in _NOT_KNOWING:
        same = [index for index, meaning in enumerate(meanings) if " ".join(meaning) in _NOT_KNOWING]
    else:
        same = [index for index, meaning in enumerate(meanings) if "".join(meaning) == "".join(said)]
    if not same:
        same = [
            index
            for index, meaning in enumerate(meanings)
            if set(said) < set(meaning) and _is_negative(said) == _is_negative(meaning)
        ]
    return same[0] if len(same) == 1 else None


def _by_likeness(words: tuple[str, ...], labels: Sequence[tuple[str, ...]]) -> int | None:
    said = _meaning(words)
    scores = sorted(
        ((_likeness(said, _meaning(label)), index) for index, label in enumerate(labels)), reverse=True
    )
    if not scores or scores[0][0] < _CLOSE:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < _CLEARLY_CLOSER:
        return None
    return scores[0][1]


def _likeness(said: tuple[str, ...], label: tuple[str, ...]) -> float:
    """From 0 to 1; 0 when one says "not" and the other does not, or when a slip is not likely at all.

    People slip inside a word, seldom on its first letter, and "unsafe" is no slip of "safe".
    """
    one, other = "".join(said), "".join(label)
    if min(len(one), len(other)) < _SHORTEST_FUZZY or one[0] != other[0]:
        return 0.0
    if _is_negative(said) != _is_negative(label) or any(character.isdigit() for character in one + other):
        return 0.0
    return OSA.normalized_similarity(one, other)


def _is_negative(words: Sequence[str]) -> bool:
    return any(word in _NEGATIVES for word in words)


def _by_face(typed: str, labels: Sequence[str], symbols: Sequence[str | None]) -> int | None:
    shown = {feeling for feeling, faces in _FACES.items() for character in typed if character in faces}
    if len(shown) != 1 or not symbols:
        return None
    (feeling,) = shown
    fitting = [
        index
        for index, (label, symbol) in enumerate(zip(labels, symbols, strict=False))
        if symbol
        and _feeling_of((*_words(symbol.replace("_", " ").replace("-", " ")), *_words(label))) == feeling
    ]
    return fitting[0] if len(fitting) == 1 else None


def _feeling_of(words: Sequence[str]) -> str | None:
    """Name the feeling in words; "not good" is bad though it holds "good", so bad is looked for first."""
    for feeling in ("bad", "middle", "good"):
        if _FEELINGS[feeling] & set(words):
            return feeling
    return None
