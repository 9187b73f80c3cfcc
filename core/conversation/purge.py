"""Delete what has been kept long enough, and do the day's wishes to erase: each night, or by hand.

Every step is a transaction of its own and may be done again, so a purge that was cut off is done the next time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Select, and_, or_, select

from core.area_file import Period
from core.clock import Clock
from core.complaints.erasing import purge_complaints
from core.complaints.tables import Complaint
from core.conversation.codes_at_night import do_typed_codes, forget_given_codes, forget_old_delete_codes
from core.conversation.concern_text import purge_concern_text
from core.conversation.erase import ERASED, let_go
from core.conversation.heard_texts import forget_heard_texts
from core.conversation.tables import Conversation, Message
from core.database import Store
from core.group_sessions.sessions import purge_group_sessions
from core.ids import PeriodId
from core.keys import ServiceKeys
from core.outbox_erasing import erase_sent_texts
from core.retention import Retention, months
from core.safeguarding.retention import count_concerns_to_purge
from core.safeguarding.tables import Concern
from core.sealing import Keyring
from core.signposting.erasing import purge_requests
from core.signposting.tables import RequestState, SignpostingRequest
from core.staff.ended import forget_ended_sign_ins
from core.views.erasing import (
    Wish,
    erase_tags,
    erase_words_of,
    forget_wish,
    periods_with_words,
    read_wishes,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Purger:
    """Both stores, and what says how long things are kept; a dry run changes nothing and counts the same.

    `seals` is the keyring of the views store.
    """

    service: Store
    views: Store
    keys: ServiceKeys
    seals: Keyring
    clock: Clock
    retention: Retention
    periods: Sequence[Period]
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Purged:
    """How much of one kind went, or would go."""

    what: str
    count: int


async def purge(purger: Purger) -> list[Purged]:
    """Do all of it, and leave no trace in the files of the databases."""
    done = [
        Purged("wishes to erase", await _do_wishes(purger)),
        Purged("delete codes typed", await _do_typed_codes(purger)),
        Purged("concerns", await _purge_concerns(purger)),
        Purged("requests", await _purge_requests(purger)),
        Purged("complaints", await _purge_complaints(purger)),
        Purged("conversations", await _purge_conversations(purger)),
        Purged("words of texts", await _erase_texts(purger)),
        Purged("words of views", await _erase_view_words(purger)),
        Purged("codes not used in time", await _forget_codes(purger)),
        Purged("ended sign-ins", await _forget_sign_ins(purger)),
        Purged("ids of texts", await _forget_heard_texts(purger)),
        Purged("group sessions", await _forget_group_sessions(purger)),
    ]
    if not purger.dry_run:
        await purger.service.wipe_traces()
        await purger.views.wipe_traces()
        log.info("old_things_purged", count=sum(each.count for each in done))
    return done


async def _do_wishes(purger: Purger) -> int:
    """Erase the views of everyone who wished so, all at once, and let go the conversations that fell silent."""
    async with purger.service.read() as session:
        wishes = await read_wishes(session, purger.keys.conversations)
    if wishes and not purger.dry_run:
        async with purger.views.write() as session:
            await erase_tags(session, [tag for wish in wishes.values() for tag in wish.tags])
        for name, wish in wishes.items():
            await _end_wish(purger, name, wish)
    return len(wishes)


async def _end_wish(purger: Purger, name: str, wish: Wish) -> None:
    async with purger.service.write() as session:
        row = await session.get(Conversation, wish.conversation, with_for_update=True)
        open_concern = select(Concern.id).where(
            Concern.conversation_id == wish.conversation, Concern.closed_at.is_(None)
        )
        is_watched = (await session.execute(open_concern)).first() is not None
        if row is not None and row.last_heard_at <= wish.heard_at and not is_watched:
            await let_go(session, purger.keys, row, purger.clock())
        await forget_wish(session, name)


async def _purge_concerns(purger: Purger) -> int:
    """Delete concerns that were handed over long enough ago, with the messages they were heard in."""
    now, days = purger.clock(), purger.retention.concern_words_days
    async with purger.service.read() as session:
        count = await count_concerns_to_purge(session, now, days)
    gone = 0 if purger.dry_run else 1
    while gone:
        async with purger.service.write() as session:
            gone = await purge_concern_text(session, now, days)
    return count


async def _purge_requests(purger: Purger) -> int:
    before = purger.retention.requests_before(purger.clock())
    async with purger.service.write() as session:
        return await purge_requests(session, closed_before=before, dry_run=purger.dry_run)


async def _purge_complaints(purger: Purger) -> int:
    before = purger.retention.complaints_before(purger.clock())
    async with purger.service.write() as session:
        return await purge_complaints(session, before=before, dry_run=purger.dry_run)


async def _purge_conversations(purger: Purger) -> int:
    """Let go what was silent long enough; what something still needs is emptied and asked about again."""
    async with purger.service.read() as session:
        silent = (await session.scalars(_silent(purger.retention.conversations_before(purger.clock())))).all()
    if purger.dry_run:
        return len(silent)
    gone = 0
    for conversation in silent:
        async with purger.service.write() as session:
            row = await session.get(Conversation, conversation, with_for_update=True)
            if row is not None:
                gone += await let_go(session, purger.keys, row, purger.clock())
    return gone


def _silent(before: datetime) -> Select[str]:
    """Name the conversations without a word since then, and without an open request, complaint or concern."""
    mine = Conversation.id
    spoken = select(Message.id).where(Message.conversation_id == mine, Message.at >= before)
    request = select(SignpostingRequest.id).where(
        SignpostingRequest.conversation_id == mine, SignpostingRequest.state != RequestState.CLOSED
    )
    concern = select(Concern.id).where(Concern.conversation_id == mine, Concern.closed_at.is_(None))
    complaint = select(Complaint.id).where(
        Complaint.conversation_id == mine, Complaint.answered_at.is_(None), Complaint.sealed_body != ERASED
    )
    emptied = and_(
        Conversation.sealed_key == ERASED,
        or_(
            select(SignpostingRequest.id).where(SignpostingRequest.conversation_id == mine).exists(),
            select(Complaint.id).where(Complaint.conversation_id == mine).exists(),
            select(Concern.id).where(Concern.conversation_id == mine).exists(),
        ),
    )
    return select(mine).where(
        Conversation.last_heard_at < before,
        ~spoken.exists(),
        ~request.exists(),
        ~concern.exists(),
        ~complaint.exists(),
        ~emptied,
    )


async def _erase_texts(purger: Purger) -> int:
    before = purger.retention.texts_before(purger.clock())
    async with purger.service.write() as session:
        return await erase_sent_texts(session, before, dry_run=purger.dry_run)


async def _forget_heard_texts(purger: Purger) -> int:
    async with purger.service.write() as session:
        return await forget_heard_texts(session, purger.clock(), dry_run=purger.dry_run)


async def _erase_view_words(purger: Purger) -> int:
    """Erase the words of every period that ended long enough ago."""
    kept_for = months(purger.retention.view_words_months)
    async with purger.views.write() as session:
        found = await periods_with_words(session)
        old = [period for period in found if _ended_before(purger, period, kept_for)]
        if not purger.dry_run:
            for period in old:
                await erase_words_of(session, period)
    return sum(found[period] for period in old)


def _ended_before(purger: Purger, period: PeriodId, ago: timedelta) -> bool:
    """Say whether a period ended longer ago than this."""
    ends = {each.id: each.to for each in purger.periods}
    return (ends.get(period) or _end_of(period)) < (purger.clock() - ago).date()


async def _do_typed_codes(purger: Purger) -> int:
    ended = partial(_ended_before, purger)
    return await do_typed_codes(purger.views, purger.seals, ended, dry_run=purger.dry_run)


async def _forget_codes(purger: Purger) -> int:
    """Forget codes to come back after their days, and delete codes with the words of their term."""
    ended, kept_for = partial(_ended_before, purger), months(purger.retention.view_words_months)
    await forget_old_delete_codes(purger.views, ended, kept_for, dry_run=purger.dry_run)
    return await forget_given_codes(purger.service, purger.clock, dry_run=purger.dry_run)


def _end_of(period: PeriodId) -> date:
    """Give the last day of a period that the area file does not name: its year's end, as far as its id tells."""
    year = period[:4]
    if not year.isdecimal():
        log.warning("period_not_found", period=period)
        return date.max
    return date(int(year), 12, 31)


async def _forget_sign_ins(purger: Purger) -> int:
    async with purger.service.write() as session:
        return await forget_ended_sign_ins(session, purger.clock(), dry_run=purger.dry_run)


async def _forget_group_sessions(purger: Purger) -> int:
    async with purger.service.write() as session:
        return await purge_group_sessions(session, purger.keys, purger.clock(), dry_run=purger.dry_run)
