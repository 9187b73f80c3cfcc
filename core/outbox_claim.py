"""Take the next text of each phone to send, and ask first: did they say stop, is a cap of the day reached.

It is asked inside the claim, so that a number that said stop a moment ago gets nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.database import Store
from core.ids import ContactId, MessageId, OutboxId
from core.outbox import TEXTS_GIVE_UP_AFTER, end_post, glance_for, is_due, lease
from core.outbox_tables import Post, Status
from core.outbox_words import open_text
from core.sealing import CannotOpen
from core.sending import Due, Recipients, Withheld
from core.text_caps import Capped, SentToday, TextCaps, sent_today

IS_TEXT = Post.contact_id.is_not(None)
_MAY_BE_DUE = glance_for(IS_TEXT)


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who takes texts to send: under which name, how many at once, and what is asked before one leaves."""

    owner: str
    recipients: Recipients
    limit: int
    caps: TextCaps = field(default_factory=TextCaps)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The texts to send now, and how many a cap has just held back."""

    due: list[Due]
    held_back: int


async def claim_due(store: Store, claimant: Claimant, now: datetime) -> Claimed:
    """Take texts to send, at most one for each contact: its oldest that is not done."""
    if not await store.glance(_MAY_BE_DUE, now=now):
        return Claimed([], 0)
    async with store.write() as session:
        posts = (await session.execute(_due_texts(now).limit(claimant.limit))).scalars().all()
        if not posts:
            return Claimed([], 0)
        today = await sent_today(session, claimant.caps, now)
        due = [await _claim(session, post, claimant, today, now) for post in posts]
        held_back = sum(post.reason in set(Capped) for post in posts)
    return Claimed([each for each in due if each is not None], held_back)


async def _claim(
    session: AsyncSession, post: Post, claimant: Claimant, today: SentToday, now: datetime
) -> Due | None:
    if now - post.posted_at > TEXTS_GIVE_UP_AFTER:
        end_post(post, Status.UNDELIVERABLE, "too_late")
        return None
    contact, message = ContactId(post.contact_id or ""), MessageId(post.message_id or "")
    found = await claimant.recipients.look_up(session, contact, message)
    if isinstance(found, Withheld):
        end_post(post, Status.WITHHELD, found)
        return None
    text = _words(post, found.key)
    if text is None:
        end_post(post, Status.WITHHELD, Withheld.ERASED)
        return None
    capped = None if found.is_safety or post.attempts else today.holds_back(contact)
    if capped is not None:
        end_post(post, Status.WITHHELD, capped)
        return None
    if not post.attempts:
        today.count(contact)
    lease(post, claimant.owner, now)
    return Due(OutboxId(post.id), contact, found.address, text)


def _words(post: Post, key: bytes) -> str | None:
    """Open a text; one that can't be opened ends alone and does not hold up the others."""
    try:
        return open_text(post, key)
    except CannotOpen:
        return None


def _due_texts(now: datetime) -> Select[Post]:
    earlier = aliased(Post)
    blocked = (
        select(earlier.id)
        .where(
            earlier.contact_id == Post.contact_id,
            earlier.place < Post.place,
            earlier.status.in_((Status.WAITING, Status.SENDING)),
        )
        .exists()
    )
    query = select(Post).where(IS_TEXT, is_due(now), ~blocked)
    return query.order_by(Post.due_at, Post.place).with_for_update(skip_locked=True)
