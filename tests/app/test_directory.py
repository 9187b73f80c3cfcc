"""The directory is read by its meaning beside the running service, or by its words alone where that can't be."""

import asyncio
from pathlib import Path

import pytest
import structlog

from app.directory import DirectoryDesk, keep_directory
from core.local_offer.shelf import Shelf
from core.settings import HERE
from tests.builders import lists


def desk_of(tmp_path: Path, weights: Path) -> DirectoryDesk:
    return DirectoryDesk(Shelf(lists().directory), lists().sentences, weights, tmp_path / "kept.npz")


async def test_without_weights_the_words_alone_are_looked_at_and_the_log_says_so(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, tmp_path / "nowhere")
    with structlog.testing.capture_logs() as logs:
        await keep_directory(desk, asyncio.Event())
    assert [line["event"] for line in logs] == ["directory_meanings_not_read"]
    assert not desk.shelf.reads_meaning
    assert desk.shelf.find("i get bullied")


async def test_with_weights_the_meaning_is_read_and_its_vectors_are_kept(tmp_path: Path) -> None:
    weights = HERE / "models" / "embeddings" / "minilm"
    if not weights.is_dir():
        pytest.skip("models/embeddings/minilm is not here: haveyoursay train sets it up")
    desk, stop = desk_of(tmp_path, weights), asyncio.Event()
    kept = HERE / "var" / "local_offer_vectors.npz"
    if kept.is_file():
        desk.kept.write_bytes(kept.read_bytes())
    stop.set()
    await keep_directory(desk, stop)
    assert desk.shelf.reads_meaning
    assert desk.kept.is_file()
    assert desk.shelf.find("nobody sits with me at dinner")
