"""Safeguarding leads check their list of phrases, and try what is heard."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from app.commands.safeguarding import commands
from core.settings import HERE, Settings

RUNNER = CliRunner()


def test_our_own_list_is_well() -> None:
    done = RUNNER.invoke(commands, ["check"])
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "safeguarding_phrases.yml is well."


def test_everyday_talk_that_would_ring_is_shown_with_the_phrase_that_hears_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("safeguarding_phrases.yml", "names.txt", "languages.yml"):
        (tmp_path / name).write_text((HERE / "data" / name).read_text("utf-8"), "utf-8")
    examples = {"danger": ["he hits me"], "worry": [], "ordinary": ["i like art", "he hits me with his belt"]}
    (tmp_path / "safeguarding_examples.yml").write_text(yaml.safe_dump(examples), "utf-8")
    monkeypatch.setattr(Settings, "data", tmp_path)
    done = RUNNER.invoke(commands, ["check"])
    assert done.exit_code == 0
    assert "False alarms: 1 of 2 everyday messages" in done.stdout
    shown = done.stdout.splitlines()[2]
    assert shown.startswith("  danger: ")
    assert shown.endswith(": he hits me with his belt")
    assert "no speaker has read the line in Polish" in done.stdout


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("he hits me and im scared to go home", "Heard: danger"),
        ("i have to ask before i speak at home", "Heard: worry"),
        ("this homework is killing me", "Nothing is heard."),
    ],
)
def test_words_are_tried_without_being_kept(words: str, heard: str) -> None:
    done = RUNNER.invoke(commands, ["try", words])
    assert done.stdout.splitlines()[0] == heard
    shares = done.stdout.splitlines()[-2:]
    assert [line.split(":")[0] for line in shares] == [
        "  second listener, worry",
        "  second listener, danger told plainly",
    ]
    assert words not in done.stdout


def test_a_drill_is_begun_by_hand_and_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYS_HOME", str(tmp_path))
    for name in ("SERVICE_DATABASE_URL", "VIEWS_DATABASE_URL", "SERVICE_KEYS"):
        monkeypatch.delenv(name, raising=False)
    done = RUNNER.invoke(commands, ["drill"])
    assert done.exit_code == 0
    assert "The drill has begun" in done.stdout
    again = RUNNER.invoke(commands, ["drill"])
    assert again.exit_code == 1
    assert "A drill is under way." in again.stderr


def test_the_blind_review_is_told_with_its_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYS_HOME", str(tmp_path))
    for name in ("SERVICE_DATABASE_URL", "VIEWS_DATABASE_URL", "SERVICE_KEYS"):
        monkeypatch.delenv(name, raising=False)
    done = RUNNER.invoke(commands, ["review"])
    assert done.exit_code == 0
    assert "Reviewed: 0 messages" in done.stdout
    assert "nothing is known yet (95 % interval 0.00% to 100.00%)" in done.stdout
