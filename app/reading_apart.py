"""Read many sentences by their meaning in a process of its own, which lets all others go first.

In a thread of the service it took what a turn needs: while the directory was read for the first time, each turn took
twice as long.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from app.embeddings import read_on_one_core
from core.local_offer.vectors import KeptVectors
from core.settings import HERE
from core.text.meaning import SentenceMeaning

log = structlog.get_logger()

MODULE = "app.reading_apart"
LET_OTHERS_GO_FIRST = 10
"""How far it steps back: a tenth of a core is left to it where others want all, a whole one where nobody does."""


async def read_apart(sentences: Sequence[str], weights: Path, kept: Path) -> bool:
    """Have their vectors added to the file `kept`; False where that could not be done."""
    try:
        # It needs nothing of our environment, in which there are secrets.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", MODULE, str(weights), str(kept), cwd=HERE, env={}, stdin=PIPE
        )
        ended = await _hand_over(process, sentences)
    except OSError as error:
        log.warning("sentences_not_read", problem=type(error).__name__)
        return False
    if ended:
        log.warning("sentences_not_read", status=ended)
    return not ended


async def _hand_over(process: Process, sentences: Sequence[str]) -> int | None:
    """Give the sentences to the process and wait for its end; it does not outlive who waits."""
    try:
        await process.communicate(json.dumps(list(sentences)).encode())
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return process.returncode


def main(weights: Path, kept: Path) -> None:
    """Read the sentences that come in as JSON, and keep their vectors with those in the file."""
    os.nice(LET_OTHERS_GO_FIRST)
    read_on_one_core()
    vectors = KeptVectors(SentenceMeaning.load(weights), kept)
    vectors.embed(json.load(sys.stdin.buffer))
    vectors.save()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
