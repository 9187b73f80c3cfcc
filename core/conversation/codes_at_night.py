"""What the nightly purge does about codes: erase what they were typed for, and forget those whose time is over."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, func, select

from core.clock import Clock
from core.conversation.tables import GivenCode
from core.database import Store
from core.ids import PeriodId
from core.sealing import Keyring
from core.tries import forget_ended_tries
from core.views.delete_codes import count_asks, do_asks, forget_codes, periods_with_codes

EndedBefore = Callable[[PeriodId, timedelta], bool]
"""Says of a period whether it ended longer ago than this."""

LATE_VIEWS = timedelta(days=30)
"""How long after a term's end its last views may still arrive, if views were not moved meanwhile."""


async def do_typed_codes(views: Store, seals: Keyring, ended: EndedBefore, *, dry_run: bool) -> int:
    """Erase the views of every delete code that was typed and is right, all in one transaction; count the typed."""
    async with views.write() as session:
        count = await count_asks(session)
        if count and not dry_run:
            await do_asks(session, seals, lambda period: ended(period, LATE_VIEWS))
    return count


async def forget_old_delete_codes(
    views: Store, ended: EndedBefore, kept_for: timedelta, *, dry_run: bool
) -> None:
    """Forget the delete codes of terms whose words are gone."""
    async with views.write() as session:
        old = [period for period in await periods_with_codes(session) if ended(period, kept_for)]
        for period in old:
            if not dry_run:
                await forget_codes(session, period)


async def forget_given_codes(service: Store, clock: Clock, *, dry_run: bool) -> int:
    """Forget codes to come back or to link that nobody used in time, and the tries that were counted."""
    now = clock()
    async with service.write() as session:
        is_over = GivenCode.ends_at <= now
        wanted = select(func.count()).select_from(GivenCode).where(is_over)
        count = (await session.scalars(wanted)).one()
        if not dry_run:
            await session.execute(delete(GivenCode).where(is_over))
            await forget_ended_tries(session, now)
    return count
