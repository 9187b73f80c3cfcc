"""A young person asks for a key worker: open the request, take it, plan, and close it.

Who takes or closes is settled by one conditional UPDATE: of any number at once, one does it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from random import Random, SystemRandom
from typing import Any

import structlog
from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.errors import Refusal
from core.ids import ConversationId, RequestId, StaffId, new_id
from core.sealing import seal_json
from core.signposting.reference_words import draw_words
from core.signposting.refusals import (
    NoSuchRequest,
    RequestAlreadyClosed,
    RequestAlreadyTaken,
    RequestNotYours,
)
from core.signposting.tables import RequestKind, RequestOutcome, RequestState, SignpostingRequest
from core.staff.tables import StaffAccount

SMALLEST_BODY = 4096
DRAWS = 50

log = structlog.get_logger()


class NoWordsLeft(Exception):
    """50 draws found no free reference words: far more requests are open than anyone could answer."""


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What a young person said, and agreed that a key worker may see.

    `permission` holds the words they agreed to, as they were shown. `helper` is None when nobody helps them.
    `page` is "My page" as they sent it: what was written for each part ("": nothing); `where` is where they learn.
    """

    about: str
    first_name: str
    reach: str
    when: str
    helper: str | None
    permission: str
    where: str | None = None
    page: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A new request, and the words by which the young person knows it."""

    id: RequestId
    words: str


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """What a young person is told of their latest request of a kind.

    `seen_by` is the first name of who has taken it; of a page, of who took it last, also after giving it back.
    """

    kind: RequestKind
    words: str
    state: RequestState
    seen_by: str | None
    planned_for: date | None


async def open_request(
    session: AsyncSession,
    *,
    conversation: ConversationId,
    key: bytes,
    body: RequestBody,
    now: datetime,
    kind: RequestKind = RequestKind.HELP,
    random: Random | None = None,
) -> OpenedRequest:
    """Put a request in the queue, in the caller's transaction, sealed under the conversation's `key`."""
    draw = random or SystemRandom()
    request = RequestId(new_id())
    row: dict[str, Any] = {
        "id": request,
        "conversation_id": conversation,
        "kind": kind,
        "sealed_body": seal_json(asdict(body), key, row=row_name(request), smallest=SMALLEST_BODY),
        "state": RequestState.WAITING,
        "opened_at": now,
    }
    for _ in range(DRAWS):
        words = draw_words(draw)
        if await insert_new(session, SignpostingRequest, [row | {"words": words}]):
            log.info("request_opened", request=request)
            return OpenedRequest(request, words)
    raise NoWordsLeft


async def take_request(session: AsyncSession, request: RequestId, *, staff: StaffId, now: datetime) -> None:
    """Make a waiting request this key worker's own; RequestAlreadyTaken, RequestAlreadyClosed, NoSuchRequest.

    To take what is already one's own is no fault: a double click is not told off.
    """
    taken = await _change(
        session,
        request,
        SignpostingRequest.state == RequestState.WAITING,
        {"state": RequestState.TAKEN, "taken_by": staff, "read_by": staff, "taken_at": now},
    )
    if taken:
        log.info("request_taken", request=request, staff=staff)
        return
    await _refuse_if_not_yours(session, request, staff, otherwise=RequestAlreadyTaken)


async def give_back_request(session: AsyncSession, request: RequestId, *, staff: StaffId) -> None:
    """Put a request back among those that wait, at its old place; only the taker may. RequestNotYours."""
    given_back = await _change(
        session,
        request,
        _is_open_and_of(staff),
        {
            "state": RequestState.WAITING,
            "taken_by": None,
            "taken_at": None,
            "planned_for": None,
            "planned_at": None,
        },
    )
    if not given_back:
        await _refuse_if_not_yours(session, request, staff, otherwise=RequestNotYours)
    log.info("request_given_back", request=request, staff=staff)


async def plan_request(
    session: AsyncSession, request: RequestId, *, staff: StaffId, planned_for: date, now: datetime
) -> None:
    """Say on which day the key worker will help; only the taker may, and may change it."""
    planned = await _change(
        session,
        request,
        _is_open_and_of(staff),
        {"state": RequestState.PLANNED, "planned_for": planned_for, "planned_at": now},
    )
    if not planned:
        await _refuse_if_not_yours(session, request, staff, otherwise=RequestNotYours)


async def close_request(
    session: AsyncSession, request: RequestId, *, staff: StaffId, outcome: RequestOutcome, now: datetime
) -> None:
    """End a request with its outcome; only the taker may. RequestNotYours, RequestAlreadyClosed."""
    closed = await _change(
        session,
        request,
        _is_open_and_of(staff),
        {"state": RequestState.CLOSED, "closed_at": now, "outcome": outcome},
    )
    if not closed:
        await _refuse_if_not_yours(session, request, staff, otherwise=RequestNotYours)
        raise RequestAlreadyClosed
    log.info("request_closed", request=request, staff=staff)


async def request_statuses(session: AsyncSession, conversation: ConversationId) -> Sequence[RequestStatus]:
    """Say how far the latest request of each kind has come in a conversation; the newest first."""
    reader = case(
        (SignpostingRequest.kind == RequestKind.PAGE, SignpostingRequest.read_by),
        else_=SignpostingRequest.taken_by,
    )
    query = (
        select(SignpostingRequest, StaffAccount.name)
        .join(StaffAccount, StaffAccount.id == reader, isouter=True)
        .where(SignpostingRequest.conversation_id == conversation)
        .order_by(SignpostingRequest.opened_at, SignpostingRequest.id.desc())
    )
    latest = {row.kind: (row, name) for row, name in (await session.execute(query)).all()}
    newest_first = sorted(latest.values(), key=lambda each: each[0].opened_at, reverse=True)
    return [
        RequestStatus(
            RequestKind(row.kind), row.words, RequestState(row.state), _first(name), row.planned_for
        )
        for row, name in newest_first
    ]


def _is_open_and_of(staff: StaffId) -> Any:
    return (SignpostingRequest.taken_by == staff) & (SignpostingRequest.state != RequestState.CLOSED)


async def _change(session: AsyncSession, request: RequestId, condition: Any, values: dict[str, Any]) -> bool:
    changed = await session.execute(
        update(SignpostingRequest)
        .where(SignpostingRequest.id == request, condition)
        .values(**values)
        .returning(SignpostingRequest.id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar_one_or_none() is not None


async def _refuse_if_not_yours(
    session: AsyncSession, request: RequestId, staff: StaffId, *, otherwise: type[Refusal]
) -> None:
    row = await session.get(SignpostingRequest, request, populate_existing=True)
    if row is None:
        raise NoSuchRequest
    if row.state == RequestState.CLOSED:
        raise RequestAlreadyClosed
    if row.taken_by != staff:
        raise otherwise


def _first(name: str | None) -> str | None:
    return name.split()[0] if name else None


def row_name(request: RequestId) -> str:
    """Name the row that a request's body is sealed for."""
    return f"request:{request}"
