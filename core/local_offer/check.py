"""Look the whole directory over: what cannot be read, what is old, what nobody is sure of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.local_offer.directory import Entry, is_stale, is_unchecked, read_directory
from core.local_offer.open_referral import Problem


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, each list by name; one entry may be in several."""

    total: int
    invalid: tuple[Problem, ...]
    stale: tuple[Entry, ...]
    unchecked: tuple[Entry, ...]
    unreachable: tuple[Entry, ...]
    without_a_need: tuple[Entry, ...]

    @property
    def needs_a_look(self) -> bool:
        """Somebody should look at an entry again before it is shown unmarked."""
        return bool(self.stale or self.unchecked)


def check_directory(folder: Path, *, today: date) -> Findings:
    """Read the folder and say what is wrong with it; raises BrokenDataFile when words.yml cannot be read."""
    directory, problems = read_directory(folder)
    entries = sorted(directory, key=lambda entry: entry.name)
    return Findings(
        total=len(entries),
        invalid=problems,
        stale=tuple(entry for entry in entries if is_stale(entry, today)),
        unchecked=tuple(entry for entry in entries if is_unchecked(entry)),
        unreachable=tuple(entry for entry in entries if not is_reachable(entry)),
        without_a_need=tuple(entry for entry in entries if not entry.needs),
    )


def is_reachable(entry: Entry) -> bool:
    """A young person can reach a service that has a number, an e-mail address or a page."""
    return bool(entry.phones or entry.text or entry.email or entry.url)


def say_findings(findings: Findings) -> Iterator[str]:
    """Give the findings line by line, for whoever keeps the directory."""
    yield f"{findings.total} services can be read, {len(findings.invalid)} problems stop others."
    yield from (f"  {problem}" for problem in findings.invalid)
    for title, entries in (
        ("Nobody has looked at these for a year. They are shown with their date:", findings.stale),
        ("We are not sure of these. They are shown with a mark:", findings.unchecked),
        ("These say no number, address or page:", findings.unreachable),
        ("These are found by their name alone, because they name no need:", findings.without_a_need),
    ):
        if entries:
            yield f"{title} {len(entries)}"
            yield from (f"  {_one_line(entry)}" for entry in entries)


def _one_line(entry: Entry) -> str:
    seen = "on no known day" if entry.checked_on is None else f"on {entry.checked_on.isoformat()}"
    return f"{entry.name}: {entry.confidence} confidence, seen {seen} at {entry.source or 'no known place'}"
