"""Importing by hand, through the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio.from_thread
import pytest
from typer.testing import CliRunner, Result

from app.commands.local_offer import commands
from tests.core.local_offer.feeds import club, old_club
from tests.stub_feed import Sent, StubFeed, broken_on, serving


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYS_HOME", str(tmp_path))
    for name in ("SERVICE_DATABASE_URL", "VIEWS_DATABASE_URL", "SERVICE_KEYS", "LOCAL_OFFER_FEED_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@contextmanager
def feed_beside(feed: StubFeed) -> Iterator[str]:
    """Serve a feed in a thread of its own: the command has an event loop of its own too."""
    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(serving(feed)),
    ):
        yield feed.address


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


@pytest.mark.usefixtures("home")
def test_the_feed_that_is_set_is_synced_and_progress_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with feed_beside(StubFeed([[club("A")], [club("B")]])) as address:
        monkeypatch.setenv("LOCAL_OFFER_FEED_URL", address)
        done = run("sync")
        assert done.exit_code == 0, done.output
        assert "New: 2." in done.stdout
        assert "pages: 2 of 2" in done.stderr
        assert "New: 0. Changed: 0." in run("sync").stdout


@pytest.mark.usefixtures("home")
def test_a_feed_that_breaks_off_is_said_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    with feed_beside(StubFeed([[club("A")], [club("B")]], instead=broken_on(2, Sent(status=403)))) as address:
        monkeypatch.setenv("LOCAL_OFFER_FEED_URL", address)
        done = run("sync")
    assert done.exit_code == 1
    assert "The feed answers /api/services with 403. Nothing was changed." in done.stderr


@pytest.mark.usefixtures("home")
def test_only_allowed_hosts_are_synced_with(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No feed is set." in run("sync").stderr
    monkeypatch.setenv("LOCAL_OFFER_FEED_URL", "https://feed.example/api")
    refused = run("sync", "https://elsewhere.example/api")
    assert refused.exit_code == 1
    assert (
        "elsewhere.example (port 443) is not in LOCAL_OFFER_FEED_HOSTS. Nothing was changed."
        in refused.stderr
    )
