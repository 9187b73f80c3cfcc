"""Hear what no phrase hears: a small model of what our own examples mean and how they are written.

It raises a worry or, where it is sure that something is told plainly, danger; a phrase that was heard makes it surer.
What phrases heard is weighed with it (core.safeguarding.weighing). Nothing needs it: without its files the phrases
listen alone.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from core.safeguarding.phrases import Level, Phrases, graver
from core.safeguarding.rules import Heard, listen
from core.text.meaning import TINY, SentenceMeaning, Vectors

Places = NDArray[np.intp]
Ear = Callable[[str], Level | None]
"""Says which level the second listener hears in some words, knowing which phrases are in them; None for nothing."""


class FarEar(Protocol):
    """The same where it is heard elsewhere, in a process of its own."""

    async def hear(self, text: str, *, can_wait: bool = False) -> Level | None:
        """Say which level is heard; raises whatever keeps it from hearing. What can wait lets others go first."""


WEIGHTS, CARD = "weights.npz", "card.json"

SHORTEST_WORDS: Final = 3
"""Of fewer words nothing is heard: "no", "not really", "my dad" are answers to our questions."""
PIECE_WORDS: Final = 40
"""A longer text is heard piece by piece: in a long one the sentence that matters would be lost among the others."""
STEP_WORDS: Final = 30
MOST_PIECES: Final = 50
PART_WORDS: Final = 14
"""About as long as the messages that it was taught with."""

STEPS: Final = 512
"""Vectors are kept in eight bits, in steps of 1/512: no number in them is over 0.25 but for a few."""
BINS: Final = 1 << 16
"""Words and parts of words are counted in so many places, by a hash."""
_SIGN: Final = 31
_LETTERS: Final = (3, 4, 5)
_END: Final = re.compile(r"[.!?\n]+")
_WORD: Final = re.compile(r"[a-z0-9']+|[^\w\s]")


class ListenerMissing(Exception):
    """Its files are not there or can't be read; the words say what to do."""


class Scores(NamedTuple):
    """How much words sound like danger or a worry, and how much like danger told plainly: from about -1 to 1."""

    worry: float
    plain: float

    def level_of(self, scores: "Scores") -> Level | None:
        """Where these are what each level begins over: say which level the scores are, if any."""
        if scores.plain > self.plain:
            return Level.DANGER
        return Level.WORRY if scores.worry > self.worry else None


NOTHING_HEARD: Final = Scores(-1.0, -1.0)


class Card(BaseModel):
    """What is written beside the weights: what they were taught with, and over which scores something is heard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins: Scores
    """Where no phrase is heard a worry is heard over the first, danger over the second."""
    begins_with: Mapping[Level, Scores]
    """The same where phrases heard this level in the words."""
    nearness: float
    """How quickly an example that means something else stops counting."""
    bias: Scores
    lessons_sha256: str
    measured: dict[str, float]

    def begins_where(self, by_phrases: Level | None) -> Scores:
        """Give the scores over which something is heard, where phrases heard this level in the same words."""
        return self.begins if by_phrases is None else self.begins_with[by_phrases]


@dataclass(frozen=True, slots=True)
class Weights:
    """Each example's meaning in eight bits, and what it and each bin of writing say for a worry and for danger."""

    view: NDArray[np.float32]  # (384, kept): what is looked at of a meaning
    meanings: NDArray[np.int8]  # (examples, kept)
    says: NDArray[np.float32]  # (examples, 2)
    writing: NDArray[np.float32]  # (BINS, 2)
    seen: NDArray[np.uint16]  # (BINS,): in how many examples


