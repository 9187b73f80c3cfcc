"""What needs Rasa's classes is checked on Rasa's own Python, in one go."""

import re
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from app.training import set_up_rasa
from core.settings import HERE, Settings

SCRIPT = Path(__file__).with_name("on_rasas_python.py")
CHECKS = re.findall(r"^def (\w+)\(\) -> None:", SCRIPT.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.journey
def test_rasas_own_parts_hold() -> None:
    environment, model = set_up_rasa(Settings(), Console(quiet=True))
    done = subprocess.run(
        [str(environment.python), str(SCRIPT), *CHECKS],
        cwd=HERE,
        env=environment.variables(HYS_MODEL=str(model)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert sorted(re.findall(r"^held: (\w+)$", done.stdout, flags=re.MULTILINE)) == sorted(CHECKS), (
        done.stderr[-2000:]
    )
