"""Vectors of sentences, kept in a file, so that each sentence is read by its meaning once and not at every start."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.local_offer.nearness import Embeds
from core.text.meaning import FILES, SIZE, Vectors

AT_ONCE = 256
"""So many are read between two looks at whether to stop."""


class KeptVectors:
    """Gives vectors like the reader of meaning behind it, which is asked only for what is not in the file.

    The file may be deleted at any time: it is made again. May be used from several threads.
    """

    def __init__(self, embeds: Embeds, file: Path) -> None:
        self._embeds = embeds
        self._file = file
        self._kept: dict[bytes, Vectors] = _read(file)
        self._in_the_file = len(self._kept)
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text, as the reader would up to the rounding of half precision."""
        keys = [_key(text) for text in texts]
        with self._lock:
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        self._learn(new)
        if not keys:
            return np.empty((0, SIZE), dtype=np.float32)
        return np.stack([self._kept[key] for key in keys])

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Give the texts whose vectors are not kept yet."""
        with self._lock:
            return [text for text in dict.fromkeys(texts) if _key(text) not in self._kept]

    def look_again(self) -> None:
        """Take over what another process has added to the file."""
        read = _read(self._file)
        with self._lock:
            self._kept |= read
        self._in_the_file = len(read)

    def _learn(self, new: dict[bytes, str]) -> None:
        waiting = list(new)
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            vectors = self._embeds.embed([new[key] for key in some])
            with self._lock:
                self._kept.update(zip(some, vectors.astype(np.float16).astype(np.float32), strict=True))

    def save(self) -> None:
        """Write the file anew if there is more to keep; another process sees the old one or the new one, whole."""
        with self._lock:
            kept = dict(self._kept)
        if len(kept) == self._in_the_file:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._file.with_name(f"{self._file.stem}.{threading.get_ident()}.npz")
        keys = np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(len(kept), -1)
        np.savez(unfinished, keys=keys, vectors=np.stack(list(kept.values())).astype(np.float16))
        unfinished.replace(self._file)
        self._in_the_file = len(kept)


def _key(text: str) -> bytes:
    """Name a text under the weights that read it: other weights need other vectors."""
    return hashlib.sha256(f"{FILES['model.safetensors']}\n{text}".encode("utf-8", "replace")).digest()


def _read(file: Path) -> dict[bytes, Vectors]:
    """Read what was kept; a file that is missing or broken keeps nothing, and is written anew."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            keys, vectors = kept["keys"], kept["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return {}
    if vectors.shape != (len(keys), SIZE):
        return {}
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}
