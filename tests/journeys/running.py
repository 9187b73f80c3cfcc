"""The service as `make run` starts it, for journeys: real Rasa, real stores, in a folder of its own."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from tests.channels.web_chat.browsing import free_port

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_SECONDS = 280
STOPS_WITHIN_SECONDS = 30


@dataclass
class Service:
    """One installation: its folder and port stay while it is stopped, killed and started again."""

    home: Path
    port: int = field(default_factory=free_port)
    said: list[str] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the app and its Rasa; returns when it says that it is ready."""
        command = [str(Path(sys.executable).with_name("haveyoursay")), "run"]
        own = {"HYS_HOME": str(self.home), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        environment = {**os.environ, **own}  # noqa: TID251 - what the service needs of this machine
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(self.process.stdout, lines), daemon=True).start()
        while "Ready." not in (line := lines.get(timeout=READY_WITHIN_SECONDS) or pytest.fail(self.report())):
            self.said.append(line)

    def kill(self) -> None:
        """End the app and Rasa as a power cut would."""
        assert self.process
        for pid in [self.process.pid, *children_of(self.process.pid)]:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def kill_rasa(self) -> None:
        """End only Rasa."""
        assert self.process
        for pid in children_of(self.process.pid):
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self.process is None or self.process.poll() is not None:
            return
        children = children_of(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        left = [pid for pid in children if Path(f"/proc/{pid}").exists()]
        for pid in left:
            os.kill(pid, signal.SIGKILL)

    def report(self) -> str:
        return "The service did not start:\n" + "".join(self.said[-30:])


@contextmanager
def running_service(home: Path) -> Iterator[Service]:
    """Start the service in an empty folder, with the models that are here; skip by name where Rasa is not."""
    if not (ROOT / "bot" / "rasa" / ".venv" / "bin" / "python").exists():
        pytest.skip("Rasa's environment was not found at bot/rasa/.venv: run 'make run' once")
    (ROOT / "models").mkdir(exist_ok=True)
    (home / "models").symlink_to(ROOT / "models")
    service = Service(home)
    try:
        service.start()
        yield service
    finally:
        service.stop()


def children_of(pid: int) -> list[int]:
    """List the processes that a process started, on Linux."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _read(stream: IO[str], lines: "queue.Queue[str | None]") -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)
