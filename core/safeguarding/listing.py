"""The list of concerns, as safeguarding leads see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.ids import ConcernId, ConversationId, MessageId
from core.safeguarding.check_in import Reply
from core.safeguarding.drill_tables import Drill
from core.safeguarding.phrases import Category, Level
from core.safeguarding.refusals import NoSuchConcern
from core.safeguarding.rules import Match
from core.safeguarding.tables import Concern, ConcernMessage, ConcernOutcome, SecondLook
from core.staff.tables import StaffAccount

CLOSED_SHOWN = 50

_reader = aliased(StaffAccount)
_closer = aliased(StaffAccount)


@dataclass(frozen=True, slots=True)
class ListedConcern:
    """A concern without its words; `read_by` and `closed_by` are names of staff."""

    id: ConcernId
    conversation: ConversationId
    level: Level
    messages: int
    raised_at: datetime
    last_heard_at: datetime
    read_by: str | None
    closed_by: str | None
    closed_at: datetime | None
    outcome: ConcernOutcome | None
    read_at: datetime | None
    read_by_at: datetime
    calls: int
    check_in: Reply | None
    is_about_worker: bool
    tells_key_worker: bool
    second_look: SecondLook | None
    is_drill: bool = False

    def is_late(self, now: datetime) -> bool:
        """Whether nobody has read a worry in the time that the young person was promised."""
        return self.read_at is None and self.closed_at is None and self.read_by_at <= now


@dataclass(frozen=True, slots=True)
class HeardMessage:
    """One message of a concern, and why it was heard."""

    message: MessageId
    level: Level
    because: tuple[Match, ...]
    heard_at: datetime


async def list_concerns(session: AsyncSession) -> Sequence[ListedConcern]:
    """List open concerns: danger first, then those nobody has read, then the oldest."""
    danger_first = case((Concern.level == Level.DANGER, 0), else_=1)
    unread_first = case((Concern.acknowledged_at.is_(None), 0), else_=1)
    query = (
        _named()
        .where(Concern.closed_at.is_(None))
        .order_by(danger_first, unread_first, Concern.raised_at, Concern.id)
    )
    return [_listed(*row) for row in (await session.execute(query)).all()]


async def list_closed_concerns(session: AsyncSession) -> Sequence[ListedConcern]:
    """List the last 50 concerns that were closed, the newest first."""
    query = (
        _named().where(Concern.closed_at.is_not(None)).order_by(Concern.closed_at.desc()).limit(CLOSED_SHOWN)
    )
    return [_listed(*row) for row in (await session.execute(query)).all()]


async def list_second_looks(session: AsyncSession) -> Sequence[ListedConcern]:
    """List what was closed with many others and waits for another person's look."""
    query = _named().where(Concern.second_look == SecondLook.WANTED).order_by(Concern.closed_at, Concern.id)
    return [_listed(*row) for row in (await session.execute(query)).all()]


async def read_concern(
    session: AsyncSession, concern: ConcernId
) -> tuple[ListedConcern, Sequence[HeardMessage]]:
    """Give a concern and its messages in the order in which they were heard; NoSuchConcern."""
    found = (await session.execute(_named().where(Concern.id == concern))).one_or_none()
    if found is None:
        raise NoSuchConcern
    in_order = select(ConcernMessage).where(ConcernMessage.concern_id == concern)
    rows = (await session.execute(in_order.order_by(ConcernMessage.heard_at))).scalars().all()
    return _listed(*found), [_heard(row) for row in rows]


def _named() -> Select[Concern, str | None, str | None, str | None]:
    return (
        select(Concern, _reader.name.label("read_by"), _closer.name.label("closed_by_name"), Drill.id)
        .join(Drill, Drill.conversation_id == Concern.conversation_id, isouter=True)
        .join(_reader, _reader.id == Concern.acknowledged_by, isouter=True)
        .join(_closer, _closer.id == Concern.closed_by, isouter=True)
    )


def _listed(row: Concern, read_by: str | None, closed_by: str | None, drill: str | None) -> ListedConcern:
    return ListedConcern(
        id=ConcernId(row.id),
        conversation=ConversationId(row.conversation_id),
        level=Level(row.level),
        messages=row.messages,
        raised_at=row.raised_at,
        last_heard_at=row.last_heard_at,
        read_by=read_by,
        closed_by=closed_by,
        closed_at=row.closed_at,
        outcome=ConcernOutcome(row.outcome) if row.outcome else None,
        read_at=row.acknowledged_at,
        read_by_at=row.read_by_at,
        calls=row.calls,
        check_in=Reply(row.check_in) if row.check_in else None,
        is_about_worker=row.is_about_worker,
        tells_key_worker=row.tells_key_worker,
        second_look=SecondLook(row.second_look) if row.second_look else None,
        is_drill=drill is not None,
    )


def _heard(row: ConcernMessage) -> HeardMessage:
    because = tuple(
        Match(each["phrase"], Category(each["category"]), Level(each["level"])) for each in row.because
    )
    return HeardMessage(MessageId(row.message_id), Level(row.level), because, row.heard_at)
