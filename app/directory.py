"""Keep the directory of help as it is now, and read it by its meaning, beside the running service."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.embeddings import SENTENCES
from app.lists import Lists
from app.reading_apart import read_apart
from core.conversation.house import House
from core.database import Store
from core.local_offer.directory import Directory
from core.local_offer.joining import join, read_imported
from core.local_offer.nearness import Nearness, sentences_of
from core.local_offer.runs import newest_switch
from core.local_offer.sentences import Sentences
from core.local_offer.shelf import Shelf, Shelved
from core.local_offer.taking_in import Known
from core.local_offer.vectors import KeptVectors
from core.settings import Settings
from core.text.meaning import MeaningMissing, SentenceMeaning

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 5.0
"""So soon an import by any process is found here."""

MOST_READ_HERE = 50
"""Of more new sentences a process of its own reads the meaning: in this one, all else would be slow meanwhile."""


@dataclass(frozen=True, slots=True)
class DirectoryDesk:
    """What is needed to keep the shelf: `weights` may be missing, then the words alone are looked at.

    `by_hand` is the directory of data/, and `store` holds what was imported, which is looked at every so many seconds.
    """

    shelf: Shelf
    by_hand: Directory
    store: Store
    known: Known
    sentences: Sentences
    weights: Path
    kept: Path
    look_every: float = LOOK_EVERY_SECONDS


def directory_desk(settings: Settings, lists: Lists, house: House) -> DirectoryDesk:
    """Put together what keeping the directory needs."""
    return DirectoryDesk(
        shelf=house.shelf,
        by_hand=lists.directory,
        store=house.service,
        known=Known(lists.directory.words, lists.area),
        sentences=lists.sentences,
        weights=sentence_weights(settings),
        kept=kept_vectors(settings),
    )


def sentence_weights(settings: Settings) -> Path:
    """Return the folder of the weights that read sentences by their meaning."""
    return (settings.hys_embeddings or settings.hys_home / "models" / "embeddings") / SENTENCES


def kept_vectors(settings: Settings) -> Path:
    """Return the file in which the vectors of the directory are kept; it may be deleted."""
    return settings.var / "local_offer_vectors.npz"


async def keep_directory(desk: DirectoryDesk, stop: asyncio.Event) -> None:
    """Put the directory on the shelf anew whenever an import has changed it, until told to stop."""
    vectors = await asyncio.to_thread(_open_vectors, desk)
    stands: int | None = None
    while True:
        stands = await _look(desk, vectors, stands)
        try:
            async with asyncio.timeout(desk.look_every):
                await stop.wait()
        except TimeoutError:
            continue
        return


async def _look(desk: DirectoryDesk, vectors: KeptVectors | None, stands: int | None) -> int | None:
    """Give the number of the import that stands on the shelf now; a store that is away is asked again later."""
    try:
        async with desk.store.read() as session:
            newest = await newest_switch(session)
        if newest != stands:
            await put_on_shelf(desk, vectors)
    except Exception as error:  # noqa: BLE001 - whatever it is, the directory that stands there goes on answering
        log.error("directory_not_read", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        return stands
    return newest


async def put_on_shelf(desk: DirectoryDesk, vectors: KeptVectors | None) -> None:
    """Join what is imported to what is kept by hand, read it by its meaning in a thread, and put it there at once."""
    async with desk.store.read() as session:
        rows = await read_imported(session)
    directory, wrong = await asyncio.to_thread(join, desk.by_hand, rows, desk.known)
    if wrong:
        log.warning("imported_services_left_out", count=len(wrong))
    nearness = None
    if vectors is not None:
        new = await asyncio.to_thread(vectors.missing, sentences_of(directory, desk.sentences))
        if len(new) > MOST_READ_HERE and await read_apart(new, desk.weights, desk.kept):
            await asyncio.to_thread(vectors.look_again)
        nearness = await asyncio.to_thread(read_by_meaning, directory, desk.sentences, vectors)
        log.info("directory_meanings_read")
    desk.shelf.put(Shelved(directory, nearness))


def _open_vectors(desk: DirectoryDesk) -> KeptVectors | None:
    try:
        return KeptVectors(SentenceMeaning.load(desk.weights), desk.kept)
    except MeaningMissing as missing:
        log.warning("directory_meanings_not_read", reason=str(missing))
        return None


def read_by_meaning(directory: Directory, sentences: Sentences, vectors: KeptVectors) -> Nearness:
    """Read a directory by its meaning; about 3 ms for each sentence that was not read before."""
    nearness = Nearness(directory, sentences, vectors)
    vectors.save()
    return nearness
