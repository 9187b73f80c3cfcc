"""The directory is read by its meaning beside the running service, or by its words alone where that can't be."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import structlog

from app.directory import DirectoryDesk, keep_directory
from app.reading_apart import read_apart
from core.local_offer.describe import describe
from core.local_offer.importing import ImportDesk, import_file
from core.local_offer.shelf import Shelf
from core.local_offer.taking_in import Known
from core.local_offer.vectors import KeptVectors
from core.settings import HERE
from core.text.meaning import SentenceMeaning
from tests.builders import lists
from tests.core.local_offer.feeds import club
from tests.fakes import FakeClock
from tests.stores import Stores


def desk_of(stores: Stores, tmp_path: Path, weights: Path) -> DirectoryDesk:
    return DirectoryDesk(
        shelf=Shelf(lists().directory),
        by_hand=lists().directory,
        store=stores.service,
        known=Known(lists().directory.words, lists().area),
        sentences=lists().sentences,
        weights=weights,
        kept=tmp_path / "kept.npz",
    )


def sentence_weights_or_skip() -> Path:
    weights = HERE / "models" / "embeddings" / "minilm"
    if not weights.is_dir():
        pytest.skip("models/embeddings/minilm is not here: haveyoursay train sets it up")
    return weights


def told_to_stop() -> asyncio.Event:
    """One look, and no more."""
    stop = asyncio.Event()
    stop.set()
    return stop


async def test_without_weights_the_words_alone_are_looked_at_and_the_log_says_so(
    sqlite_stores: Stores, tmp_path: Path
) -> None:
    desk = desk_of(sqlite_stores, tmp_path, tmp_path / "nowhere")
    with structlog.testing.capture_logs() as logs:
        await keep_directory(desk, told_to_stop())
    assert [line["event"] for line in logs] == ["directory_meanings_not_read"]
    assert not desk.shelf.reads_meaning
    assert desk.shelf.find("i get bullied")


async def test_with_weights_the_meaning_is_read_and_its_vectors_are_kept(
    sqlite_stores: Stores, tmp_path: Path
) -> None:
    desk = desk_of(sqlite_stores, tmp_path, sentence_weights_or_skip())
    kept = HERE / "var" / "local_offer_vectors.npz"
    if kept.is_file():
        desk.kept.write_bytes(kept.read_bytes())
    await keep_directory(desk, told_to_stop())
    assert desk.shelf.reads_meaning
    assert desk.kept.is_file()
    assert desk.shelf.find("nobody sits with me at dinner")


async def test_many_sentences_are_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    weights, kept = sentence_weights_or_skip(), tmp_path / "kept.npz"
    meaning = SentenceMeaning.load(weights)
    vectors = KeptVectors(meaning, kept)
    assert vectors.missing(["i swim", "coins", "i swim"]) == ["i swim", "coins"]
    assert await read_apart(["i swim", "coins"], weights, kept)
    vectors.look_again()
    assert vectors.missing(["i swim", "coins", "dogs"]) == ["dogs"]
    assert np.allclose(vectors.embed(["coins"]), meaning.embed(["coins"]), atol=0.001)


async def test_where_they_can_not_be_read_apart_that_is_said(tmp_path: Path) -> None:
    assert not await read_apart(["i swim"], tmp_path / "nowhere", tmp_path / "kept.npz")
    assert not (tmp_path / "kept.npz").exists()


async def test_what_is_imported_is_found_without_a_restart_and_gone_when_it_is_removed(
    stores: Stores, clock: FakeClock, tmp_path: Path
) -> None:
    desk = replace(desk_of(stores, tmp_path, tmp_path / "nowhere"), look_every=0.01)
    imports = ImportDesk(stores.service, clock, "this process", desk.known, is_sure=True)
    stop = asyncio.Event()
    keeping = asyncio.create_task(keep_directory(desk, stop))
    assert desk.shelf.find("unicycle polo") == []
    await import_file(imports, json.dumps([club("Unicycle polo")]).encode(), name="a", source="file:a")
    found = await once(lambda: desk.shelf.find("unicycle polo"))
    assert [entry.name for entry in found] == ["Unicycle polo"]
    assert desk.shelf.find("unicycle polo", age=17) == []
    assert any(line.values == {"date": "1 October 2026"} for line in describe(found[0], clock().date()))
    await import_file(imports, b"[]", name="a", source="file:a")
    await once(lambda: not desk.shelf.find("unicycle polo"))
    stop.set()
    await keeping


async def test_a_store_that_is_away_leaves_the_directory_that_stands_there(
    sqlite_stores: Stores, tmp_path: Path
) -> None:
    desk = desk_of(sqlite_stores, tmp_path, tmp_path / "nowhere")
    async with sqlite_stores.service.writer.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE import_runs")
    with structlog.testing.capture_logs() as logs:
        await keep_directory(desk, told_to_stop())
    assert "directory_not_read" in [line["event"] for line in logs]
    assert desk.shelf.find("i get bullied")


async def once(true: Callable[[], Any]) -> Any:
    """Wait until something is so, and give it; the test's own timeout ends what never is."""
    while not (found := true()):  # noqa: ASYNC110 - nothing rings when a shelf is filled
        await asyncio.sleep(0.01)
    return found
