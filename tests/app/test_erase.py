"""The command that erases for somebody: it asks whose and whether, and says a "no" in plain words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYS_HOME", str(tmp_path))
    for name in ("SERVICE_DATABASE_URL", "VIEWS_DATABASE_URL", "SERVICE_KEYS"):
        monkeypatch.delenv(name, raising=False)


def erase(*words: str, typed: str | None = None) -> Result:
    return RUNNER.invoke(app, ["erase", *words], input=typed)


@pytest.mark.parametrize(
    "words", [(), ("--number", "+447700900123", "--reference", "blue fox 42"), ("--number", "")]
)
def test_it_wants_one_way_to_find_them(words: tuple[str, ...]) -> None:
    done = erase(*words)
    assert done.exit_code == 2
    assert "Say whose" in done.stderr


def test_it_asks_first_and_no_is_no() -> None:
    done = erase("--reference", "blue fox 42", typed="n\n")
    assert done.exit_code == 1
    assert "This can not be undone." in done.stdout


def test_nobody_found_is_said_plainly() -> None:
    done = erase("--reference", "blue fox 42", "--yes")
    assert done.exit_code == 1
    assert "No conversation was found for that. Nothing was erased." in done.stderr
