"""Take words out of the outbox: when a text has left, when its time is over, and on the young person's wish."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.outbox_tables import Post, Status
from core.outbox_words import open_text, seal_text

UNSENT = (Status.WAITING, Status.SENDING)


async def erase_sent_texts(session: AsyncSession, before: datetime, *, dry_run: bool = False) -> int:
    """Erase the words of texts that left, or came to an end, before this time; say how many."""
    left = func.coalesce(Post.sent_at, Post.posted_at) < before
    old = and_(Post.status.not_in(UNSENT), left, Post.sealed_text.is_not(None))
    if dry_run:
        return (await session.scalars(select(func.count()).select_from(Post).where(old))).one()
    erased = await session.execute(update(Post).where(old).values(sealed_text=None))
    return int(getattr(erased, "rowcount", 0))


async def delete_posts(session: AsyncSession, messages: Select[Any]) -> None:
    """Delete the texts of these messages (a query of their ids), sent or not."""
    gone = delete(Post).where(Post.message_id.in_(messages))
    await session.execute(gone.execution_options(synchronize_session=False))


async def reseal_posts(session: AsyncSession, messages: Select[Any], *, old: bytes, new: bytes) -> None:
    """Seal the texts of these messages anew under their conversation's new key."""
    held = select(Post).where(Post.message_id.in_(messages), Post.sealed_text.is_not(None)).with_for_update()
    for post in await session.scalars(held.execution_options(populate_existing=True)):
        text = open_text(post, old)
        post.sealed_text = None if text is None else seal_text(post.id, text, new)


def unsent_messages() -> Select[str | None]:
    """Name the messages with a text that has not left yet."""
    return select(Post.message_id).where(Post.status.in_(UNSENT), Post.message_id.is_not(None))
