"""Turn sentences into vectors of what they mean, so that "my ta left" lies near "i lost my helper".

The weights are all-MiniLM-L6-v2 (Apache-2.0), fetched at set-up into models/embeddings/minilm. Rasa's Python 3.10
imports this module too, so it needs no more than numpy and tokenizers, and no newer Python. Load it once, where the
parts are put together, and hand it over: it may be used from any thread.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
"""One row a sentence, each of length 1, so that the product of two rows says how near they are (-1 to 1)."""

SIZE = 384
FILES: Mapping[str, str] = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The files of the folder, and the sha256 of the only ones that are used."""

LAYERS, HEADS = 6, 12
MOST_TOKENS = 128
AT_ONCE = 64
"""Sentences worked on together: more gain nothing, and need more memory."""
TINY = 1e-12


class MeaningMissing(Exception):
    """The weights are not where they should be, or are not the ones we know; the words say what to do."""


class SentenceMeaning:
    """Sentence embeddings without torch; about 10 ms for a short message on one core."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._weights = weights
        self._layers = [_Layer(weights, f"encoder.layer.{number}.") for number in range(LAYERS)]

    @classmethod
    def load(cls, folder: Path) -> SentenceMeaning:
        """Open the two files of the folder (the numbers are mapped, not read); raises MeaningMissing."""
        weights, tokenizer = (_checked(folder / name, sha256) for name, sha256 in FILES.items())
        cutter = Tokenizer.from_file(str(tokenizer))
        cutter.no_padding()
        cutter.enable_truncation(MOST_TOKENS)
        return cls(_map_matrices(weights), cutter)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 vectors of shape (len(texts), 384) and length 1, in the order of the texts.

        Only the first 128 pieces of words count, about 90 words. The same text gives the same vector up to
        rounding, whatever else is asked with it.
        """
        tokens = [encoded.ids for encoded in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(tokens), SIZE), dtype=np.float32)
        for places in _of_equal_length(tokens):
            vectors[places] = self._forward(np.array([tokens[place] for place in places]))
        return vectors

    def _forward(self, ids: NDArray[np.int64]) -> Vectors:
        """Take sentences of one length, so that none needs filling up; ids is (sentences, tokens)."""
        words, places, kinds = (self._weights[f"embeddings.{name}_embeddings.weight"] for name in INPUTS)
        state = words[ids] + places[: ids.shape[1]] + kinds[0]
        state = _normalise(state, self._weights, "embeddings.LayerNorm.")
        for layer in self._layers:
            state = layer.forward(state)
        mean = state.mean(axis=1)
        vectors: Vectors = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(TINY))
        return vectors


INPUTS = ("word", "position", "token_type")


class _Layer:
    """One layer of the transformer: what each word hears of the others, then what it makes of that."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], prefix: str) -> None:
        self._weights = weights
        self._prefix = prefix

    def forward(self, state: NDArray[np.float32]) -> NDArray[np.float32]:
        sentences, tokens, size = state.shape
        heads = (sentences, tokens, HEADS, size // HEADS)
        asked, offered, told = (
            self._dense(state, f"attention.self.{name}.").reshape(heads).transpose(0, 2, 1, 3)
            for name in ("query", "key", "value")
        )
        nearness = asked @ offered.transpose(0, 1, 3, 2) * np.float32((size / HEADS) ** -0.5)
        heard = _softmax(nearness) @ told
        heard = heard.transpose(0, 2, 1, 3).reshape(state.shape)
        state = self._add(state, self._dense(heard, "attention.output.dense."), "attention.output.LayerNorm.")
        thought = self._dense(_gelu(self._dense(state, "intermediate.dense.")), "output.dense.")
        return self._add(state, thought, "output.LayerNorm.")

    def _dense(self, state: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        matrix = self._weights[f"{self._prefix}{name}weight"]
        # One product of two matrices is quicker than one for each sentence.
        rows = state.reshape(-1, state.shape[-1]) @ matrix.T + self._weights[f"{self._prefix}{name}bias"]
        return rows.reshape(*state.shape[:-1], matrix.shape[0])

    def _add(self, state: NDArray[np.float32], new: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return _normalise(state + new, self._weights, self._prefix + name)


def _of_equal_length(tokens: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return groups of places, each of sentences that are equally long."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, ids in enumerate(tokens):
        by_length[len(ids)].append(place)
    return [
        places[start : start + AT_ONCE]
        for places in by_length.values()
        for start in range(0, len(places), AT_ONCE)
    ]


def _normalise(
    state: NDArray[np.float32], weights: Mapping[str, NDArray[np.float32]], name: str
) -> NDArray[np.float32]:
    centred = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(TINY))
    normal: NDArray[np.float32] = centred / spread * weights[f"{name}weight"] + weights[f"{name}bias"]
    return normal


def _softmax(state: NDArray[np.float32]) -> NDArray[np.float32]:
    grown = np.exp(state - state.max(axis=-1, keepdims=True))
    shares: NDArray[np.float32] = grown / grown.sum(axis=-1, keepdims=True)
    return shares


def _gelu(state: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half of x (1 + erf(x / sqrt 2)); erf by Abramowitz and Stegun 7.1.26, right to 1.5e-7, as numpy has none."""
    size = np.abs(state) * np.float32(0.5**0.5)
    share = 1 / (1 + np.float32(0.3275911) * size)
    series = np.full_like(share, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = series * share + np.float32(factor)
    erf = np.copysign(1 - series * share * np.exp(-size * size), state)
    half: NDArray[np.float32] = state * (1 + erf) * np.float32(0.5)
    return half


def _checked(file: Path, sha256: str) -> Path:
    if not file.is_file():
        raise MeaningMissing(f"{file} is missing. Run 'haveyoursay train', which sets it up.")
    with file.open("rb") as content:
        found = hashlib.sha256()
        for part in iter(lambda: content.read(1 << 20), b""):
            found.update(part)
    if found.hexdigest() != sha256:
        raise MeaningMissing(f"{file} is not the file we know. Delete it and run 'haveyoursay train'.")
    return file


def _map_matrices(file: Path) -> dict[str, NDArray[np.float32]]:
    """Map a safetensors file without reading it: the header's length, the header, then the numbers."""
    with file.open("rb") as weights:
        header_bytes = struct.unpack("<Q", weights.read(8))[0]
        header: dict[str, Any] = json.loads(weights.read(header_bytes))
    numbers = np.memmap(file, dtype=np.uint8, mode="r", offset=8 + header_bytes)
    return {
        name: np.asarray(numbers[slice(*entry["data_offsets"])]).view(np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }
