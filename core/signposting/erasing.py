"""Take back what was said in requests: on the young person's wish, and when their time is over."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import ConversationId, RequestId
from core.sealing import seal_json, unseal_json
from core.signposting.requests import SMALLEST_BODY, row_name
from core.signposting.tables import RequestKind, RequestOutcome, RequestState, SignpostingRequest

ERASED = b""


async def erase_requests(
    session: AsyncSession, conversation: ConversationId, now: datetime, *, only: RequestKind | None = None
) -> None:
    """Erase what was said in every request of a conversation, and close those that are open as not wanted.

    `only` takes back those of one kind: the page that was sent, when it is deleted.

    The empty request stays for a while, so that a key worker who took it sees what became of it.
    """
    mine = SignpostingRequest.conversation_id == conversation
    if only is not None:
        mine = and_(mine, SignpostingRequest.kind == only)
    ended = {"state": RequestState.CLOSED, "closed_at": now, "outcome": RequestOutcome.NOT_WANTED}
    await _change(session, (mine, SignpostingRequest.state != RequestState.CLOSED), ended)
    await _change(session, (mine,), {"sealed_body": ERASED})


async def reseal_requests(
    session: AsyncSession, conversation: ConversationId, *, old: bytes, new: bytes
) -> int:
    """Seal the requests of a conversation anew under its new key, and say how many still hold words."""
    mine = select(SignpostingRequest).where(
        SignpostingRequest.conversation_id == conversation, SignpostingRequest.sealed_body != ERASED
    )
    rows = (await session.scalars(mine.with_for_update())).all()
    for row in rows:
        body = unseal_json(row.sealed_body, old, row=row_name(RequestId(row.id)))
        row.sealed_body = seal_json(body, new, row=row_name(RequestId(row.id)), smallest=SMALLEST_BODY)
    return len(rows)


async def has_request(session: AsyncSession, conversation: ConversationId, *, is_open: bool = False) -> bool:
    """Say whether a conversation has a request, or one that is open."""
    wanted = select(SignpostingRequest.id).where(SignpostingRequest.conversation_id == conversation)
    if is_open:
        wanted = wanted.where(SignpostingRequest.state != RequestState.CLOSED)
    return (await session.execute(wanted.limit(1))).first() is not None


async def purge_requests(session: AsyncSession, *, closed_before: datetime, dry_run: bool) -> int:
    """Delete requests that were closed before this time, and say how many."""
    old = SignpostingRequest.closed_at < closed_before
    if dry_run:
        counted = select(func.count()).select_from(SignpostingRequest).where(old)
        return (await session.scalars(counted)).one()
    gone = await session.execute(delete(SignpostingRequest).where(old))
    return int(getattr(gone, "rowcount", 0))


async def _change(
    session: AsyncSession, where: tuple[ColumnElement[bool], ...], values: dict[str, object]
) -> None:
    changed = update(SignpostingRequest).where(*where).values(**values)
    await session.execute(changed.execution_options(synchronize_session=False))
