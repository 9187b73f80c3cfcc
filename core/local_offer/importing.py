"""Import a file: read all of it, then switch its services at once, or change nothing and say why."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog

from core.clock import Clock
from core.database import Store
from core.errors import Refusal
from core.job_lease import lease_job
from core.local_offer.outpost import is_outpost, read_outpost
from core.local_offer.records import NotOpenReferral, Record, read_json, read_page
from core.local_offer.runs import Counts, Run, note_run
from core.local_offer.switching import Changes, compare, refuse_if_too_few, switch
from core.local_offer.tables import LONGEST_SOURCE, Outcome
from core.local_offer.taking_in import Known, Taken, take_in

log = structlog.get_logger()

IMPORT_JOB = "local offer import"
IMPORT_LASTS = timedelta(hours=1)
LARGEST_FILE = 50_000_000
"""Bytes; ten thousand services need about half of it."""
OTHER_FILES = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
}
"""What files begin with that people take for lists."""


class ImportUnderWay(Refusal):
    """Another process imports now."""

    words = "Another import or sync is under way. Try again when it is done."


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """What an import needs; `owner` names this process. `is_sure`: a source may lose most of its services."""

    store: Store
    clock: Clock
    owner: str
    known: Known
    is_sure: bool = False
    is_dry: bool = False


async def import_file(desk: ImportDesk, body: bytes, *, name: str, source: str) -> Run:
    """Import a file: Open Referral UK as JSON, or Outpost's CSV. NotOpenReferral, TooFewLeft and their like.

    A refusal changes nothing, and is remembered. `source` says whose list this is: what it held before and holds no
    more is marked as removed.
    """
    async with lease_job(
        desk.store, IMPORT_JOB, owner=desk.owner, clock=desk.clock, lasting=IMPORT_LASTS
    ) as ours:
        if not ours:
            raise ImportUnderWay
        try:
            taken = await asyncio.to_thread(_read, desk, body, name, source)
            return await keep(desk, source, taken)
        except Refusal as refused:
            await note_failure(desk, source, refused, Outcome.REFUSED)
            raise


async def keep(
    desk: ImportDesk, source: str, taken: Taken, *, validators: Mapping[str, Any] | None = None
) -> Run:
    """Switch to what was taken in, and remember it, in one transaction; nothing of it on a dry run."""
    async with desk.store.write() as session:
        changes = await compare(session, source, taken)
        run = Run(
            source,
            desk.clock(),
            Outcome.SWITCHED if changes.any else Outcome.UNCHANGED,
            counts=_count(changes, taken),
            wrong=taken.wrong,
            notes=taken.notes,
            validators=validators or {},
        )
        if not desk.is_sure:
            _refuse_with(run, changes, taken)
        if desk.is_dry:
            return run
        await switch(session, source, changes, desk.clock())
        await note_run(session, run)
    log.info("local_offer_read", count=run.counts.taken, status=run.outcome.value)
    return run


class Refused(Refusal):
    """A switch was refused; `run` says what was read, and what was wrong with it."""

    def __init__(self, words: str, run: Run) -> None:
        super().__init__(words)
        self.run = run


async def note_failure(desk: ImportDesk, source: str, refused: Refusal, outcome: Outcome) -> None:
    """Remember that nothing was changed, and why."""
    if desk.is_dry:
        return
    read = refused.run if isinstance(refused, Refused) else None
    run = Run(
        source,
        desk.clock(),
        outcome,
        words=refused.said,
        counts=read.counts if read else Counts(),
        wrong=read.wrong if read else (),
        notes=read.notes if read else (),
    )
    async with desk.store.write() as session:
        await note_run(session, run)


def source_of(name: str) -> str:
    """Name a file's source; it never looks like the address of a feed."""
    return f"file:{name}"[:LONGEST_SOURCE]


def read_file(body: bytes, *, name: str, source: str, today: date) -> Sequence[Record]:
    """Find out what a file is by what it holds, and read its records; NotOpenReferral says what to do."""
    if len(body) > LARGEST_FILE:
        raise NotOpenReferral(f"{name} is larger than {LARGEST_FILE // 1_000_000} MB. Split it.")
    kind = next((kind for begins, kind in OTHER_FILES.items() if body.startswith(begins)), None)
    if kind is not None or b"\0" in body:
        what = f"{name} is {kind or 'no text'}."
        raise NotOpenReferral(
            f"{what} Save the list as JSON (Open Referral UK) or as CSV in UTF-8 (Outpost)."
        )
    if not body.strip():
        raise NotOpenReferral(f"{name} is empty.")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return read_page(read_json(body, place=name), place=name).records
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotOpenReferral(
            f"{name} is not text in UTF-8. Save it as CSV in UTF-8, and try again."
        ) from error
    if not is_outpost(text):
        what = f"{name} is neither JSON nor Outpost's CSV."
        raise NotOpenReferral(f"{what} A CSV's first line must name import_id, import_id_reference and name.")
    return read_outpost(text, place=name, source=source, today=today)


def _read(desk: ImportDesk, body: bytes, name: str, source: str) -> Taken:
    today = desk.clock().date()
    return take_in(read_file(body, name=name, source=source, today=today), desk.known, today=today)


def _count(changes: Changes, taken: Taken) -> Counts:
    return Counts(
        total=taken.total,
        taken=len(taken.services),
        wrong=len(taken.wrong),
        notes=len(taken.notes),
        new=len(changes.new),
        changed=len(changes.changed),
        back=len(changes.back),
        removed=len(changes.removed),
        kept=changes.kept,
    )


def _refuse_with(run: Run, changes: Changes, taken: Taken) -> None:
    try:
        refuse_if_too_few(changes, taken)
    except Refusal as refused:
        raise Refused(refused.said, run) from refused
