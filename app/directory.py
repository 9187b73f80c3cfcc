"""Keep the directory of help as it is now, and read it by its meaning, beside the running service."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.embeddings import SENTENCES
from app.lists import Lists
from core.conversation.house import House
from core.local_offer.directory import Directory
from core.local_offer.nearness import Nearness
from core.local_offer.sentences import Sentences
from core.local_offer.shelf import Shelf, Shelved
from core.local_offer.vectors import KeptVectors
from core.settings import Settings
from core.text.meaning import MeaningMissing, SentenceMeaning

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DirectoryDesk:
    """What is needed to keep the shelf: `weights` may be missing, then the words alone are looked at."""

    shelf: Shelf
    sentences: Sentences
    weights: Path
    kept: Path


def directory_desk(settings: Settings, lists: Lists, house: House) -> DirectoryDesk:
    """Put together what keeping the directory needs."""
    return DirectoryDesk(house.shelf, lists.sentences, sentence_weights(settings), kept_vectors(settings))


def sentence_weights(settings: Settings) -> Path:
    """Return the folder of the weights that read sentences by their meaning."""
    return (settings.hys_embeddings or settings.hys_home / "models" / "embeddings") / SENTENCES


def kept_vectors(settings: Settings) -> Path:
    """Return the file in which the vectors of the directory are kept; it may be deleted."""
    return settings.var / "local_offer_vectors.npz"


async def keep_directory(desk: DirectoryDesk, stop: asyncio.Event) -> None:
    """Read the directory by its meaning, in a thread: until that is done, the words alone are looked at."""
    vectors = await asyncio.to_thread(_open_vectors, desk)
    if vectors is None:
        return
    nearness = await asyncio.to_thread(read_by_meaning, desk.shelf.directory, desk.sentences, vectors)
    desk.shelf.put(Shelved(desk.shelf.directory, nearness))
    log.info("directory_meanings_read")
    await stop.wait()


def _open_vectors(desk: DirectoryDesk) -> KeptVectors | None:
    try:
        return KeptVectors(SentenceMeaning.load(desk.weights), desk.kept)
    except MeaningMissing as missing:
        log.warning("directory_meanings_not_read", reason=str(missing))
        return None


def read_by_meaning(directory: Directory, sentences: Sentences, vectors: KeptVectors) -> Nearness:
    """Read a directory by its meaning; about 10 ms for each sentence that was not read before."""
    nearness = Nearness(directory, sentences, vectors)
    vectors.save()
    return nearness
