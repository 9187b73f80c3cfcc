"""Importing by hand, through the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.commands.local_offer import commands
from tests.core.local_offer.feeds import club, old_club


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYS_HOME", str(tmp_path))
    for name in ("SERVICE_DATABASE_URL", "VIEWS_DATABASE_URL", "SERVICE_KEYS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(commands, list(words))


def a_file(home: Path, *records: Any, name: str = "list.json") -> str:
    file = home / name
    file.write_text(json.dumps(records), encoding="utf-8")
    return str(file)


def test_a_file_is_imported_and_a_bad_record_is_said_and_ends_with_1(home: Path) -> None:
    done = run("import", a_file(home, club("A"), old_club(name="B"), club("C", url="nowhere")))
    assert done.exit_code == 1
    assert "Records read: 3. Services to use: 2. Problems: 1." in done.stdout
    assert "list.json, record 3: 'C': url: 'nowhere' is not a web address" in done.stdout
    assert "New: 2. Changed: 0. Back again: 0. Marked as removed: 0." in done.stdout


def test_a_dry_run_changes_nothing_and_what_vanishes_is_marked(home: Path) -> None:
    assert run("import", a_file(home, club("A"), club("B"))).exit_code == 0
    shorter = a_file(home, club("A"))
    dry = run("import", shorter, "--dry-run")
    assert (dry.exit_code, "Marked as removed: 1." in dry.stdout) == (0, True)
    assert "Nothing was changed: this was a dry run." in dry.stdout
    assert "Marked as removed: 1." in run("import", shorter).stdout
    assert "Marked as removed: 0." in run("import", shorter).stdout


def test_a_list_that_lost_most_of_its_services_wants_yes(home: Path) -> None:
    run("import", a_file(home, *(club(str(number)) for number in range(5))))
    refused = run("import", a_file(home, club("1")))
    assert refused.exit_code == 1
    assert "It holds 1 services where there were 5. Nothing was changed." in refused.stderr
    assert run("import", a_file(home, club("1")), "--yes").exit_code == 0


def test_files_of_one_source_follow_each_other(home: Path) -> None:
    run("import", a_file(home, club("A"), club("B"), name="may.json"), "--source", "our list")
    done = run("import", a_file(home, club("A"), name="june.json"), "--source", "our list")
    assert "Marked as removed: 1." in done.stdout


def test_what_is_no_list_is_refused_without_a_trace(home: Path) -> None:
    (home / "list.json").write_bytes(b"PK\x03\x04")
    refused = run("import", str(home / "list.json"))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "list.json is a spreadsheet or an archive." in refused.stderr
