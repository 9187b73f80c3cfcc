"""Forget sign-ins that are over: nobody needs to know when somebody was at work."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.staff.tables import SignInSession


async def forget_ended_sign_ins(session: AsyncSession, now: datetime, *, dry_run: bool) -> int:
    """Delete sign-in sessions that have ended, and say how many."""
    ended = SignInSession.ends_at < now
    if dry_run:
        return (await session.scalars(select(func.count()).select_from(SignInSession).where(ended))).one()
    return int(getattr(await session.execute(delete(SignInSession).where(ended)), "rowcount", 0))
