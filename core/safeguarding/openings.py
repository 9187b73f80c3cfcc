"""The openings of contacts, as their page shows them: who asked, who agreed, until when, what a review found."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.ids import ConcernId, StaffId
from core.safeguarding.record_tables import ContactOpening
from core.sealing import CannotOpen, unseal_json
from core.staff.tables import AuditEntry, StaffAccount

DIGEST_LENGTH = 31
AGREE_WITHIN = timedelta(hours=24)

_asker, _agreer, _reviewer = aliased(StaffAccount), aliased(StaffAccount), aliased(StaffAccount)


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as the page shows it, with the names of who did what. `reason` is None when it is erased.

    `record` is what the chained record says it is about: it holds a digest of the reason.
    """

    id: str
    concern: ConcernId
    asked_by: StaffId
    asker: str
    asked_at: datetime
    reason: str | None
    record: str
    is_life_at_risk: bool
    agreed_by: StaffId | None
    agreer: str | None
    opens_until: datetime | None
    review_by_at: datetime | None
    reviewer: str | None
    was_right: bool | None

    def opens_to(self, staff: StaffId, now: datetime) -> bool:
        """Whether this person may see the contact now."""
        is_in_time = self.opens_until is not None and now < self.opens_until
        return is_in_time and staff in {self.asked_by, self.agreed_by}

    def may_agree(self, staff: StaffId, now: datetime) -> bool:
        """Whether this person may say yes to it now."""
        is_waiting = self.opens_until is None and now - self.asked_at < AGREE_WITHIN
        return is_waiting and staff != self.asked_by

    def may_review(self, staff: StaffId) -> bool:
        """Whether this person may say if it was right to open it alone."""
        return self.is_life_at_risk and self.reviewer is None and staff != self.asked_by


async def read_openings(session: AsyncSession, concern: ConcernId, key: bytes | None) -> Sequence[Opening]:
    """List the openings of a concern, the newest first."""
    return await _read(session, key, ContactOpening.concern_id == concern)


async def openings_to_do(session: AsyncSession, now: datetime) -> Sequence[Opening]:
    """List over all concerns what waits for a second person or for a review, by when it is due."""
    waits = ContactOpening.opens_until.is_(None) & (ContactOpening.asked_at > now - AGREE_WITHIN)
    to_review = ContactOpening.is_life_at_risk.is_(True) & ContactOpening.reviewed_by.is_(None)
    to_do = await _read(session, None, or_(waits, to_review))
    return sorted(to_do, key=lambda each: (each.review_by_at or each.asked_at + AGREE_WITHIN, each.id))


async def _read(session: AsyncSession, key: bytes | None, which: ColumnElement[bool]) -> Sequence[Opening]:
    query = (
        select(ContactOpening, _asker.name, _agreer.name, _reviewer.name)
        .join(_asker, _asker.id == ContactOpening.asked_by)
        .join(_agreer, _agreer.id == ContactOpening.agreed_by, isouter=True)
        .join(_reviewer, _reviewer.id == ContactOpening.reviewed_by, isouter=True)
        .where(which)
        .order_by(ContactOpening.asked_at.desc(), ContactOpening.id)
    )
    return [_opening(*row, key) for row in (await session.execute(query)).all()]


def _opening(
    row: ContactOpening, asker: str, agreer: str | None, reviewer: str | None, key: bytes | None
) -> Opening:
    said = _open_reason(row, key)
    return Opening(
        id=row.id,
        concern=ConcernId(row.concern_id),
        asked_by=StaffId(row.asked_by),
        asker=asker,
        asked_at=row.asked_at,
        reason=said.get("reason"),
        record=f"{row.id}:{digest_of(said)}",
        is_life_at_risk=row.is_life_at_risk,
        agreed_by=StaffId(row.agreed_by) if row.agreed_by else None,
        agreer=agreer,
        opens_until=row.opens_until,
        review_by_at=row.review_by_at,
        reviewer=reviewer,
        was_right=row.was_right,
    )


def _open_reason(row: ContactOpening, key: bytes | None) -> dict[str, str]:
    try:
        return dict(unseal_json(row.sealed_reason, key, row=opening_row(row.id))) if key else {}
    except CannotOpen:
        return {}


def digest_of(reason: Mapping[str, str]) -> str:
    """Give the digest of a reason and its salt; without the salt nobody can try out reasons."""
    said = reason.get("salt", "") + reason.get("reason", "")
    return hashlib.sha256(said.encode()).hexdigest()[:DIGEST_LENGTH]


async def changed_since(session: AsyncSession, openings: Sequence[Opening]) -> frozenset[str]:
    """Give those openings whose reason is not the one that the chained record was given."""
    readable = {each.record: each.id for each in openings if each.reason is not None}
    found = select(AuditEntry.about).where(AuditEntry.about.in_(readable))
    return frozenset(readable.values()) - {readable[str(each)] for each in await session.scalars(found)}


def opening_row(opening: str) -> str:
    """Name the row that a reason is sealed for."""
    return f"contact-opening:{opening}"
