"""Whoever keeps the directory is told what to look at again, in plain words."""

from datetime import date
from pathlib import Path

from typer.testing import CliRunner

from app.commands.local_offer import commands
from core.local_offer.check import check_directory, say_findings
from tests.core.local_offer.directories import OURS, a_service, folder_of, term

SURE = (term("confidence", "high"), term("source", "https://www.example.org/page"), term("need", "sport"))


def test_what_is_broken_old_unsure_or_out_of_reach_is_listed(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        fine=a_service("Fine", *SURE, assured_date="2026-11-01", url="https://example.org"),
        old=a_service("Old", *SURE, assured_date="2024-11-01", url="https://example.org"),
        unsure=a_service("Unsure"),
        broken={"name": "Broken"},
    )
    findings = check_directory(folder, today=date(2026, 11, 23))
    assert findings.total == 3
    assert {problem.record for problem in findings.invalid} == {"'Broken'"}
    assert [entry.name for entry in findings.stale] == ["Old"]
    assert [entry.name for entry in findings.unchecked] == ["Unsure"]
    assert [entry.name for entry in findings.unreachable] == ["Unsure"]
    assert [entry.name for entry in findings.without_a_need] == ["Unsure"]
    said = "\n".join(say_findings(findings))
    assert "3 services can be read, 2 problems stop others." in said
    assert "  Old: high confidence, seen on 2024-11-01 at https://www.example.org/page" in said
    assert "  Unsure: medium confidence, seen on no known day at no known place" in said


def test_the_command_reads_our_own_directory_and_finds_nothing_broken() -> None:
    ran = CliRunner().invoke(commands, ["check"])
    assert ran.exit_code == 0, ran.output
    assert "70 services can be read, 0 problems" in ran.output
    assert "Kooth: low confidence, seen on 2026-11-23" in ran.output


def test_the_command_fails_for_what_cannot_be_read_and_when_strict_for_what_is_unsure(tmp_path: Path) -> None:
    assert CliRunner().invoke(commands, ["check", str(OURS), "--strict"]).exit_code == 1
    folder = folder_of(tmp_path, broken="{")
    ran = CliRunner().invoke(commands, ["check", str(folder)])
    assert ran.exit_code == 1
    assert "this is not JSON" in ran.output


def test_the_command_fails_when_the_words_cannot_be_read(tmp_path: Path) -> None:
    ran = CliRunner().invoke(commands, ["check", str(tmp_path)])
    assert ran.exit_code == 1
    assert "words.yml, line 1" in ran.output
