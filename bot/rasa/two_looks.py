"""Sort texts by their letters and words first, and only where that is unsure by their meaning too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skops.io
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

Embed = Callable[[Sequence[str]], np.ndarray]
"""Turns texts into vectors of length 1, one row a text: core.text.meaning.SentenceMeaning.embed."""

MEANING_WEIGHS = 1.5
"""How much longer the vector of the meaning is than those of letters and words, which have length 1."""

SOFTNESS = 0.5
"""C of both classifiers: less forgives more examples that lie wrong."""

SHARPNESS = 4.0
"""What the classifiers' distances are multiplied with before they become shares that add up to 1."""

WORD = r"\S+"

LEAST_EXAMPLES = 3
"""A piece of a word that stands in fewer examples says nothing about the next message."""

KEPT_TOO = ["scipy.sparse._csr.csr_matrix"]
"""What a kept file may hold besides what skops trusts by itself: how rare each piece is."""


@dataclass
class TwoLooks:
    """What was learnt: which letters, which words, and the two classifiers."""

    letters: TfidfVectorizer
    words: TfidfVectorizer
    first: LinearSVC
    second: LinearSVC

    @classmethod
    def learn(cls, texts: Sequence[str], labels: Sequence[str], embed: Embed) -> TwoLooks:
        """Learn from examples and what each of them means: three labels or more."""
        letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(1, 5), min_df=LEAST_EXAMPLES, sublinear_tf=True
        )
        words = TfidfVectorizer(
            token_pattern=WORD, ngram_range=(1, 2), min_df=LEAST_EXAMPLES, sublinear_tf=True
        )
        seen = hstack([letters.fit_transform(texts), words.fit_transform(texts)]).tocsr()
        meant = _with_meaning(seen, embed(texts))
        return cls(letters, words, _classifier().fit(seen, labels), _classifier().fit(meant, labels))

    def sort(self, text: str, embed: Embed, *, sure_from: float) -> list[tuple[str, float]]:
        """Give each label its share, the likeliest first.

        The text is embedded only where no label has a share of `sure_from` by letters and words alone.
        """
        seen = self._see([text])
        shares = _shares(self.first, seen)[0]
        if shares.max() < sure_from:
            shares = _shares(self.second, _with_meaning(seen, embed([text])))[0]
        ranked = np.argsort(-shares)
        return [(str(self.first.classes_[place]), float(shares[place])) for place in ranked]

    def keep(self, file: Path) -> None:
        """Write what was learnt; a skops file holds numbers and names, and no code as a pickle does."""
        skops.io.dump([self.letters, self.words, self.first, self.second], file)

    @classmethod
    def load(cls, file: Path) -> TwoLooks:
        """Read what was learnt; raises skops' UntrustedTypesFoundException for anything but what we keep."""
        return cls(*skops.io.load(file, trusted=KEPT_TOO))

    def _see(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([self.letters.transform(texts), self.words.transform(texts)]).tocsr()


def _classifier() -> LinearSVC:
    return LinearSVC(C=SOFTNESS, class_weight="balanced", max_iter=5000, random_state=1)


def _with_meaning(seen: csr_matrix, vectors: np.ndarray) -> csr_matrix:
    return hstack([seen, csr_matrix(vectors * MEANING_WEIGHS)]).tocsr()


def _shares(classifier: LinearSVC, features: csr_matrix) -> np.ndarray:
    distances = classifier.decision_function(features)
    grown = np.exp(SHARPNESS * (distances - distances.max(axis=1, keepdims=True)))
    return grown / grown.sum(axis=1, keepdims=True)
