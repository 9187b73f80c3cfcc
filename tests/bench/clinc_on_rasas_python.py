"""Measure our classifier on CLINC150: tests/bench/intents.py runs this on Rasa's own Python with the file's path.

It learns from what is marked train, chooses from which share on it answers on val, and is measured once on test. What
is out of scope is one more label while learning, as in the paper (Larson and others, 2019), and whatever is unsure.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.rasa.two_looks import TwoLooks
from bot.rasa.understanding import load_meaning

OUTSIDE = "oos"
WANTED_INSIDE = 0.960
"""What shall be right inside on val: a little above the target, since test may be harder than val."""

SURE_FROM = 0.9
"""As in config.yml."""

Pair = tuple[str, str]


def main() -> None:
    """Learn, choose, measure, and say it as JSON."""
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        rows = [(row["text"], row["label"], row["split"]) for row in csv.DictReader(file)]
    meaning, began = load_meaning(), time.perf_counter()
    taught = _of(rows, "train", "oos_train")
    learnt = TwoLooks.learn([text for text, _ in taught], [label for _, label in taught], meaning.embed)
    seconds = time.perf_counter() - began
    chosen = _threshold(_sorted(learnt, _of(rows, "val", "oos_val")))
    inside, outside = _measured(_sorted(learnt, _of(rows, "test", "oos_test")), chosen)
    told = {"inside": inside, "outside": outside, "threshold": chosen, "seconds_to_learn": seconds}
    sys.stdout.write("\n" + json.dumps(told))


def _of(rows: Sequence[tuple[str, str, str]], *splits: str) -> list[Pair]:
    return [(text, label) for text, label, split in rows if split in splits]


def _sorted(learnt: TwoLooks, pairs: Sequence[Pair]) -> list[tuple[str, str, float]]:
    """Give for each text what it is, what it was taken for, and with which share."""
    embed = load_meaning().embed
    ranked = [(label, learnt.sort(text, embed, sure_from=SURE_FROM)[0]) for text, label in pairs]
    return [(label, heard, share) for label, (heard, share) in ranked]


def _threshold(results: Sequence[tuple[str, str, float]]) -> float:
    """Return the highest share to ask for that leaves enough right inside."""
    shares = np.unique([share for _, _, share in results])
    return float(max(each for each in shares if _measured(results, each)[0] >= WANTED_INSIDE))


def _measured(results: Sequence[tuple[str, str, float]], threshold: float) -> tuple[float, float]:
    """Return which part is right inside, and which part of what is outside was seen to be."""
    heard = [(label, heard if share >= threshold else OUTSIDE) for label, heard, share in results]
    inside = [label == guess for label, guess in heard if label != OUTSIDE]
    outside = [guess == OUTSIDE for label, guess in heard if label == OUTSIDE]
    return float(np.mean(inside)), float(np.mean(outside))


if __name__ == "__main__":
    main()
