"""What the doctor found: what is wrong, how to mend it, and whether production may start with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing or unsafe; `stops` means that no real young people may be let in with it."""

    wrong: str
    mend: str
    stops: bool = True

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.wrong} {self.mend}"
