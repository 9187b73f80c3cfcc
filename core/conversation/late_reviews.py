"""What a phrase heard and the second listener let pass has waited too long for a person: tell the leads, once a day.

A person should have read it by noon of the next working day, as they should have read who opened a number alone. A
plain 24 hours would be over on a Saturday, when nobody is there who could read it.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area, Who, noon_of_next_working_day, who_is_there
from core.conversation.reviewing import oldest_unreviewed_at
from core.ids import ConcernId
from core.job_lease import lease_job
from core.outbox_tables import AlertKind, Post
from core.safeguarding.calling import Call, tell_leads
from core.safeguarding.chasing import Chaser

log = structlog.get_logger()

JOB: Final = "tell of late reviews"
JOB_LASTS: Final = timedelta(minutes=1)


async def late_since(session: AsyncSession, area: Area, now: datetime) -> datetime | None:
    """Say when the oldest came of what was let pass and should have been read by now; None when none should."""
    oldest = await oldest_unreviewed_at(session, of_quieted=True)
    if oldest is None or noon_of_next_working_day(area, oldest) > now:
        return None
    return oldest


async def tell_of_late_reviews(chaser: Chaser) -> int:
    """Post one e-mail to each lead, in the safety team's hours and once on a day however many wait; say to how many."""
    now = chaser.clock()
    if who_is_there(chaser.area, now).who is not Who.STAFFED or not await _is_due(chaser, now):
        return 0
    async with lease_job(
        chaser.store, JOB, owner=chaser.owner, clock=chaser.clock, lasting=JOB_LASTS
    ) as is_ours:
        if not is_ours or not await _is_due(chaser, now):
            return 0
        async with chaser.store.write() as session:
            call = Call(_about(chaser.area, now), AlertKind.UNREVIEWED)
            told = await tell_leads(session, call, now)
    log.warning("late_reviews_reported", count=len(told))
    return len(told)


async def _is_due(chaser: Chaser, now: datetime) -> bool:
    """Say whether something is late of which nobody was told today."""
    async with chaser.store.read() as session:
        if await late_since(session, chaser.area, now) is None:
            return False
        told = select(Post.id).where(Post.concern_id == _about(chaser.area, now)).limit(1)
        return await session.scalar(told) is None


def _about(area: Area, now: datetime) -> ConcernId:
    return ConcernId(f"reviews {now.astimezone(area.zone).date().isoformat()}")
