"""Measure the Local Offer's search: python -m tests.bench.local_offer_search FILE [--words-alone] [--misses].

FILE is a YAML list of {query, age, district, right: [file stems or ids], persona}; an empty `right` says that nothing
of ours fits. Printed: recall at 1 and at 3 (one of the right ones is among the first), how often "nothing fits" was
said where it is so, and how often where it is not.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.directory import kept_vectors, read_by_meaning, sentence_weights
from core.local_offer.about_you import age_in, district_in
from core.local_offer.directory import Directory, Entry, load_directory
from core.local_offer.find import find_help
from core.local_offer.fits import DECISION, Decision
from core.local_offer.nearness import Nearness
from core.local_offer.sentences import load_sentences
from core.local_offer.vectors import KeptVectors
from core.settings import Settings
from core.text.meaning import SentenceMeaning

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One query, what would have been right, and what was found (files' names, best first)."""

    query: str
    right: frozenset[str]
    found: tuple[str, ...]

    def is_found(self, within: int) -> bool:
        """Say whether one of the right ones is among the first."""
        return bool(self.right & set(self.found[:within]))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1; `said_nothing_wrongly` is among the queries that have an answer."""

    with_answer: int
    without_answer: int
    recall_at_1: float
    recall_at_3: float
    nothing_fits: float
    said_nothing_wrongly: float

    def __str__(self) -> str:
        return (
            f"{self.with_answer} with an answer: recall at 3 {self.recall_at_3:.3f}, at 1 {self.recall_at_1:.3f}, "
            f"nothing said wrongly {self.said_nothing_wrongly:.3f}; "
            f"{self.without_answer} without: nothing fits {self.nothing_fits:.3f}"
        )


def figures_of(asked: Iterable[Asked]) -> Figures:
    """Count; a set with no queries of one kind counts as 0 there."""
    listed = list(asked)
    answered = [one for one in listed if one.right]
    unanswered = [one for one in listed if not one.right]
    return Figures(
        with_answer=len(answered),
        without_answer=len(unanswered),
        recall_at_1=_share(one.is_found(1) for one in answered),
        recall_at_3=_share(one.is_found(SHOWN) for one in answered),
        nothing_fits=_share(not one.found for one in unanswered),
        said_nothing_wrongly=_share(not one.found for one in answered),
    )


def ask_all(
    queries: Iterable[dict[str, Any]], folder: Path, nearness: Nearness | None, decision: Decision = DECISION
) -> list[Asked]:
    """Ask as the conversation does: the age and the district that the words say count before those given."""
    directory, names = load_directory(folder), names_of(folder)
    return [
        Asked(
            query["query"],
            frozenset(names.get(one, one) for one in query.get("right") or ()),
            tuple(names[entry.id] for entry in _ask(directory, query, nearness, decision)),
        )
        for query in queries
    ]


def _ask(
    directory: Directory, query: dict[str, Any], nearness: Nearness | None, decision: Decision
) -> list[Entry]:
    age = age_in(query["query"])
    places = {place for entry in directory for place in entry.districts}
    return find_help(
        directory,
        query["query"],
        age=query.get("age") if age is None else age,
        district=district_in(query["query"], places) or query.get("district"),
        limit=SHOWN,
        nearness=nearness,
        decision=decision,
    )


def names_of(folder: Path) -> dict[str, str]:
    """Return the file's name for each service's id."""
    return {json.loads(file.read_text("utf-8"))["id"]: file.stem for file in folder.glob("*.json")}


def _share(facts: Iterable[bool]) -> float:
    listed = list(facts)
    return sum(listed) / len(listed) if listed else 0.0


def say(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Read the file, ask, and print."""
    told = argparse.ArgumentParser(description="Measure the Local Offer's search on a file of queries.")
    told.add_argument("file", type=Path)
    told.add_argument(
        "--words-alone", action="store_true", help="as where the vectors of sentences are missing"
    )
    told.add_argument("--misses", action="store_true", help="print each query that went wrong")
    options = told.parse_args()
    settings = Settings()
    folder = settings.data / "local_offer"
    nearness = None if options.words_alone else nearness_of(settings)
    asked = ask_all(yaml.safe_load(options.file.read_text("utf-8")), folder, nearness)
    say(str(figures_of(asked)))
    for one in asked if options.misses else ():
        if one.right and not one.is_found(SHOWN):
            say(f"missed: {one.query!r} found {one.found}, right {sorted(one.right)}")
        elif not one.right and one.found:
            say(f"nothing fits: {one.query!r} found {one.found}")


def nearness_of(settings: Settings) -> Nearness:
    """Read the sentences' vectors; MeaningMissing says what to do when the weights are not here."""
    folder = settings.data / "local_offer"
    directory = load_directory(folder)
    return read_by_meaning(directory, load_sentences(folder, directory.words), kept_sentences(settings))


def kept_sentences(settings: Settings) -> KeptVectors:
    """Open the vectors that were read before."""
    return KeptVectors(SentenceMeaning.load(sentence_weights(settings)), kept_vectors(settings))


if __name__ == "__main__":
    main()
