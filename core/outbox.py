"""What must still leave the house: posted in the transaction that decided it, given to a provider after it.

A text is claimed by a lease, one at a time for each contact, so that texts arrive in the order they were
said. Who looks up a recipient does it inside the claim, so that a number that said stop a moment ago gets
nothing. A provider that took a text and died before telling us makes us send it again: better twice than
never, for an answer to danger.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Store
from core.doorbell import Doorbell
from core.ids import ConcernId, ContactId, MessageId, OutboxId, new_id
from core.outbox_tables import AlertKind, Post, Route, Status
from core.outbox_words import seal_text
from core.sending import Due, Recipients, TryAgain, Undeliverable, Withheld

OUTBOX_BELL = "outbox"
"""What the senders wait for at the doorbell."""

LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
TEXTS_GIVE_UP_AFTER = timedelta(hours=6)
LONGEST_REASON = 64

ORDER = {
    Status.WAITING: 0,
    Status.SENDING: 1,
    Status.SENT: 2,
    Status.DELIVERED: 3,
    Status.UNDELIVERABLE: 3,
    Status.WITHHELD: 3,
}
"""How far each status is; a receipt only moves forward."""

_POSTED = "posted"
"""What a transaction notes of itself when it posts something."""

Jitter = Callable[[], float]
"""Gives a number from 0 to 1, so that many waiting posts do not come back at once."""


async def post_text(
    session: AsyncSession,
    *,
    contact: ContactId,
    message: MessageId,
    text: str,
    key: bytes,
    now: datetime,
    is_code: bool = False,
) -> OutboxId:
    """Post a text that is ready to send, in the caller's transaction, sealed under the conversation's key.

    A text with a code is forgotten as soon as it is handed over.
    """
    post = OutboxId(new_id())
    last = select(func.coalesce(func.max(Post.place), 0)).where(Post.contact_id == contact)
    session.add(
        Post(
            id=post,
            route=Route.SMS,
            status=Status.WAITING,
            contact_id=contact,
            message_id=message,
            place=int((await session.execute(last)).scalar_one()) + 1,
            sealed_text=seal_text(post, text, key),
            is_code=is_code,
            due_at=now,
            posted_at=now,
        )
    )
    await session.flush()
    session.info[_POSTED] = True
    return post


async def post_alert(
    session: AsyncSession, *, concern: ConcernId, kind: AlertKind, route: Route, address: str, now: datetime
) -> OutboxId:
    """Post an alert to one reader of concerns, in the caller's transaction; its words are constant.

    `address` is a member of staff's e-mail address or E.164 number, as the route says.
    """
    post = OutboxId(new_id())
    session.add(
        Post(
            id=post,
            route=route,
            status=Status.WAITING,
            alert=kind,
            concern_id=concern,
            address=address,
            due_at=now,
            posted_at=now,
        )
    )
    await session.flush()
    session.info[_POSTED] = True
    return post


def ring_if_posted(doorbell: Doorbell, session: AsyncSession) -> None:
    """Wake the senders after a commit, if something was posted in it: of most there is nothing to be sent."""
    if session.info.get(_POSTED):
        doorbell.ring(OUTBOX_BELL)


def lease(post: Post, owner: str, now: datetime) -> None:
    """Mark a post as being sent by this owner for a while; after that anyone may try again."""
    post.status = Status.SENDING
    post.attempts += 1
    post.lease_owner, post.lease_until = owner, now + LEASE


def is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Say which posts wait and are due, or were being sent by someone who is gone."""
    waits = and_(Post.status == Status.WAITING, Post.due_at <= now)
    return or_(waits, and_(Post.status == Status.SENDING, Post.lease_until <= now))


def glance_for(kind: ColumnElement[bool]) -> Select[str]:
    """Make the look whether posts of a kind may be due at `now`, so that the many that find none hold up no write."""
    return select(Post.id).where(kind, is_due(bindparam("now"))).limit(1)


