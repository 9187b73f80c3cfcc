"""Measure what of a bank of messages is heard: recall by category and severity, false alarms, and each miss.

Run: python -m tests.bench.safeguarding_bank FILE [--quiet]
FILE is YAML: a list of {text, category, severity}; severity is explicit, hinted, third_party or benign.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.listener import open_listener
from core.safeguarding.phrases import Level, load_phrases
from core.safeguarding.rules import listen
from core.safeguarding.weighing import level_of_both
from core.settings import Settings

PHRASES = Path(__file__).resolve().parents[2] / "data" / "safeguarding_phrases.yml"
EITHER = frozenset(Level)

Hear = Callable[[str], Level | None]
"""A way to hear a message: the level, or None when nothing is heard."""


class Told(BaseModel):
    """One message of a bank, and what its writer says it is."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    text: str
    category: str
    severity: Literal["explicit", "hinted", "third_party", "benign"]

    @property
    def is_benign(self) -> bool:
        """Whether an alarm about it would be a false one."""
        return self.severity == "benign"


def read_bank(file: Path) -> list[Told]:
    """Read a bank; pydantic's ValidationError says which entry is wrong."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return TypeAdapter(list[Told]).validate_python(entries)


def ways_to_hear() -> Mapping[str, Hear]:
    """Give every way that is measured, by its name."""
    phrases = load_phrases(PHRASES)

    def by_phrases(text: str) -> Level | None:
        heard = listen(text, phrases)
        return None if heard is None else heard.level

    listener = open_listener(Settings())
    if listener is None:
        return {"phrases alone": by_phrases}
    ear = listener.hears

    def by_both(text: str) -> Level | None:
        return level_of_both(listen(text, phrases), text, ear(text))

    return {"phrases alone": by_phrases, "phrases and the second listener": by_both}


def report(bank: Sequence[Told], hear: Hear, *, shows_each: bool) -> Iterable[str]:
    """Give the lines of the report on one way to hear."""
    heard = [(told, hear(told.text)) for told in bank]
    danger = [(told, level) for told, level in heard if not told.is_benign]
    benign = [(told, level) for told, level in heard if told.is_benign]
    yield f"{'':34}{'danger':>8}{'either':>8}{'of':>6}"
    yield _line("recall", danger)
    for key in ("severity", "category"):
        for value in sorted({getattr(told, key) for told, _ in danger}):
            yield _line(f"  {value}", [each for each in danger if getattr(each[0], key) == value])
    for value in sorted({told.category for told, _ in danger}):
        plain = [each for each in danger if each[0].category == value and each[0].severity == "explicit"]
        yield _line(f"  {value}, explicit", plain)
    yield _line("false alarms", benign)
    if shows_each:
        yield from _each("missed", [told for told, level in danger if level is None])
        lowered = [told for told, level in danger if level is Level.WORRY and told.severity == "explicit"]
        yield from _each("explicit, and heard as a worry only", lowered)
        yield from _each("false alarm of danger", [told for told, level in benign if level is Level.DANGER])
        yield from _each("false worry", [told for told, level in benign if level is Level.WORRY])


def _line(name: str, heard: Sequence[tuple[Told, Level | None]]) -> str:
    shares = [_share([level in levels for _, level in heard]) for levels in ({Level.DANGER}, EITHER)]
    return f"{name:34}{shares[0]:>8}{shares[1]:>8}{len(heard):>6}"


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.1%}" if hits else "-"


def _each(title: str, told: Sequence[Told]) -> Iterable[str]:
    yield f"{title}: {len(told)}"
    for each in told:
        yield f"  [{each.category}, {each.severity}] {each.text}"


def main(arguments: list[str]) -> None:
    """Print the report on a bank, once for each way to hear; `--quiet` leaves single messages out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bank", type=Path)
    parser.add_argument("--quiet", action="store_true", help="figures only, without the messages")
    options = parser.parse_args(arguments)
    bank = read_bank(options.bank)
    for name, hear in ways_to_hear().items():
        sys.stdout.write(f"== {name}\n")
        for line in report(bank, hear, shows_each=not options.quiet):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
