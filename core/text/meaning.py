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
from typing import Any, NamedTuple

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
NUMBERS_A_LAYER = 12 * SIZE * SIZE
"""Of its matrices: three to look, one to hear, and two, four times as large, to think."""
MOST_TOKENS = 128
AT_ONCE = 64
"""Sentences worked on together: more gain nothing, and need more memory."""
TINY = 1e-12


class MeaningMissing(Exception):
    """The weights are not where they should be, or are not the ones we know; the words say what to do."""


class SentenceMeaning:
    """Sentence embeddings without torch; about 6 ms for a short message on one core."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._weights = weights
        self._begin = _Norm.of(weights, "embeddings.LayerNorm.")
        room = _Room(LAYERS * NUMBERS_A_LAYER)
        self._layers = [_Layer(weights, f"encoder.layer.{number}.", room) for number in range(LAYERS)]

    @classmethod
    def load(cls, folder: Path) -> SentenceMeaning:
        """Open the two files of the folder (its words are mapped, not read); raises MeaningMissing."""
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
        state = (words[ids] + (places[: ids.shape[1]] + kinds[0])).reshape(-1, SIZE)
        state = self._begin(state)
        for layer in self._layers:
            state = layer.forward(state, ids.shape)
        mean = state.reshape(*ids.shape, SIZE).mean(axis=1)
        vectors: Vectors = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(TINY))
        return vectors


INPUTS = ("word", "position", "token_type")


class _Layer:
    """One layer of the transformer: what each word hears of the others, then what it makes of that.

    A state is (sentences times tokens, 384), so that there is one product with a matrix for all sentences. What is new
    in memory is worked on where it is: for a short message, making room took as long as the products.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], prefix: str, room: _Room) -> None:
        looks = [f"{prefix}attention.self.{name}." for name in ("query", "key", "value")]
        self._look = _Dense.of(weights, room, *looks)
        self._hear = _Dense.of(weights, room, f"{prefix}attention.output.dense.")
        self._heard = _Norm.of(weights, f"{prefix}attention.output.LayerNorm.")
        self._wonder = _Dense.of(weights, room, f"{prefix}intermediate.dense.")
        self._think = _Dense.of(weights, room, f"{prefix}output.dense.")
        self._thought = _Norm.of(weights, f"{prefix}output.LayerNorm.")

    def forward(self, state: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Take a state one layer on; `shape` is (sentences, tokens)."""
        looked = self._look(state).reshape(*shape, 3, HEADS, SIZE // HEADS)
        asked, offered, told = looked.transpose(2, 0, 3, 1, 4)
        nearness = asked @ offered.swapaxes(-1, -2)
        nearness *= np.float32((SIZE / HEADS) ** -0.5)
        heard = _softmax(nearness) @ told
        new = self._hear(heard.swapaxes(1, 2).reshape(state.shape))
        new += state
        state = self._heard(new)
        new = self._think(_gelu(self._wonder(state)))
        new += state
        return self._thought(new)


class _Room:
    """One piece of memory for all matrices: the system gives it large pages, and a fifth of the time is saved."""

    def __init__(self, numbers: int) -> None:
        self._numbers, self._used = np.empty(numbers, dtype=np.float32), 0

    def put(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Copy a matrix here, and give the copy."""
        start, self._used = self._used, self._used + matrix.size
        place = self._numbers[start : self._used].reshape(matrix.shape)
        place[:] = matrix
        return place


class _Dense(NamedTuple):
    """A product with a matrix, and what is added to it."""

    matrix: NDArray[np.float32]  # (size, new size)
    bias: NDArray[np.float32]

    @classmethod
    def of(cls, weights: Mapping[str, NDArray[np.float32]], room: _Room, *names: str) -> _Dense:
        """Take the weights of a name; of several, what they make stands side by side."""
        matrices, biases = ([weights[f"{name}{kind}"] for name in names] for kind in ("weight", "bias"))
        return cls(room.put(np.concatenate(matrices).T), np.concatenate(biases))

    def __call__(self, state: NDArray[np.float32]) -> NDArray[np.float32]:
        rows: NDArray[np.float32] = state @ self.matrix
        rows += self.bias
        return rows


class _Norm(NamedTuple):
    """Brings each row to mean 0 and spread 1, and then to what was learnt; in place."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def of(cls, weights: Mapping[str, NDArray[np.float32]], name: str) -> _Norm:
        return cls(weights[f"{name}weight"], weights[f"{name}bias"])

    def __call__(self, state: NDArray[np.float32]) -> NDArray[np.float32]:
        state -= state.mean(axis=-1, keepdims=True)
        spread = np.einsum("ij,ij->i", state, state)[:, np.newaxis] / np.float32(SIZE)
        state /= np.sqrt(spread + np.float32(TINY))
        state *= self.weight
        state += self.bias
        return state


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


def _softmax(state: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn each last row into shares of 1, in place."""
    state -= state.max(axis=-1, keepdims=True)
    np.exp(state, out=state)
    state /= state.sum(axis=-1, keepdims=True)
    return state


def _gelu(state: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half of x (1 + erf(x / sqrt 2)); erf by Abramowitz and Stegun 7.1.26, right to 1.5e-7, as numpy has none."""
    size = np.abs(state)
    size *= np.float32(0.5**0.5)
    share = size * np.float32(0.3275911)
    share += np.float32(1)
    np.divide(np.float32(1), share, out=share)
    series = share * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(factor)
        series *= share
    size *= size
    np.negative(size, out=size)
    series *= np.exp(size, out=size)
    np.subtract(np.float32(1), series, out=series)
    half: NDArray[np.float32] = np.copysign(series, state, out=series)
    half += np.float32(1)
    half *= state
    half *= np.float32(0.5)
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
