"""Make the numbers that decide when nothing of ours fits: python -m tests.bench.local_offer_fits [--write].

Both development sets are asked. A logistic regression is taught on nine tenths of them and measured on the tenth it has
not seen (ten times, five times over), then taught on all; `--write` puts it into core/local_offer/fits.json. Those with
and those without an answer count alike, however many there are; help that is not shown counts twice as much as help
that is no use, so something fits from a third on. `--strangers` asks those without an answer once more, each without
the sentences of `elsewhere` that lie near it: what a stranger asks about may have none.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from core.local_offer import fits
from core.local_offer.directory import Directory, load_directory
from core.local_offer.find import find_help
from core.local_offer.fits import DECISION, Decision, Evidence, evidence_of, is_fitting
from core.local_offer.nearness import Nearness
from core.local_offer.phrases import spelt
from core.local_offer.search import hear_words
from core.local_offer.sentences import Sentences, load_sentences
from core.local_offer.vectors import KeptVectors
from core.settings import HERE, Settings
from tests.bench.local_offer_search import Asked, ask_all, figures_of, kept_sentences, nearness_of, say

SETS = ("development_set", "near_misses")
TENTHS, TIMES = 10, 5
RIDGE = 0.003
"""Keeps the weights small; ten times as much does worse on what was not seen."""
KIN = 0.65
"""A sentence of `elsewhere` that lies as near as this to a query says much the same."""
FITS_FROM = round(1 / 3, 3)
ALWAYS = DECISION.model_copy(update={"fits_from": 0.0})

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One query: what speaks for something fitting, and what is found where something does."""

    evidence: Evidence
    asked: Asked

    @property
    def has_answer(self) -> bool:
        """Say whether a service of ours is right."""
        return bool(self.asked.right)


def cases_of(queries: Sequence[dict[str, Any]], folder: Path, nearness: Nearness) -> list[Case]:
    """Ask every query, leaving the decision out."""
    directory = load_directory(folder)
    evidence = [
        evidence_of(hear_words(directory, one["query"]), nearness.near(*spelt(one["query"], directory)))
        for one in queries
    ]
    asked = ask_all(queries, folder, nearness, ALWAYS)
    return [Case(*both) for both in zip(evidence, asked, strict=True)]


def share_as_strangers(
    queries: Sequence[dict[str, Any]], directory: Directory, sentences: Sentences, vectors: KeptVectors
) -> float:
    """Return how often nothing fits, where each goes without what `elsewhere` says much the same."""
    elsewhere = vectors.embed(sentences.elsewhere)
    nothing = 0
    for one in queries:
        nearest = (vectors.embed(spelt(one["query"], directory)) @ elsewhere.T).max(axis=0)
        left = tuple(said for said, near in zip(sentences.elsewhere, nearest, strict=True) if near < KIN)
        nearness = Nearness(directory, sentences.model_copy(update={"elsewhere": left}), vectors)
        nothing += not find_help(directory, one["query"], age=one.get("age"), nearness=nearness)
    return nothing / len(queries)


def teach(cases: Sequence[Case]) -> Decision:
    """Fit a logistic regression by Newton's method; both kinds of queries count a half."""
    raw = np.array([case.evidence.numbers for case in cases])
    answered = np.array([float(case.has_answer) for case in cases])
    middle, spread = raw.mean(axis=0), raw.std(axis=0)
    rows = np.column_stack([np.ones(len(raw)), (raw - middle) / spread])
    counts = np.where(answered == 1, 0.5 / answered.mean(), 0.5 / (1 - answered.mean()))
    weights = _newton(rows, answered, counts)
    slopes = weights[1:] / spread
    lead, points, all_understood = np.round(slopes, 3).tolist()
    return Decision(
        lead=lead,
        points=points,
        all_understood=all_understood,
        start=round(float(weights[0] - slopes @ middle), 3),
        fits_from=FITS_FROM,
        made={},
    )


def _newton(rows: Numbers, answered: Numbers, counts: Numbers) -> Numbers:
    ridge = np.diag([0.0] + [RIDGE * len(rows)] * (rows.shape[1] - 1))
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (likely - answered)) + ridge @ weights
        bend = (rows * (counts * likely * (1 - likely))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def decide(cases: Iterable[Case], decision: Decision) -> list[Asked]:
    """Give what each query finds when `decision` says whether anything fits."""
    return [
        case.asked
        if is_fitting(case.evidence, decision)
        else Asked(case.asked.query, case.asked.right, found=())
        for case in cases
    ]


def validate(cases: Sequence[Case]) -> list[Asked]:
    """Decide about each query by what was taught without it, five times over."""
    chance = np.random.default_rng(1)
    unseen: list[Asked] = []
    for _ in range(TIMES):
        order = chance.permutation(len(cases))
        for tenth in range(TENTHS):
            left_out = set(order[tenth::TENTHS].tolist())
            taught = teach([case for place, case in enumerate(cases) if place not in left_out])
            unseen += decide([cases[place] for place in sorted(left_out)], taught)
    return unseen


def main() -> None:
    """Ask, validate, teach, say, and write if told to."""
    told = argparse.ArgumentParser(description="Make the numbers that decide when nothing fits.")
    told.add_argument("--write", action="store_true", help="put them into core/local_offer/fits.json")
    told.add_argument("--strangers", action="store_true", help="ask as strangers too (minutes)")
    options = told.parse_args()
    settings = Settings()
    folder, nearness = settings.data / "local_offer", nearness_of(settings)
    sets = {name: cases_of(_queries(name), folder, nearness) for name in SETS}
    every = [case for cases in sets.values() for case in cases]
    unseen = figures_of(validate(every))
    say(f"not seen, both sets: {unseen}")
    for learnt, asked in (SETS, SETS[::-1]):
        say(f"taught on {learnt}, {asked}: {figures_of(decide(sets[asked], teach(sets[learnt])))}")
    for name in SETS if options.strangers else ():
        say(f"as a stranger, {name}: nothing fits {_as_strangers(name, folder, settings):.3f}")
    decision = teach(every).model_copy(update={"made": _made(len(every), str(unseen))})
    say(decision.model_dump_json(indent=2))
    if options.write:
        text = json.dumps(decision.model_dump(), indent=2, ensure_ascii=False) + "\n"
        Path(fits.__file__).with_name("fits.json").write_text(text, encoding="utf-8")


def _as_strangers(name: str, folder: Path, settings: Settings) -> float:
    directory = load_directory(folder)
    without = [one for one in _queries(name) if not one["right"]]
    sentences = load_sentences(folder, directory.words)
    return share_as_strangers(without, directory, sentences, kept_sentences(settings))


def _queries(name: str) -> list[dict[str, Any]]:
    file = HERE / "tests" / "core" / "local_offer" / f"{name}.yml"
    queries: list[dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))
    return queries


def _made(queries: int, unseen: str) -> dict[str, str]:
    return {
        "by": "python -m tests.bench.local_offer_fits --write",
        "from": f"{queries} queries: {' and '.join(SETS)} of tests/core/local_offer",
        "how": f"logistic regression, ridge {RIDGE}, both kinds counting alike, fits_from where not showing help "
        "counts twice; tried beside other features (how near alone, descriptions, shares, lengths): no gain",
        "not_seen": unseen,
    }


if __name__ == "__main__":
    main()