async def mark_sent(
    store: Store, posts: Sequence[OutboxId], *, owner: str, provider_id: str | None, now: datetime
) -> None:
    """Keep that a provider took these as one; a receipt that came before us is not undone.

    The first one carries the provider's id.
    """
    async with store.write() as session:
        for post in await _ours(session, posts, owner):
            post.status, post.sent_at = Status.SENT, now
            post.provider_id = provider_id if post.id == posts[0] else None
            post.lease_owner = post.lease_until = None
            _forget_code(post)


async def put_off(
    store: Store, posts: Sequence[OutboxId], *, owner: str, problem: TryAgain, jitter: Jitter, now: datetime
) -> None:
    """Try these again later, each time after longer, and never sooner than the provider asked."""
    async with store.write() as session:
        for post in await _ours(session, posts, owner):
            wait = max(back_off(post.attempts, jitter()), problem.after)
            post.status, post.due_at = Status.WAITING, now + wait
            post.reason = problem.reason[:LONGEST_REASON]
            post.lease_owner = post.lease_until = None


async def give_up(store: Store, posts: Sequence[OutboxId], *, owner: str, problem: Undeliverable) -> None:
    """End these as undeliverable, with the reason that staff are shown."""
    async with store.write() as session:
        for post in await _ours(session, posts, owner):
            end_post(post, Status.UNDELIVERABLE, problem.reason)


async def withhold(store: Store, due: Due, *, owner: str, recipients: Recipients, now: datetime) -> None:
    """End a text to a number that said stop to the provider, and keep that it did."""
    async with store.write() as session:
        for post in await _ours(session, [due.id], owner):
            end_post(post, Status.WITHHELD, Withheld.SAID_STOP)
        await recipients.note_stop(session, due.contact, now)


def back_off(attempts: int, jitter: float) -> timedelta:
    """Wait 5 s, 10 s, 20 s ... at most 15 minutes, shortened by up to half by chance (`jitter` 0 to 1)."""
    longest = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    return timedelta(seconds=longest.total_seconds() * (1 - jitter / 2))


async def record_receipt(
    session: AsyncSession, *, provider_id: str, reference: OutboxId | None, status: Status, reason: str | None
) -> Post | None:
    """Move a post forward to what the provider says of it, never back; None when it is not ours or no news.

    The provider's word may come before our own sender has kept its id: `reference`, our id, finds it then.
    """
    found = or_(Post.provider_id == provider_id, and_(Post.id == reference, Post.provider_id.is_(None)))
    post = (await session.scalars(select(Post).where(found).with_for_update())).first()
    if post is None or ORDER[status] <= ORDER[post.status]:
        return None
    post.status, post.provider_id, post.reason = status, provider_id, reason
    post.lease_owner = post.lease_until = None
    return post


async def _ours(session: AsyncSession, posts: Sequence[OutboxId], owner: str) -> Sequence[Post]:
    held = and_(Post.id.in_(posts), Post.status == Status.SENDING, Post.lease_owner == owner)
    return (await session.scalars(select(Post).where(held).with_for_update())).all()


def end_post(post: Post, status: Status, reason: str) -> None:
    """Let a post rest where it will not leave any more."""
    post.status, post.reason = status, reason[:LONGEST_REASON]
    post.lease_owner = post.lease_until = None
    _forget_code(post)


def _forget_code(post: Post) -> None:
    """Erase a code that has left, or never will."""
    if post.is_code:
        post.sealed_text = None


async def oldest_unsent_at(session: AsyncSession, *, is_alert: bool) -> datetime | None:
    """Say since when the oldest alert, or the oldest text, waits to be given to a provider; None when none does."""
    wanted = Post.contact_id.is_(None) if is_alert else Post.contact_id.is_not(None)
    unsent = Post.status.in_((Status.WAITING, Status.SENDING))
    return await session.scalar(select(func.min(Post.posted_at)).where(wanted, unsent))
