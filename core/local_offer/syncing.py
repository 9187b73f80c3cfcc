"""Sync with a feed: read and check all of it, then switch at once, or change nothing and say why."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta

from core.errors import Refusal
from core.job_lease import lease_job
from core.local_offer.feed import Ask, FeedFailed, Told, is_unchanged, list_address, read_feed
from core.local_offer.importing import (
    IMPORT_JOB,
    IMPORT_LASTS,
    ImportDesk,
    ImportUnderWay,
    keep,
    note_failure,
)
from core.local_offer.runs import Run, last_run, note_run
from core.local_offer.tables import LONGEST_SOURCE, Outcome
from core.local_offer.taking_in import take_in

LONGEST_SYNC = timedelta(minutes=45)
"""Less than the lease lasts, so that nobody takes it over from one who is still at work."""
WENT_WELL = (Outcome.SWITCHED, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class SyncDesk:
    """What a sync needs: what an import does, and a way to the feeds that may be asked."""

    imports: ImportDesk
    open_feed: Callable[[], AbstractAsyncContextManager[Ask]]
    longest: timedelta = LONGEST_SYNC


async def sync_feed(desk: SyncDesk, feed: str, *, told: Told) -> Run:
    """Take in what a feed holds now. FeedFailed, TooFewLeft and their like change nothing, and are remembered."""
    imports, source = desk.imports, source_of_feed(feed)
    async with lease_job(
        imports.store, IMPORT_JOB, owner=imports.owner, clock=imports.clock, lasting=IMPORT_LASTS
    ) as ours:
        if not ours:
            raise ImportUnderWay
        try:
            async with asyncio.timeout(desk.longest.total_seconds()), desk.open_feed() as ask:
                return await _sync(imports, ask, feed, told)
        except TimeoutError as error:
            late = FeedFailed(f"The feed took longer than {desk.longest.total_seconds() / 60:g} minutes.")
            await note_failure(imports, source, _nothing_changed(late), Outcome.FAILED)
            raise _nothing_changed(late) from error
        except FeedFailed as failed:
            await note_failure(imports, source, _nothing_changed(failed), Outcome.FAILED)
            raise _nothing_changed(failed) from failed
        except Refusal as refused:
            await note_failure(imports, source, refused, Outcome.REFUSED)
            raise


def source_of_feed(feed: str) -> str:
    """Name the source of a feed: the address of its list."""
    return list_address(feed)[:LONGEST_SOURCE]


async def _sync(imports: ImportDesk, ask: Ask, feed: str, told: Told) -> Run:
    source, today = source_of_feed(feed), imports.clock().date()
    async with imports.store.read() as session:
        before = await last_run(session, source, *WENT_WELL)
    if before and not imports.is_sure and await is_unchanged(ask, before.validators):
        return await _note_unchanged(imports, before)
    read = await read_feed(ask, feed, told=told)
    taken = await asyncio.to_thread(take_in, read.records, imports.known, today=today)
    return await keep(imports, source, taken, validators=read.validators)


async def _note_unchanged(imports: ImportDesk, before: Run) -> Run:
    """Remember that nothing had changed; what was wrong before is still wrong."""
    counts = replace(before.counts, new=0, changed=0, back=0, removed=0)
    run = replace(before, ended_at=imports.clock(), outcome=Outcome.UNCHANGED, counts=counts)
    if not imports.is_dry:
        async with imports.store.write() as session:
            await note_run(session, run)
    return run


def _nothing_changed(failed: FeedFailed) -> FeedFailed:
    return FeedFailed(f"{failed.said} Nothing was changed.")
