"""Measure how many personal details are taken out of labelled texts, and how many other words are touched.

Run: python -m tests.bench.personal_details "$HYS_EVAL_DATA" [--lower] [--missed KIND]
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.text.personal import remove_personal_details

SETS = {"pii_uk": "pii_uk/data.jsonl", "presidio_synth": "presidio_synth/synth_v2.jsonl"}
# What we do not try to take out: a country, a company, an age or a title tells of no one.
NOT_TRIED = {"LOCATION", "ORGANIZATION", "AGE", "GPE", "DATE_TIME", "TITLE", "NRP"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and its details: (kind, start, end)."""

    text: str
    details: tuple[tuple[str, int, int], ...]


def read(file: Path, *, lower: bool) -> Iterator[Labelled]:
    """Read a set, as it stands or in small letters as young people write."""
    for line in file.open(encoding="utf-8"):
        row = json.loads(line)
        text = row["text"].lower() if lower and len(row["text"].lower()) == len(row["text"]) else row["text"]
        yield Labelled(text, tuple((one["type"], one["start"], one["end"]) for one in row["spans"]))


def say(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


def measure(texts: list[Labelled], missed: str | None) -> None:
    """Say, by kind, how many details lost every letter and figure, and how many words beside them were touched."""
    hidden: Counter[str] = Counter()
    told: Counter[str] = Counter()
    words = touched = 0
    for one in texts:
        gone = {
            place
            for found in remove_personal_details(one.text).found
            for place in range(found.start, found.end)
        }
        labelled = {place for _, start, end in one.details for place in range(start, end)}
        for kind, start, end in one.details:
            told[kind] += 1
            letters = [place for place in range(start, end) if one.text[place].isalnum()]
            hidden[kind] += all(place in gone for place in letters)
            if kind == missed and not all(place in gone for place in letters):
                say(f"  missed {one.text[start:end]!r} in {one.text!r}")
        for word in re.finditer(r"\w+", one.text):
            if word.start() not in labelled:
                words += 1
                touched += word.start() in gone
    tried = [kind for kind in told if kind not in NOT_TRIED]
    for kind in sorted(told, key=lambda each: (each in NOT_TRIED, -told[each])):
        note = " (not tried)" if kind in NOT_TRIED else ""
        say(f"  {kind:18} {hidden[kind]:4} of {told[kind]:4}  {hidden[kind] / told[kind]:6.1%}{note}")
    total = sum(told[kind] for kind in tried)
    say(f"  all that is tried  {sum(hidden[kind] for kind in tried) / total:.1%} of {total}")
    say(f"  other words touched {touched} of {words}, {touched / words:.2%}")


def main(arguments: list[str]) -> None:
    """Print recall by kind and the other words touched, for each set found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of evaluation data (HYS_EVAL_DATA)")
    parser.add_argument("--lower", action="store_true", help="in small letters")
    parser.add_argument("--missed", help="print what was missed of this kind")
    options = parser.parse_args(arguments)
    for name, file in SETS.items():
        if (options.folder / file).exists():
            say(name)
            measure(list(read(options.folder / file, lower=options.lower)), options.missed)
        else:
            say(f"{name}: skipped, not in {options.folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
