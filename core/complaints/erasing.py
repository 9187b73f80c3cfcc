"""Take back what was said in complaints: on the young person's wish, and when their time is over."""

from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.complaints.complaints import SMALLEST_BODY, row_name
from core.complaints.tables import Complaint
from core.ids import ConversationId
from core.sealing import seal_json, unseal_json

ERASED = b""


async def erase_complaints(session: AsyncSession, conversation: ConversationId) -> None:
    """Erase the words of every complaint of a conversation; the empty row stays for a while, and is not listed."""
    mine = update(Complaint).where(Complaint.conversation_id == conversation).values(sealed_body=ERASED)
    await session.execute(mine.execution_options(synchronize_session=False))


async def reseal_complaints(
    session: AsyncSession, conversation: ConversationId, *, old: bytes, new: bytes
) -> int:
    """Seal the complaints of a conversation anew under its new key, and say how many still hold words."""
    mine = select(Complaint).where(Complaint.conversation_id == conversation, Complaint.sealed_body != ERASED)
    rows = (await session.scalars(mine.with_for_update())).all()
    for row in rows:
        words = unseal_json(row.sealed_body, old, row=row_name(row.id))
        row.sealed_body = seal_json(words, new, row=row_name(row.id), smallest=SMALLEST_BODY)
    return len(rows)


async def has_complaint(session: AsyncSession, conversation: ConversationId) -> bool:
    """Say whether a conversation has a complaint."""
    wanted = select(Complaint.id).where(Complaint.conversation_id == conversation).limit(1)
    return (await session.execute(wanted)).first() is not None


async def purge_complaints(session: AsyncSession, *, before: datetime, dry_run: bool) -> int:
    """Delete complaints that were answered, or made and taken back, before this time; say how many."""
    taken_back = and_(Complaint.sealed_body == ERASED, Complaint.made_at < before)
    old = or_(Complaint.answered_at < before, taken_back)
    if dry_run:
        return (await session.scalars(select(func.count()).select_from(Complaint).where(old))).one()
    gone = await session.execute(delete(Complaint).where(old))
    return int(getattr(gone, "rowcount", 0))
