"""The running service with settings of its own, and its command line, from outside."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

import httpx
import pytest

from tests.journeys.running import ROOT, Service, children_of

ANSWER_WITHIN_SECONDS = 40.0
NOBODY_LISTENS = "http://127.0.0.1:9"
"""The address of a Rasa that is not there."""

Given = TypeVar("Given")


@dataclass
class TunedService(Service):
    """A service with more settings than its folder and its port; `start` waits for Rasa too, if it has one."""

    settings: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start it; returns when it says that it is ready, or, without a Rasa of its own, when it answers."""
        if "RASA_URL" in self.settings:
            self._start_without_rasa()
            return
        with pytest.MonkeyPatch.context() as environment:
            for name, value in self.settings.items():
                environment.setenv(name, value)
            super().start()

    def wait_for_rasa(self) -> None:
        """Wait until Rasa answers, as after it was killed: the service starts it again by itself."""
        until(lambda: httpx.get(f"{self.url}/readyz", trust_env=False).json()["bot"], seconds=120)

    @property
    def has_rasa(self) -> bool:
        return self.process is not None and bool(children_of(self.process.pid))

    def _start_without_rasa(self) -> None:
        log = self.home / "said.txt"
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [*HAVEYOURSAY, "run"],
                cwd=ROOT,
                env=environment_of(self.home, PORT=str(self.port), **self.settings),
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        until(self._is_alive, seconds=60)

    def _is_alive(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            pytest.fail("The service ended:\n" + (self.home / "said.txt").read_text())
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).is_success
        except httpx.TransportError:
            return False


HAVEYOURSAY = (sys.executable, "-m", "app.cli")


@contextmanager
def tuned_service(home: Path, **settings: str) -> Iterator[TunedService]:
    """Run the service in an empty folder with the models that are here, and stop it at the end of the block."""
    needs_rasa(is_elsewhere="RASA_URL" in settings)
    link_models(home)
    service = TunedService(home, settings=settings)
    try:
        service.start()
        yield service
    finally:
        service.stop()


def needs_rasa(*, is_elsewhere: bool = False) -> None:
    """Skip by name where Rasa's environment is not set up."""
    if not is_elsewhere and not (ROOT / "bot" / "rasa" / ".venv" / "bin" / "python").exists():
        pytest.skip("Rasa's environment was not found at bot/rasa/.venv: run 'make run' once")


def link_models(home: Path) -> None:
    """Let an installation use what Rasa has learnt here, so that it need not be taught again."""
    (ROOT / "models").mkdir(exist_ok=True)
    (home / "models").symlink_to(ROOT / "models")


def run_command(home: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run `haveyoursay` with these words, in the installation of this folder."""
    return subprocess.run(
        [*HAVEYOURSAY, *words],
        cwd=ROOT,
        env=environment_of(home, **settings),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def environment_of(home: Path, **settings: str) -> dict[str, str]:
    """Give what a process needs of this machine, and these settings."""
    own = {"HYS_HOME": str(home), "PYTHONUNBUFFERED": "1", **settings}
    return {**os.environ, **own}  # noqa: TID251 - what the service needs of this machine


def until(happens: Callable[[], Given], *, seconds: float = ANSWER_WITHIN_SECONDS) -> Given:
    """Give what `happens` gives as soon as it is true; fail after so many seconds."""
    end = monotonic() + seconds
    while not (given := happens()):
        if monotonic() > end:
            pytest.fail(f"it did not happen within {seconds} seconds")
        sleep(0.1)
    return given
