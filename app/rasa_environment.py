"""Prepare the environment that Rasa runs in: Python 3.10, its packages, and nothing of our secrets."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.settings import HERE, Settings

RASA_PROJECT = HERE / "bot" / "rasa"
OWN_UV = HERE / ".uv" / "bin" / "uv"
"""Where the Makefile puts uv on a machine that has none."""

PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SSL_CERT_FILE",
    "UV_CACHE_DIR",
    "UV_PYTHON_INSTALL_DIR",
)
"""What Rasa's process may see of our environment; keys and tokens of ours are not among it."""

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "ERROR",  # lower levels print what people typed
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONWARNINGS": "ignore",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # Two processes share the cores; a message is too small to be worth more than one thread.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


class SetUpFailed(Exception):
    """Something the service needs could not be set up; its words say what to do."""


@dataclass(frozen=True, slots=True)
class RasaEnvironment:
    """Where Rasa's Python, the word vectors, the trained models and the working files lie."""

    python: Path
    embeddings: Path
    models: Path
    var: Path

    def variables(self, **more: str) -> dict[str, str]:
        """Return the variables that a process of Rasa gets."""
        return {
            **_passed_on(),
            **QUIET,
            "PYTHONPATH": str(HERE),
            "HYS_EMBEDDINGS": str(self.embeddings),
            "RASA_CACHE_DIRECTORY": str(self.var / "rasa-cache"),
            **more,
        }


def rasa_environment(settings: Settings) -> RasaEnvironment:
    """Name the places; nothing is made yet."""
    models = settings.hys_home / "models"
    return RasaEnvironment(
        python=RASA_PROJECT / ".venv" / "bin" / "python",
        embeddings=settings.hys_embeddings or models / "embeddings",
        models=models / "rasa",
        var=settings.var,
    )


def install_rasa(settings: Settings) -> None:
    """Install Rasa's packages as locked; quick when they are there. Raises SetUpFailed."""
    uv = find_uv()
    python = find_python_310(settings.rasa_python)
    command = [uv, "sync", "--project", str(RASA_PROJECT), "--frozen", "--quiet", "--python", python]
    done = subprocess.run(command, env=_passed_on(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise SetUpFailed(
            "Rasa's packages could not be installed. Rasa needs Python 3.10: install it, or set RASA_PYTHON "
            f"to one, or connect to the network so that uv can fetch it. uv said: {' '.join(lines[-3:])}"
        )


def find_uv(own: Path = OWN_UV) -> str:
    """Return where uv is: on the path, or where the Makefile put its own; raises SetUpFailed."""
    uv = shutil.which("uv") or shutil.which(str(own))
    if uv is None:
        raise SetUpFailed("uv was not found. `make setup` fetches it; or install it and try again.")
    return uv


def find_python_310(wanted: str) -> str:
    """Return a Python 3.10 that really runs, or "3.10", for which uv fetches one; raises SetUpFailed.

    `wanted` is RASA_PYTHON. uv's own search can fail on a shim of pyenv, so each is tried.
    """
    if wanted:
        if not _is_python_310(wanted):
            raise SetUpFailed(
                f"RASA_PYTHON is {wanted}, which is no Python 3.10 that runs. Correct or unset it."
            )
        return wanted
    return next((each for each in _candidates() if _is_python_310(each)), "3.10")


def _candidates() -> Iterable[str]:
    on_path = shutil.which("python3.10")
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))  # noqa: TID251 - no setting of ours
    for folder in sorted((pyenv / "versions").glob("3.10*"), reverse=True):
        yield str(folder / "bin" / "python3.10")


def _is_python_310(python: str) -> bool:
    ask = "import sys; raise SystemExit(sys.version_info[:2] != (3, 10))"
    try:
        return subprocess.run([python, "-c", ask], capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _passed_on() -> Mapping[str, str]:
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}  # noqa: TID251
