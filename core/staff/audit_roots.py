"""Note the end of the audit chain in a file elsewhere, and read what was noted before."""

from datetime import datetime
from pathlib import Path

from core.staff.audit import Root


class BadRootsFile(ValueError):
    """A line of the file of roots can't be read; the words say which."""


def note_root(file: Path, root: Root, now: datetime) -> None:
    """Add one line `date seq mac` to the file, which a council keeps where this service can't change it."""
    with file.open("a", encoding="ascii") as lines:
        lines.write(f"{now.date().isoformat()} {root.seq} {root.mac.hex()}\n")


def read_roots(file: Path) -> tuple[Root, ...]:
    """Read all roots that were noted; none if there is no file yet. BadRootsFile names a broken line."""
    if not file.exists():
        return ()
    return tuple(
        _read_root(file, number, line)
        for number, line in enumerate(file.read_text(encoding="ascii").splitlines(), start=1)
        if line.strip()
    )


def _read_root(file: Path, number: int, line: str) -> Root:
    try:
        _, seq, mac = line.split()
        return Root(int(seq), bytes.fromhex(mac))
    except ValueError as error:
        raise BadRootsFile(f"{file}, line {number}: not a date, a number and a mac.") from error