class SecondListener:
    """Hears with the weights of a folder; may be used from any thread."""

    def __init__(self, weights: Weights, card: Card, meaning: SentenceMeaning, phrases: Phrases) -> None:
        self.card = card
        self._weights, self._meaning, self._phrases = weights, meaning, phrases
        self._meanings = restore(weights.meanings)
        self._rarity = rarity_of(weights.seen, len(weights.says))

    @classmethod
    def load(cls, folder: Path, meaning: SentenceMeaning, phrases: Phrases) -> "SecondListener":
        """Open the two files of the folder; raises ListenerMissing."""
        try:
            card = Card.model_validate(json.loads((folder / CARD).read_text(encoding="utf-8")))
            with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
                view, writing = kept["view"].astype(np.float32), kept["writing"].astype(np.float32)
                weights = Weights(view, kept["meanings"], kept["says"], writing, kept["seen"])
        except (OSError, ValueError, ValidationError, KeyError, BadZipFile) as error:
            raise ListenerMissing(
                f"{folder} can not be used ({type(error).__name__}). Get its files again, or teach it: "
                "python -m app.teach_listener"
            ) from error
        return cls(weights, card, meaning, phrases)

    def hears(self, text: str) -> Level | None:
        """Say which level it hears, if any, knowing what phrases hear; about 10 ms for a short message.

        Where a phrase was heard it hears each part with it by itself too: what matters is not lost among other talk.
        """
        heard = listen(text, self._phrases)
        level = self._level_of(text, heard)
        for part in parts_of(text) if heard else ():
            if level is Level.DANGER:
                break
            if (heard_here := listen(part, self._phrases)) is not None:
                level = graver(level, self._level_of(part, heard_here))
        return level

    def begins_at(self, text: str) -> Scores:
        """Give the scores over which something is heard in these words: lower where phrases heard something too."""
        return self._begins_with(listen(text, self._phrases))

    def _level_of(self, text: str, heard: Heard | None) -> Level | None:
        return self._begins_with(heard).level_of(self.score(text))

    def _begins_with(self, heard: Heard | None) -> Scores:
        return self.card.begins_where(heard.level if heard else None)

    def score(self, text: str) -> Scores:
        """Give how much a text sounds like the examples; of a long one the worst piece's, in each way."""
        pieces = pieces_of(text)
        if not pieces:
            return NOTHING_HEARD
        seen = look(self._meaning.embed(pieces), self._weights.view)
        near = nearness(seen, self._meanings, self.card.nearness)
        written = np.array([self._written(piece) for piece in pieces])
        scores = near @ self._weights.says + written + np.array(self.card.bias)
        return Scores(*(float(each) for each in scores.max(axis=0)))

    def _written(self, piece: str) -> NDArray[np.float32]:
        places, shares = weigh(writing_of(piece), self._rarity)
        found: NDArray[np.float32] = shares @ self._weights.writing[places]
        return found


def pieces_of(text: str) -> list[str]:
    """Cut a text into pieces that overlap; none when it has too few words to say anything."""
    words = text.split()
    if sum(any(c.isalnum() for c in word) for word in words) < SHORTEST_WORDS:
        return []
    if len(words) <= PIECE_WORDS + STEP_WORDS // 2:
        return [text]
    starts = range(0, len(words), STEP_WORDS)[:MOST_PIECES]
    return [" ".join(words[start : start + PIECE_WORDS]) for start in starts]


def parts_of(text: str) -> Iterator[str]:
    """Give the sentences of a text, and stretches of so many words that overlap; none of what is all one part."""
    words = text.split()
    if len(words) > PART_WORDS:
        last = min(len(words), PIECE_WORDS + STEP_WORDS * (MOST_PIECES - 1)) - PART_WORDS // 2
        yield from (" ".join(words[at : at + PART_WORDS]) for at in range(0, last, PART_WORDS // 2))
    sentences = [each for each in _END.split(text) if each.strip()]
    if len(sentences) > 1:
        yield from sentences[:MOST_PIECES]


def writing_of(text: str) -> dict[int, float]:
    """Count words, pairs of words and parts of words by a hash; what comes often counts by its root."""
    words = _WORD.findall(text.casefold())
    line = f" {' '.join(words)} "
    found = [f"w {word}" for word in words]
    found += [f"b {one} {next_one}" for one, next_one in zip(["^", *words], [*words, "$"], strict=True)]
    found += [f"c{line[at : at + size]}" for size in _LETTERS for at in range(len(line) - size + 1)]
    counts: Counter[int] = Counter()
    for each in found:
        hashed = crc32(each.encode())
        counts[hashed % BINS] += 1 if hashed >> _SIGN else -1
    return {place: float(np.sign(count) * abs(count) ** 0.5) for place, count in counts.items() if count}


def rarity_of(seen: NDArray[np.uint16], examples: int) -> NDArray[np.float32]:
    """Say how much each bin tells: the fewer of the examples have it, the more."""
    rarity: NDArray[np.float32] = np.log((1 + examples) / (1 + seen.astype(np.float32)))
    return rarity


def weigh(counts: Mapping[int, float], rarity: NDArray[np.float32]) -> tuple[Places, NDArray[np.float32]]:
    """Give the bins of a text and what each counts; all of them have length 1."""
    places = np.fromiter(counts, dtype=np.intp, count=len(counts))
    found = np.fromiter(counts.values(), dtype=np.float32, count=len(counts)) * rarity[places]
    return places, found / max(np.linalg.norm(found), np.float32(TINY))


def look(meanings: Vectors, view: Vectors) -> Vectors:
    """Give of each meaning what is looked at, of length 1 again."""
    seen = meanings @ view
    shown: Vectors = seen / np.linalg.norm(seen, axis=1, keepdims=True)
    return shown


def nearness(asked: Vectors, known: Vectors, width: float) -> Vectors:
    """Give how near each asked meaning is to each known one: 1 for the same, towards 0 for another."""
    near: Vectors = np.exp(-np.float32(2 * width) * (1 - asked @ known.T))
    return near


def round_off(vectors: Vectors) -> NDArray[np.int8]:
    """Keep vectors in eight bits."""
    return np.clip(np.rint(vectors * STEPS), -127, 127).astype(np.int8)


def restore(kept: NDArray[np.int8]) -> Vectors:
    """Give vectors back as they were, but for the rounding."""
    return kept.astype(np.float32) / np.float32(STEPS)
