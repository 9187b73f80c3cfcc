"""A young person is not happy with the service: keep what they say, tell who answers complaints, and answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.complaints.tables import Complaint
from core.errors import Refusal
from core.ids import ComplaintId, ConcernId, ConversationId, StaffId, new_id
from core.outbox import post_alert
from core.outbox_tables import AlertKind, Route
from core.sealing import seal_json, unseal_json
from core.staff.roles import Role
from core.staff.tables import StaffAccount

SMALLEST_BODY = 4096
ANSWERED_SHOWN = 50

log = structlog.get_logger()


class NoSuchComplaint(Refusal):
    """There is no complaint with this id."""

    status = HTTPStatus.NOT_FOUND
    words = "We can not find this complaint."


class ComplaintTakenBack(Refusal):
    """The young person deleted what they said."""

    status = HTTPStatus.GONE
    words = "The young person took this complaint back. Their words are deleted."


@dataclass(frozen=True, slots=True)
class ListedComplaint:
    """A complaint as the list shows it: nothing that was said. `answered_by` is a name."""

    id: ComplaintId
    conversation: ConversationId
    made_at: datetime
    answered_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class FoundComplaint:
    """A complaint to open; `sealed_body` opens with `open_words` and the key of its conversation."""

    listed: ListedComplaint
    sealed_body: bytes


async def make_complaint(
    session: AsyncSession, *, conversation: ConversationId, key: bytes, words: str, now: datetime
) -> ComplaintId:
    """Keep a complaint in the caller's transaction, and post a neutral e-mail to each who answers complaints."""
    complaint = ComplaintId(new_id())
    session.add(
        Complaint(
            id=complaint,
            conversation_id=conversation,
            sealed_body=seal_json(words, key, row=row_name(complaint), smallest=SMALLEST_BODY),
            made_at=now,
        )
    )
    about = ConcernId(complaint)
    for address in await _who_answers(session):
        await post_alert(
            session, concern=about, kind=AlertKind.COMPLAINT, route=Route.EMAIL, address=address, now=now
        )
    log.info("complaint_opened", complaint=complaint)
    return complaint


async def list_complaints(session: AsyncSession) -> Sequence[ListedComplaint]:
    """List the complaints that wait for an answer, oldest first; not those that were taken back."""
    waiting = _with_name().where(Complaint.answered_at.is_(None), Complaint.sealed_body != b"")
    rows = (await session.execute(waiting.order_by(Complaint.made_at, Complaint.id))).all()
    return [_listed(row, name) for row, name in rows]


async def list_answered(session: AsyncSession) -> Sequence[ListedComplaint]:
    """List the last 50 complaints that were answered, newest first."""
    answered = _with_name().where(Complaint.answered_at.is_not(None)).order_by(Complaint.answered_at.desc())
    return [_listed(row, name) for row, name in (await session.execute(answered.limit(ANSWERED_SHOWN))).all()]


async def read_complaint(session: AsyncSession, complaint: ComplaintId) -> FoundComplaint:
    """Find a complaint; NoSuchComplaint, or ComplaintTakenBack."""
    found = (await session.execute(_with_name().where(Complaint.id == complaint))).one_or_none()
    if found is None:
        raise NoSuchComplaint
    row, name = found
    if not row.sealed_body:
        raise ComplaintTakenBack
    return FoundComplaint(_listed(row, name), row.sealed_body)


def open_words(found: FoundComplaint, key: bytes) -> str:
    """Open what the young person said, with the key of their conversation; CannotOpen as `unseal`."""
    return str(unseal_json(found.sealed_body, key, row=row_name(found.listed.id)))


async def mark_answered(session: AsyncSession, complaint: ComplaintId, staff: StaffId, now: datetime) -> None:
    """Note the first answer; a further one changes nothing."""
    first = (Complaint.id == complaint, Complaint.answered_at.is_(None))
    await session.execute(update(Complaint).where(*first).values(answered_at=now, answered_by=staff))
    log.info("complaint_answered", complaint=complaint, staff=staff)


def row_name(complaint: str) -> str:
    """Name the row that a complaint's words are sealed for."""
    return f"complaint:{complaint}"


async def _who_answers(session: AsyncSession) -> Sequence[str]:
    officers = select(StaffAccount.email).where(
        StaffAccount.role == Role.COMPLAINTS_OFFICER, StaffAccount.left_at.is_(None)
    )
    return (await session.scalars(officers.order_by(StaffAccount.email))).all()


def _with_name() -> Select[Complaint, str | None]:
    name = StaffAccount.name.label("officer")
    return select(Complaint, name).join(StaffAccount, StaffAccount.id == Complaint.answered_by, isouter=True)


def _listed(row: Complaint, name: str | None) -> ListedComplaint:
    return ListedComplaint(
        id=ComplaintId(row.id),
        conversation=ConversationId(row.conversation_id),
        made_at=row.made_at,
        answered_at=row.answered_at,
        answered_by=name,
    )
