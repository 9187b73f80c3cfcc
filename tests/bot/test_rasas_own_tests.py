"""Rasa's own tests (`rasa test`) hold with the current model."""

import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from app.training import set_up_rasa
from core.settings import HERE, Settings

STORIES = HERE / "tests" / "bot" / "rasa_test"


@pytest.mark.journey
def test_what_is_said_means_what_rasas_own_stories_say(tmp_path: Path) -> None:
    environment, model = set_up_rasa(Settings(), Console(quiet=True))
    command = [str(environment.python), "-m", "rasa", "test", "core", "--stories", str(STORIES)]
    command += ["--model", str(model), "--out", str(tmp_path), "--no-plot"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment.variables(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "None of the test stories failed" in failed, failed
