"""Start what is measured: our service as `make run` starts it, and plain Rasa as `rasa init` leaves it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.directory import kept_vectors
from app.rasa_environment import RasaEnvironment, rasa_environment
from app.rasa_process import free_port
from core.settings import HERE, Settings

SECONDS_TO_START = 180.0
SECONDS_TO_TRAIN = 1800


@contextmanager
def our_service(port: int = 0, **settings: str) -> Iterator[tuple[str, Path]]:
    """Run the whole service in a folder of its own, with more settings; give its address and that folder.

    The directory has been read by its meaning then, as it is once, at the first start.
    """
    port = port or free_port()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "models").symlink_to(Settings().hys_home / "models")
        said = {"HYS_HOME": folder, "PORT": str(port), "HYS_RATE_LIMITS": "off", **settings}
        command = [sys.executable, "-m", "app.cli", "run"]
        with running(command, said, HERE):
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/readyz", lambda reply: reply.json().get("bot") is True)
            _wait_for_file(kept_vectors(Settings(hys_home=home)))
            yield url, home


@contextmanager
def plain_rasa() -> Iterator[str]:
    """Run the model of `rasa init` with its REST channel; give its address."""
    environment, port = rasa_environment(Settings()), free_port()
    model = train_plain_model(environment)
    with tempfile.TemporaryDirectory() as folder:
        credentials = Path(folder) / "credentials.yml"
        credentials.write_text("rest:\n", encoding="utf-8")
        options = ["-i", "127.0.0.1", "-p", str(port), "-m", str(model), "--credentials", str(credentials)]
        with running([str(environment.python), "-m", "rasa", "run", *options], QUIET, Path(folder)):
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/webhooks/rest/", lambda reply: reply.json().get("status") == "ok")
            yield url


QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
"""Nothing else of plain Rasa is changed: not its threads, and not its log level."""


def train_plain_model(environment: RasaEnvironment) -> Path:
    """Make the project of `rasa init --no-prompt` and train it in the default way; kept for the next time."""
    model = environment.models / "baseline" / "model.tar.gz"
    if model.is_file():
        return model
    with tempfile.TemporaryDirectory() as folder:
        command = [str(environment.python), "-m", "rasa", "init", "--no-prompt", "--init-dir", folder]
        kept = {**os.environ, **QUIET}  # noqa: TID251 - a child process gets what we have
        subprocess.run(command, env=kept, check=True, capture_output=True, timeout=SECONDS_TO_TRAIN)
        trained = next((Path(folder) / "models").glob("*.tar.gz"))
        model.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(trained, model)
    return model


@contextmanager
def running(command: list[str], said: dict[str, str], folder: Path) -> Iterator[None]:
    """Run a command in a process group of its own, and end all of it."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **said},  # noqa: TID251 - a child process gets what we have
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)


def wait_for(url: str, is_ready: Callable[[httpx.Response], bool]) -> None:
    """Ask until the answer says that it is ready; TimeoutError."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            if is_ready(httpx.get(url, timeout=5, trust_env=False)):
                return
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} was not ready within {SECONDS_TO_START:.0f} seconds")


def _wait_for_file(file: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while not file.is_file():
        if time.monotonic() > until:
            raise TimeoutError(f"{file} was not made within {SECONDS_TO_START:.0f} seconds")
        time.sleep(0.1)
