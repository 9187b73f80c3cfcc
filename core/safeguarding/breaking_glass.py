"""Break-glass: open the encrypted contact of someone who did not give it for this.

Two named people and a reason. Where life may be at risk one person of the rota opens it alone; a second is told
at once and reviews it the next working day. Each step is in the chained record of deeds, together with a digest
of the sealed reason, so that neither can be changed unseen.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area, noon_of_next_working_day
from core.ids import ConcernId, StaffId, new_id
from core.outbox_tables import AlertKind
from core.safeguarding.calling import Call, call_readers
from core.safeguarding.clearance import whom_it_may_be_about
from core.safeguarding.glass_refusals import (
    AlreadyAgreed,
    AlreadyReviewed,
    AskedTooLongAgo,
    NoSuchOpening,
    NotOnTheRota,
    NotOpenToYou,
    SamePerson,
)
from core.safeguarding.notes import LONGEST_NOTE
from core.safeguarding.openings import AGREE_WITHIN, digest_of, opening_row
from core.safeguarding.record_tables import ContactOpening
from core.safeguarding.refusals import ConcernAlreadyClosed, NoReason, NoSuchConcern
from core.safeguarding.rota import read_rota
from core.safeguarding.tables import Concern
from core.sealing import seal_json

log = structlog.get_logger()

STAYS_OPEN = timedelta(hours=1)
TELL_TWO = 1
"""The step of a call that reaches the first two who are there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Why someone asks, whether life may be at risk, and the conversation's key to seal the reason with."""

    reason: str
    is_life_at_risk: bool
    key: bytes


async def ask_to_open(
    session: AsyncSession,
    area: Area,
    concern: ConcernId,
    *,
    staff: StaffId,
    asked: Asked,
    now: datetime,
) -> str:
    """Ask to open a contact, and give what the record says it is about (the opening and the reason's digest).

    Where life may be at risk it is open at once, to a member of the rota alone. Others are told either way.
    NoSuchConcern, ConcernAlreadyClosed, NoReason, NotOnTheRota.
    """
    await _require_open_concern(session, concern)
    if not asked.reason.strip() or len(asked.reason) > LONGEST_NOTE:
        raise NoReason
    if asked.is_life_at_risk and staff not in {turn.staff for turn in await read_rota(session)}:
        raise NotOnTheRota
    opening = new_id()
    review_by = noon_of_next_working_day(area, now) if asked.is_life_at_risk else None
    reason = {"salt": new_id(), "reason": asked.reason.strip()}
    session.add(
        ContactOpening(
            id=opening,
            concern_id=concern,
            asked_by=staff,
            asked_at=now,
            sealed_reason=seal_json(reason, asked.key, row=opening_row(opening)),
            is_life_at_risk=asked.is_life_at_risk,
            opens_until=now + STAYS_OPEN if asked.is_life_at_risk else None,
            review_by_at=review_by,
            review_call_at=review_by,
        )
    )
    await session.flush()
    not_to = await whom_it_may_be_about(session, concern) | {staff}
    await call_readers(session, area, Call(concern, AlertKind.REVIEW, TELL_TWO, not_to=not_to), now)
    log.warning("contact_opening_asked", concern=concern, staff=staff)
    return f"{opening}:{digest_of(reason)}"


async def agree_to_open(session: AsyncSession, opening: str, *, staff: StaffId, now: datetime) -> ConcernId:
    """Say yes as a second person; for an hour it opens to both. SamePerson, AlreadyAgreed, AskedTooLongAgo."""
    row = await _hold(session, opening)
    if row.asked_by == staff:
        raise SamePerson
    if row.opens_until is not None:
        raise AlreadyAgreed
    if now - row.asked_at >= AGREE_WITHIN:
        raise AskedTooLongAgo
    await _require_open_concern(session, ConcernId(row.concern_id))
    row.agreed_by, row.agreed_at, row.opens_until = staff, now, now + STAYS_OPEN
    return ConcernId(row.concern_id)


async def require_opening(session: AsyncSession, opening: str, *, staff: StaffId, now: datetime) -> ConcernId:
    """Give the concern whose contact may be shown to this person now; NotOpenToYou when not."""
    row = await _hold(session, opening)
    is_in_time = row.opens_until is not None and now < row.opens_until
    if not is_in_time or staff not in {row.asked_by, row.agreed_by}:
        raise NotOpenToYou
    await _require_open_concern(session, ConcernId(row.concern_id))
    return ConcernId(row.concern_id)


async def review_opening(
    session: AsyncSession, opening: str, *, staff: StaffId, was_right: bool, now: datetime
) -> ConcernId:
    """Say, as another person, whether it was right to open it alone. SamePerson, AlreadyReviewed."""
    row = await _hold(session, opening)
    if row.asked_by == staff:
        raise SamePerson
    if not row.is_life_at_risk or row.reviewed_by is not None:
        raise AlreadyReviewed
    row.reviewed_by, row.reviewed_at, row.was_right, row.review_call_at = staff, now, was_right, None
    return ConcernId(row.concern_id)


async def concern_of(session: AsyncSession, opening: str) -> ConcernId:
    """Give what an opening belongs to; NoSuchOpening."""
    row = await session.get(ContactOpening, opening)
    if row is None:
        raise NoSuchOpening
    return ConcernId(row.concern_id)


async def _hold(session: AsyncSession, opening: str) -> ContactOpening:
    row = await session.get(ContactOpening, opening, with_for_update=True)
    if row is None:
        raise NoSuchOpening
    return row


async def _require_open_concern(session: AsyncSession, concern: ConcernId) -> None:
    row = await session.get(Concern, concern)
    if row is None:
        raise NoSuchConcern
    if row.closed_at is not None:
        raise ConcernAlreadyClosed
