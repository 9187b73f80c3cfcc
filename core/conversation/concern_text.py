"""The words of concerns: delete them when their time is over."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.tables import Message
from core.safeguarding.retention import purge_concerns


async def purge_concern_text(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete concerns whose text may go, with the messages they were heard in; give how many messages went.

    At most 500 concerns at a time; call again, in a transaction of its own, until it gives 0.
    """
    messages = await purge_concerns(session, now, days)
    await session.execute(delete(Message).where(Message.id.in_(messages)))
    return len(messages)
