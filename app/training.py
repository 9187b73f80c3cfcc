"""Train Rasa when what it learns from has changed, and reuse the model when nothing has."""

import hashlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from app.embeddings import set_up_embeddings
from app.rasa_environment import RASA_PROJECT, RasaEnvironment, SetUpFailed, install_rasa, rasa_environment
from core.settings import HERE, Settings

LEARNT_FROM = (
    "config.yml",
    "bot/domain/**/*.yml",
    "data/training/**/*.yml",
    "bot/rasa/*.py",
    "bot/rasa/uv.lock",
    "core/text/meaning.py",
)
"""All that a model depends on. The vectors are among it: core/text/meaning.py holds their sha256."""

SECONDS = 600
KEPT_MODELS = 3


def set_up_rasa(settings: Settings, console: Console) -> tuple[RasaEnvironment, Path]:
    """Make everything Rasa needs to start, and return its places and the current model; raises SetUpFailed."""
    environment = rasa_environment(settings)
    with console.status("Setting up Rasa. The first time takes a minute."):
        install_rasa(settings)
    set_up_embeddings(environment.embeddings, console.print)
    return environment, train_if_needed(environment, console)


def train_if_needed(environment: RasaEnvironment, console: Console, *, root: Path = HERE) -> Path:
    """Return the model that fits what is to be learnt now, trained first if there is none; raises SetUpFailed."""
    name = fingerprint(root)
    model = environment.models / f"{name}.tar.gz"
    if model.is_file():
        return model
    with console.status("Teaching the bot. This takes about half a minute."):
        _train(environment, name, root)
    if not model.is_file():
        raise SetUpFailed("Rasa trained no model. Check data/training with 'make lint'.")
    console.print("The bot has learnt what it needs.")
    _drop_old(environment.models, keep=model)
    return model


def fingerprint(root: Path = HERE) -> str:
    """Return 16 hexadecimal digits that change with anything a model depends on."""
    digest = hashlib.sha256()
    for file in _learnt_from(root):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def validate_training_data(environment: RasaEnvironment, *, root: Path = HERE) -> str | None:
    """Let Rasa check intents, rules and domain for contradictions; None when all is well, or what it said."""
    done = _rasa(environment, ["data", "validate", "--fail-on-warnings", *_data(root)], root)
    return None if done.returncode == 0 else (done.stdout + done.stderr)[-4000:]


def _train(environment: RasaEnvironment, name: str, root: Path) -> None:
    environment.models.mkdir(parents=True, exist_ok=True)
    # Rasa would reuse what it learnt before, since it does not see a change in a file that a component imports.
    target = ["--force", "--out", str(environment.models), "--fixed-model-name", name]
    done = _rasa(environment, ["train", *_data(root), *target], root)
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).strip().splitlines()[-4:])
        raise SetUpFailed(f"Rasa could not be trained: {said}")


def _data(root: Path) -> list[str]:
    places = {"--config": "config.yml", "--domain": "bot/domain", "--data": "data/training"}
    return [part for option, place in places.items() for part in (option, str(root / place))]


def _rasa(
    environment: RasaEnvironment, arguments: Sequence[str], root: Path
) -> subprocess.CompletedProcess[str]:
    environment.var.mkdir(parents=True, exist_ok=True)
    return subprocess.run(  # noqa: S603 - our own command
        [str(environment.python), "-m", "rasa", *arguments],
        cwd=RASA_PROJECT,
        env=environment.variables(PYTHONPATH=str(root)),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _learnt_from(root: Path) -> Iterator[Path]:
    for pattern in LEARNT_FROM:
        yield from sorted(root.glob(pattern))


def _drop_old(models: Path, *, keep: Path) -> None:
    """Keep the last few models, so that going back to an earlier version needs no training."""
    newest_first = sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in [file for file in newest_first if file != keep][KEPT_MODELS - 1 :]:
        old.unlink()
