"""Know a text that was taken in before, also when its words are erased: the provider's list still has them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import Accepted
from core.conversation.tables import HeardText
from core.database import insert_each_new, insert_new
from core.ids import ConversationId

KEPT_FOR: Final = timedelta(days=7)
"""Longer than missed texts are ever looked for (channels.twilio.missed)."""

ERASED_SINCE: Final = Accepted(ConversationId(""), 0, is_repeat=True)
"""What is said of a text that was heard, and whose message is gone."""


async def is_first_time(session: AsyncSession, sid: str, now: datetime) -> bool:
    """Note a text's id; False when it was noted before. Of the same text twice at once, the second waits here."""
    return await insert_new(session, HeardText, [{"sid": sid, "at": now}]) == 1


async def was_noted(session: AsyncSession, sid: str) -> bool:
    """Say whether a text with this id was taken in before; nothing is noted."""
    return await session.get(HeardText, sid) is not None


async def which_first_time(session: AsyncSession, sids: Collection[str], now: datetime) -> set[str]:
    """Note the ids of many texts; give those that were not noted before."""
    return await insert_each_new(session, HeardText.sid, [{"sid": sid, "at": now} for sid in sids])


async def forget_heard_texts(session: AsyncSession, now: datetime, *, dry_run: bool) -> int:
    """Delete the ids that are old enough, and say how many."""
    old = HeardText.at < now - KEPT_FOR
    if dry_run:
        return (await session.scalars(select(func.count()).select_from(HeardText).where(old))).one()
    return int(getattr(await session.execute(delete(HeardText).where(old)), "rowcount", 0))
