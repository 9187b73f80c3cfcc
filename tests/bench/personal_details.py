"""Measure how many personal details are taken out of labelled texts, and how many other words are touched.

Run: python -m tests.bench.personal_details "$HYS_EVAL_DATA" [--lower] [--half choose|measure] [--missed KIND]

Each set has two halves. Rules and lists are chosen by looking at the misses in one; the figures we tell are of the
other, whose misses are never printed. All texts of one form (the same words around the details) are in one half.
"""

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.text.personal import remove_personal_details

SETS: Final = {"pii_uk": "pii_uk/data.jsonl", "presidio_synth": "presidio_synth/synth_v2.jsonl"}
YOUTH: Final = Path(__file__).parent / "youth_details.txt"
NOT_TRIED: Final = frozenset({"LOCATION", "ORGANIZATION", "AGE", "GPE", "DATE_TIME", "TITLE", "NRP"})
"""What we do not try to take out: a country, a company, an age or a title tells of no one."""

_MARKED: Final = re.compile(r"\[([^\]]+)\]\(([a-z ]+)\)")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and its details: (kind, start, end)."""

    text: str
    details: tuple[tuple[str, int, int], ...]

    @property
    def half(self) -> str:
        """The half it is in, by a hash of the words around its details: "choose" or "measure"."""
        around, place = "", 0
        for _, start, end in sorted(self.details, key=lambda each: each[1]):
            around += self.text[place:start] + " "
            place = max(place, end)
        form = " ".join(re.findall(r"\w+", (around + self.text[place:]).casefold()))
        return "choose" if hashlib.sha256(form.encode()).digest()[0] % 2 == 0 else "measure"


def read(file: Path) -> Iterator[Labelled]:
    """Read a set of other people's: one text a line, as JSON with its spans."""
    for line in file.open(encoding="utf-8"):
        row = json.loads(line)
        yield Labelled(row["text"], tuple((one["type"], one["start"], one["end"]) for one in row["spans"]))


def read_youth(file: Path = YOUTH) -> Iterator[Labelled]:
    """Read our own set: one message a line, each detail as "[words](kind)"."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, details, place = "", [], 0
        for match in _MARKED.finditer(line):
            text += line[place : match.start()]
            details.append((match[2], len(text), len(text) + len(match[1])))
            text += match[1]
            place = match.end()
        yield Labelled(text + line[place:], tuple(details))


def in_small_letters(one: Labelled) -> Labelled:
    """Give a text as young people write; a letter that would become two is left, so that places stay."""
    small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in one.text)
    return Labelled(small, one.details)


def say(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


@dataclass(slots=True)
class Score:
    """How many details there were and were hidden, by kind, and how many words beside them were touched."""

    told: Counter[str]
    hidden: Counter[str]
    words: int = 0
    touched: int = 0


def measure(texts: list[Labelled], missed: str | None = None) -> Score:
    """Count the details that lost every letter and figure, and the other words that lost their first."""
    score = Score(Counter(), Counter())
    for one in texts:
        spans = [(found.start, found.end) for found in remove_personal_details(one.text).found]
        gone = {place for start, end in spans for place in range(start, end)}
        labelled = {place for _, start, end in one.details for place in range(start, end)}
        for kind, start, end in one.details:
            is_hidden = all(place in gone for place in range(start, end) if one.text[place].isalnum())
            score.told[kind] += 1
            score.hidden[kind] += is_hidden
            if kind == missed and not is_hidden:
                say(f"  missed {one.text[start:end]!r} in {one.text!r}")
        other = [word for word in re.finditer(r"\w+", one.text) if word.start() not in labelled]
        score.words += len(other)
        score.touched += sum(word.start() in gone for word in other)
        if missed == "touched":
            marked = [one.text[word.start() : word.end()] for word in other if word.start() in gone]
            say(f"  touched {marked} in {one.text!r}") if marked else None
    return score


def report(name: str, score: Score) -> None:
    """Print recall by kind, what is not tried last, and the other words touched."""
    say(name)
    for kind in sorted(score.told, key=lambda each: (each in NOT_TRIED, -score.told[each])):
        note = " (not tried)" if kind in NOT_TRIED else ""
        hidden, told = score.hidden[kind], score.told[kind]
        say(f"  {kind:18} {hidden:4} of {told:4}  {hidden / told:6.1%}{note}")
    tried = [kind for kind in score.told if kind not in NOT_TRIED]
    total = sum(score.told[kind] for kind in tried)
    say(f"  all that is tried  {sum(score.hidden[kind] for kind in tried) / total:.1%} of {total}")
    say(f"  other words touched {score.touched} of {score.words}, {score.touched / score.words:.2%}")


def read_options(arguments: list[str]) -> argparse.Namespace:
    """Read what is asked for; what is missed can be looked at in the half for choosing only."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of evaluation data (HYS_EVAL_DATA)")
    parser.add_argument("--lower", action="store_true", help="in small letters")
    parser.add_argument("--half", choices=("choose", "measure"), default="measure")
    parser.add_argument(
        "--missed", help='print what was missed of this kind, or "touched": other words touched'
    )
    options = parser.parse_args(arguments)
    if options.missed and options.half != "choose":
        parser.error("misses are looked at in the half for choosing only: add --half choose")
    return options


def main(arguments: list[str]) -> None:
    """Print recall by kind and the other words touched, for each set found and for our own."""
    options = read_options(arguments)
    sets = {name: options.folder / file for name, file in SETS.items()}
    texts = {name: list(read(file)) for name, file in sets.items() if file.exists()}
    for name in sets.keys() - texts.keys():
        say(f"{name}: skipped, not in {options.folder}")
    for name, all_of_it in {**texts, "youth (our own)": list(read_youth())}.items():
        half = [one for one in all_of_it if one.half == options.half]
        written = [in_small_letters(one) for one in half] if options.lower else half
        report(f"{name}, half {options.half}, {len(half)} texts", measure(written, options.missed))


if __name__ == "__main__":
    main(sys.argv[1:])
