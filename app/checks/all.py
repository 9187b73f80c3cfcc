"""Run every check, say what is wrong, and how long each took."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from app.checks.training_data import check_training_data
from core.settings import HERE

CODE = ["app", "api", "bot", "channels", "core", "gateways", "migrations", "tests"]
TEMPLATES = ["channels", "api"]
AT_ONCE = 2
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it is called, and how it is run; it gives None when all is well, else what it said."""

    name: str
    run: Callable[[], str | None]


def command(*words: str) -> Callable[[], str | None]:
    """Make a check of a command of our environment: it is well when it exits with 0."""

    def run() -> str | None:
        done = subprocess.run(  # noqa: S603 - our own commands
            [str(BIN / words[0]), *words[1:]], cwd=HERE, capture_output=True, text=True, check=False
        )
        return None if done.returncode == 0 else (done.stdout + done.stderr).strip()

    return run


CHECKS = (
    Check("training data (rasa)", check_training_data),
    Check("types (mypy)", command("mypy", *CODE)),
    Check("style (ruff)", command("ruff", "check", *CODE)),
    Check("layout of the code (ruff)", command("ruff", "format", "--check", *CODE)),
    Check(
        "Rasa's own modules (ruff)",
        command("ruff", "check", "--config", "bot/rasa/pyproject.toml", "bot/rasa"),
    ),
    Check("arrows (import-linter)", command("lint-imports")),
    Check("dependencies (deptry)", command("deptry", ".")),
    Check("templates (djlint)", command("djlint", "--lint", "--quiet", *TEMPLATES)),
    Check("spelling (codespell)", command("codespell")),
    Check("docs/conversations.md", command("python", "-m", "app.checks.conversations")),
    Check("simple words", command("python", "-m", "app.checks.simple_words")),
)


def main() -> int:
    """Run all checks, two at a time since a machine may have two cores; exit code 1 if one is not well."""
    console = Console()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = [pool.submit(_timed, check) for check in CHECKS]
        bad = 0
        for check, result in zip(CHECKS, results, strict=True):
            said, seconds = result.result()
            mark = "[green]ok[/]" if said is None else "[red]not ok[/]"
            console.print(f"{mark} {check.name} ({seconds:.1f} s)")
            if said is not None:
                bad += 1
                console.print(said, markup=False, highlight=False)
    return 1 if bad else 0


def _timed(check: Check) -> tuple[str | None, float]:
    began = time.perf_counter()
    said = check.run()
    return said, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
