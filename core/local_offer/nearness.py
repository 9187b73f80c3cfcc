"""How near what somebody typed lies, by its meaning, to each need, each entry, and what no Local Offer is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.local_offer.directory import Directory, Entry, ServiceId
from core.local_offer.sentences import Sentences
from core.text.meaning import Vectors

BEST = 3
"""A need is as near as the mean of this many of its nearest sentences: one alone may lie near by chance."""
SHARPNESS = 0.05
"""By how much one need must be nearer than another to count about three times as much."""
FITS = (1.0, 0.9, 0.8, 0.7)
"""How well a service fits a need, by the place of the need in the service's own list."""
IMPLIED = 0.8
"""How well a service fits a need that only its description speaks of (an imported one names none)."""
DESCRIPTION, OWN_SENTENCES = 0.3, 0.3
"""What the description counts, and the sentences of the service itself."""

Numbers = NDArray[np.float32]


class Embeds(Protocol):
    """Turns texts into vectors of length 1 that lie near each other when the texts mean alike."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""


@dataclass(frozen=True, slots=True)
class Near:
    """What a text lies near to.

    `entries` are points from 0 to about 1.5; `needs` are shares that add up to 1; `lead` says how much nearer the
    nearest need is than what no Local Offer is about (-1 to 1); `description` how near the nearest description is.
    """

    entries: Mapping[ServiceId, float]
    needs: Mapping[str, float]
    lead: float
    description: float


class Nearness:
    """The vectors of a directory and its sentences; may be asked from any thread."""

    def __init__(self, directory: Directory, sentences: Sentences, embeds: Embeds) -> None:
        self._embeds = embeds
        self._needs = tuple(sentences.needs)
        entries = tuple(directory)
        self._ids = tuple(entry.id for entry in entries)
        self._sentences = [embeds.embed(sentences.needs[need]) for need in self._needs]
        self._elsewhere = embeds.embed(sentences.elsewhere)
        self._descriptions = embeds.embed([description_of(entry) for entry in entries])
        own = [
            (place, said)
            for place, entry in enumerate(entries)
            for said in sentences.services.get(entry.name, ())
        ]
        self._own = embeds.embed([said for _, said in own])
        self._owners = np.array([place for place, _ in own], dtype=np.intp)
        self._fits = self._fit_needs(entries)

    def near(self, *texts: str) -> Near:
        """Say what lies near to the texts, which are the same thing in several spellings; the nearest counts."""
        asked = self._embeds.embed(texts)
        needs = self._near_needs(asked)
        shares = _shares(needs)
        descriptions = (asked @ self._descriptions.T).max(axis=0, initial=0)
        own = np.zeros(len(self._ids), dtype=np.float32)
        np.maximum.at(own, self._owners, (asked @ self._own.T).max(axis=0, initial=0))
        points = self._fits @ shares + DESCRIPTION * descriptions + OWN_SENTENCES * own
        nearest = max(float(needs.max()), float(own.max(initial=0)))
        return Near(
            entries=dict(zip(self._ids, points.tolist(), strict=True)),
            needs=dict(zip(self._needs, shares.tolist(), strict=True)),
            lead=nearest - float(_near(asked, self._elsewhere)),
            description=float(descriptions.max(initial=0)),
        )

    def _near_needs(self, asked: Vectors) -> Numbers:
        return np.array([_near(asked, sentences) for sentences in self._sentences], dtype=np.float32)

    def _fit_needs(self, entries: Sequence[Entry]) -> Numbers:
        fits = np.zeros((len(entries), len(self._needs)), dtype=np.float32)
        places = {need: place for place, need in enumerate(self._needs)}
        for row, entry in enumerate(entries):
            for rank, need in enumerate(entry.needs):
                fits[row, places[need]] = FITS[min(rank, len(FITS) - 1)]
            if not entry.needs:
                fits[row] = IMPLIED * _shares(self._near_needs(self._descriptions[row : row + 1]))
        return fits


def sentences_of(directory: Directory, sentences: Sentences) -> list[str]:
    """List all that is read by its meaning to know what lies near to a directory."""
    needs = [said for of_need in sentences.needs.values() for said in of_need]
    own = [said for entry in directory for said in sentences.services.get(entry.name, ())]
    return [*needs, *sentences.elsewhere, *map(description_of, directory), *own]


def description_of(entry: Entry) -> str:
    """Give the words of an entry that say what it is."""
    return f"{entry.name}. {entry.what}"


def _near(asked: Vectors, sentences: Vectors) -> np.float32:
    """Return the mean of the nearest sentences, for the spelling that lies nearest."""
    nearest = np.sort(asked @ sentences.T, axis=1)[:, -BEST:].mean(axis=1)
    best: np.float32 = nearest.max()
    return best


def _shares(needs: Numbers) -> Numbers:
    grown = np.exp((needs - needs.max()) / SHARPNESS)
    shares: Numbers = grown / grown.sum()
    return shares
