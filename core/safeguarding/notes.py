"""Notes of who reads a concern, and the hand-over to the council's case system: sealed with the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.ids import ConcernId, StaffId, new_id
from core.safeguarding.record_tables import ConcernNote, HandOver
from core.safeguarding.refusals import NoReference, NotClosedYet, NoWords
from core.safeguarding.tables import Concern
from core.sealing import CannotOpen, seal_json, unseal_json
from core.staff.tables import StaffAccount

LONGEST_NOTE = 2_000
LONGEST_REFERENCE = 100


@dataclass(frozen=True, slots=True)
class Note:
    """A note: who wrote it, when, and its words (None when they can't be opened any more)."""

    by: str
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """That the council's case system has its copy."""

    by: str
    at: datetime
    reference: str
    reader: str


async def add_note(
    session: AsyncSession, concern: ConcernId, *, staff: StaffId, text: str, key: bytes, now: datetime
) -> None:
    """Add a note, sealed under the conversation's key; NoWords."""
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST_NOTE:
        raise NoWords
    note = new_id()
    sealed = seal_json(words, key, row=note_row(note))
    session.add(ConcernNote(id=note, concern_id=concern, staff_id=staff, sealed_text=sealed, at=now))
    await session.flush()


async def read_notes(session: AsyncSession, concern: ConcernId, key: bytes | None) -> Sequence[Note]:
    """List the notes of a concern, oldest first."""
    query = (
        select(ConcernNote, StaffAccount.name)
        .join(StaffAccount, StaffAccount.id == ConcernNote.staff_id)
        .where(ConcernNote.concern_id == concern)
        .order_by(ConcernNote.at, ConcernNote.id)
    )
    rows = (await session.execute(query)).all()
    return [Note(name, row.at, _open(row.sealed_text, key, note_row(row.id))) for row, name in rows]


async def hand_over(
    session: AsyncSession,
    concern: ConcernId,
    *,
    staff: StaffId,
    reference: str,
    reader: str,
    key: bytes,
    now: datetime,
) -> None:
    """Keep that the case system has confirmed its copy; from now on the text's days count.

    NotClosedYet, NoReference. A second time changes nothing: the first confirmation counts.
    """
    said = {"reference": reference.strip(), "reader": reader.strip()}
    if not all(each and len(each) <= LONGEST_REFERENCE for each in said.values()):
        raise NoReference
    row = await session.get_one(Concern, concern, with_for_update=True)
    if row.closed_at is None:
        raise NotClosedYet
    sealed = seal_json(said, key, row=hand_over_row(concern))
    record = {"concern_id": concern, "staff_id": staff, "sealed_record": sealed, "at": now}
    await insert_new(session, HandOver, [record])


async def read_hand_over(session: AsyncSession, concern: ConcernId, key: bytes | None) -> HandedOver | None:
    """Give the hand-over of a concern; None when there was none yet."""
    query = (
        select(HandOver, StaffAccount.name)
        .join(StaffAccount, StaffAccount.id == HandOver.staff_id)
        .where(HandOver.concern_id == concern)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    row, name = found
    said = _open_record(row, key)
    return HandedOver(name, row.at, said.get("reference", ""), said.get("reader", ""))


def _open_record(row: HandOver, key: bytes | None) -> dict[str, str]:
    try:
        return dict(unseal_json(row.sealed_record, key, row=hand_over_row(row.concern_id))) if key else {}
    except CannotOpen:
        return {}


def _open(sealed: bytes, key: bytes | None, row: str) -> str | None:
    try:
        return str(unseal_json(sealed, key, row=row)) if key else None
    except CannotOpen:
        return None


def note_row(note: str) -> str:
    """Name the row that a note is sealed for."""
    return f"concern-note:{note}"


def hand_over_row(concern: str) -> str:
    """Name the row that a hand-over is sealed for."""
    return f"hand-over:{concern}"
