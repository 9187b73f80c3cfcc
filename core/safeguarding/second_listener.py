"""Hear a worry where no phrase was heard: a small model of what our own examples mean and how they are written.

It may only raise a worry, and nothing needs it: without its files the phrases listen alone.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from core.text.meaning import SentenceMeaning, Vectors

Ear = Callable[[str], bool]
"""Says whether some words are a worry that no phrase hears."""

WEIGHTS, CARD = "weights.npz", "card.json"

SHORTEST_WORDS: Final = 3
"""Of fewer words nothing is heard: "no", "not really", "my dad" are answers to our questions."""
PIECE_WORDS: Final = 50
"""A longer text is heard piece by piece: in a long one the sentence that matters would be lost among the others."""
STEP_WORDS: Final = 40
MOST_PIECES: Final = 50

STEPS: Final = 512
"""Vectors are kept in eight bits, in steps of 1/512: no number in them is over 0.25 but for a few."""
BINS: Final = 1 << 14
"""Words and parts of words are counted in so many places, by a hash."""
_SIGN: Final = 31
_LETTERS: Final = (3, 4, 5)
_WORD: Final = re.compile(r"[a-z0-9']+|[^\w\s]")


class ListenerMissing(Exception):
    """Its files are not there or can't be read; the words say what to do."""


class Card(BaseModel):
    """What is written beside the weights: what they were taught with, and where a worry begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float
    nearness: float
    """How quickly an example that means something else stops counting."""
    bias: float
    lessons_sha256: str
    measured: dict[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """Each example's meaning in eight bits and what it says for a worry; and what each bin of writing says."""

    view: NDArray[np.float32]  # (384, kept): what is looked at of a meaning
    meanings: NDArray[np.int8]  # (examples, kept)
    says: NDArray[np.float32]  # (examples,)
    writing: NDArray[np.float32]  # (BINS,)


class SecondListener:
    """Hears with the weights of a folder; may be used from any thread."""

    def __init__(self, weights: Weights, card: Card, meaning: SentenceMeaning) -> None:
        self.card = card
        self._weights, self._meaning = weights, meaning
        self._meanings = restore(weights.meanings)

    @classmethod
    def load(cls, folder: Path, meaning: SentenceMeaning) -> "SecondListener":
        """Open the two files of the folder; raises ListenerMissing."""
        try:
            card = Card.model_validate(json.loads((folder / CARD).read_text(encoding="utf-8")))
            with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
                weights = Weights(
                    kept["view"].astype(np.float32), kept["meanings"], kept["says"], kept["writing"]
                )
        except (OSError, ValueError, ValidationError, KeyError, BadZipFile) as error:
            raise ListenerMissing(
                f"{folder} can not be used ({type(error).__name__}). Get its files again, or teach it: "
                "python -m app.teach_listener"
            ) from error
        return cls(weights, card, meaning)

    def hears(self, text: str) -> bool:
        """Say whether it hears a worry; about 10 ms for a short message."""
        return self.score(text) > self.card.threshold

    def score(self, text: str) -> float:
        """Give how much a text sounds like the examples of danger and worry: from about -1 to 1; the worst piece's."""
        pieces = pieces_of(text)
        if not pieces:
            return -1.0
        seen = look(self._meaning.embed(pieces), self._weights.view)
        near = nearness(seen, self._meanings, self.card.nearness)
        written = np.array([self._written(piece) for piece in pieces])
        scores = near @ self._weights.says + written + np.float32(self.card.bias)
        return float(scores.max())

    def _written(self, piece: str) -> float:
        return sum(share * float(self._weights.writing[place]) for place, share in writing_of(piece).items())


def pieces_of(text: str) -> list[str]:
    """Cut a text into pieces that overlap; none when it has too few words to say anything."""
    words = text.split()
    if sum(any(c.isalnum() for c in word) for word in words) < SHORTEST_WORDS:
        return []
    if len(words) <= PIECE_WORDS + STEP_WORDS // 2:
        return [text]
    starts = range(0, len(words), STEP_WORDS)[:MOST_PIECES]
    return [" ".join(words[start : start + PIECE_WORDS]) for start in starts]


def writing_of(text: str) -> dict[int, float]:
    """Count words, pairs of words and parts of words by a hash; the shares of all have length 1."""
    words = _WORD.findall(text.casefold())
    line = f" {' '.join(words)} "
    found = [f"w {word}" for word in words]
    found += [f"b {one} {next_one}" for one, next_one in zip(["^", *words], [*words, "$"], strict=True)]
    found += [f"c{line[at : at + size]}" for size in _LETTERS for at in range(len(line) - size + 1)]
    counts: Counter[int] = Counter()
    for each in found:
        hashed = crc32(each.encode())
        counts[hashed % BINS] += 1 if hashed >> _SIGN else -1
    roots = {place: float(np.sign(count) * abs(count) ** 0.5) for place, count in counts.items() if count}
    length = sum(root * root for root in roots.values()) ** 0.5
    return {place: root / length for place, root in roots.items()}


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


def count_writing(texts: Sequence[str]) -> NDArray[np.float32]:
    """Give the bins of many texts, one row each; for teaching."""
    rows = np.zeros((len(texts), BINS), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for place, share in writing_of(text).items():
            row[place] = share
    return rows
