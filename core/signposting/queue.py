"""The queue of requests, as key workers see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import ConversationId, RequestId, StaffId
from core.sealing import unseal_json
from core.signposting.refusals import NoSuchRequest, RequestErased
from core.signposting.requests import RequestBody, row_name
from core.signposting.tables import RequestKind, RequestOutcome, RequestState, SignpostingRequest
from core.staff.tables import StaffAccount

CLOSED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ListedRequest:
    """A request as the queue shows it: nothing that the young person said.

    `helper_name` is the name of the key worker who took it, `taken_by` their id.
    """

    id: RequestId
    conversation: ConversationId
    kind: RequestKind
    words: str
    state: RequestState
    opened_at: datetime
    taken_by: StaffId | None
    helper_name: str | None
    planned_for: date | None
    closed_at: datetime | None
    outcome: RequestOutcome | None


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request to open; `sealed_body` opens with `open_body` and the key of its conversation."""

    listed: ListedRequest
    sealed_body: bytes


async def list_requests(session: AsyncSession) -> Sequence[ListedRequest]:
    """List the open requests: waiting ones first, and of each kind the oldest first."""
    waiting_first = case((SignpostingRequest.state == RequestState.WAITING, 0), else_=1)
    query = (
        _with_helper()
        .where(SignpostingRequest.state != RequestState.CLOSED)
        .order_by(waiting_first, SignpostingRequest.opened_at, SignpostingRequest.id)
    )
    return [_listed(row, name) for row, name in (await session.execute(query)).all()]


async def list_closed_requests(session: AsyncSession, staff: StaffId) -> Sequence[ListedRequest]:
    """List the last 50 requests that this key worker closed, the newest first."""
    query = (
        _with_helper()
        .where(SignpostingRequest.state == RequestState.CLOSED, SignpostingRequest.taken_by == staff)
        .order_by(SignpostingRequest.closed_at.desc())
        .limit(CLOSED_SHOWN)
    )
    return [_listed(row, name) for row, name in (await session.execute(query)).all()]


async def read_request(session: AsyncSession, request: RequestId) -> FoundRequest:
    """Find a request; NoSuchRequest, or RequestErased when its young person took it back."""
    found = (await session.execute(_with_helper().where(SignpostingRequest.id == request))).one_or_none()
    if found is None:
        raise NoSuchRequest
    row, name = found
    if not row.sealed_body:
        raise RequestErased
    return FoundRequest(_listed(row, name), row.sealed_body)


def open_body(found: FoundRequest, key: bytes) -> RequestBody:
    """Open what the young person said, with the key of their conversation; CannotOpen as `unseal`."""
    return RequestBody(**unseal_json(found.sealed_body, key, row=row_name(found.listed.id)))


def _with_helper() -> Select[SignpostingRequest, str | None]:
    helper = StaffAccount.name.label("helper_name")
    return select(SignpostingRequest, helper).join(
        StaffAccount, StaffAccount.id == SignpostingRequest.taken_by, isouter=True
    )


def _listed(row: SignpostingRequest, helper_name: str | None) -> ListedRequest:
    return ListedRequest(
        id=RequestId(row.id),
        conversation=ConversationId(row.conversation_id),
        kind=RequestKind(row.kind),
        words=row.words,
        state=RequestState(row.state),
        opened_at=row.opened_at,
        taken_by=StaffId(row.taken_by) if row.taken_by else None,
        helper_name=helper_name,
        planned_for=row.planned_for,
        closed_at=row.closed_at,
        outcome=RequestOutcome(row.outcome) if row.outcome else None,
    )
