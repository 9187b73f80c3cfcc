"""Accounts, keys and the record of deeds are looked after by hand on the server."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from app.commands import api_keys, audit, rota, staff

RUNNER = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYS_HOME", str(tmp_path))
    monkeypatch.setenv("AUDIT_ROOTS_FILE", str(tmp_path / "roots"))
    for name in ("SERVICE_DATABASE_URL", "VIEWS_DATABASE_URL", "SERVICE_KEYS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(commands: typer.Typer, *words: str, typed: str | None = None) -> Result:
    return RUNNER.invoke(commands, list(words), input=typed)


def test_a_password_is_printed_alone_and_once(home: Path) -> None:
    added = run(staff.commands, "add", "sam@council.example", "--role", "key-worker")
    assert added.exit_code == 0
    assert len(added.stdout.splitlines()) == 1
    assert len(added.stdout.strip()) == 24
    kept = b"".join(file.read_bytes() for file in (home / "var").iterdir())
    assert added.stdout.strip().encode() not in kept


@pytest.mark.usefixtures("home")
def test_a_password_that_was_typed_is_not_printed() -> None:
    words = ("add", "ali@council.example", "--role", "auditor", "--password-stdin")
    assert run(staff.commands, *words, typed="short\n").exit_code == 1
    added = run(staff.commands, *words, typed="a long enough password\n")
    assert (added.exit_code, added.stdout) == (0, "")


@pytest.mark.usefixtures("home")
def test_the_same_email_twice_is_refused_in_plain_words() -> None:
    words = ("add", "sam@council.example", "--role", "key-worker")
    run(staff.commands, *words)
    again = run(staff.commands, *words)
    assert again.exit_code == 1
    assert again.stderr == "There is an account with this e-mail already.\n"


@pytest.mark.usefixtures("home")
def test_an_account_with_a_password_makes_room_for_a_work_account() -> None:
    words = ("add", "sam@council.example", "--role", "key-worker")
    run(staff.commands, *words)
    freed = run(staff.commands, "free", "sam@council.example")
    assert (freed.exit_code, "can sign in with their work account" in freed.stdout) == (0, True)
    assert run(staff.commands, "free", "sam@council.example").exit_code == 1
    assert run(staff.commands, *words).exit_code == 0


@pytest.mark.usefixtures("home")
def test_a_key_is_printed_alone_and_can_be_revoked_once() -> None:
    added = run(api_keys.commands, "add", "dashboard", "--scope", "summaries")
    assert added.stdout.startswith("hys_")
    assert len(added.stdout.split()) == 1
    assert run(api_keys.commands, "revoke", "dashboard").exit_code == 0
    assert run(api_keys.commands, "revoke", "dashboard").exit_code == 1


def test_the_record_is_verified_and_its_end_noted(home: Path) -> None:
    run(staff.commands, "add", "sam@council.example", "--role", "key-worker")
    verified = run(audit.commands, "verify")
    assert (verified.exit_code, verified.stdout) == (0, "The record is whole: 1 entries.\n")
    roots = home / "roots"
    assert len(roots.read_text().splitlines()) == 1
    roots.write_text("2026-11-23 1 " + "00" * 32 + "\n")
    broken = run(audit.commands, "verify")
    assert broken.exit_code == 1
    assert "not the one that was noted" in broken.stderr


@pytest.mark.usefixtures("home")
def test_a_lead_is_put_on_the_rota_before_the_first_start() -> None:
    run(staff.commands, "add", "jo@council.example", "--role", "safeguarding-lead")
    run(staff.commands, "add", "sam@council.example", "--role", "key-worker")
    added = run(rota.commands, "add", "jo@council.example", "--day", "monday", "--mobile", "07700 900123")
    assert (added.exit_code, added.stdout) == (0, "The turn is on the rota.\n")
    for wrong, said in (
        (("nobody@council.example",), "We can not find this person.\n"),
        (("sam@council.example",), "Please pick a safeguarding lead.\n"),
        (("jo@council.example", "--day", "someday"), "Please pick one day or more.\n"),
        (("jo@council.example", "--mobile", "01905 822666"), "Please write a UK mobile number"),
    ):
        refused = run(rota.commands, "add", *wrong)
        assert refused.exit_code == 1
        assert refused.stderr.startswith(said)
