"""What must be true after all the kills: everything acknowledged is there, in its order, and once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.place import read_place
from core.conversation.tables import Conversation, Message, Progress
from core.database import Store
from core.ids import ConversationId, PeriodId
from core.keys import ServiceKeys
from core.outbox_tables import AlertKind, Post, Status
from core.safeguarding.tables import Concern, ConcernMessage
from core.signposting.tables import SignpostingRequest
from core.views.tables import ConversationTag, HeldView, WaitingViews
from core.views.waiting import SAID, open_tag, open_waiting, slot_for
from tests.crash.bot import REQUEST, VIEW
from tests.crash.far_side import FarSide
from tests.crash.young_people import DANGER, Person

UNDER_WAY = (Status.WAITING, Status.SENDING)
MAY_BE = (
    "people",
    "acknowledged",
    "views",
    "concerns",
    "views_in_both_stores",
    "texts_sent_twice",
    "mails_sent_twice",
)
"""Counts, and what is no fault: a text comes better twice than never; a view that a move wrote and did not take away
has one row in the views store, which the move after next may write again."""


@dataclass
class Found:
    """What was found; whatever is not in MAY_BE must be 0."""

    people: int = 0
    acknowledged: int = 0
    views: int = 0
    concerns: int = 0
    lost: int = 0
    not_answered: int = 0
    out_of_order: int = 0
    views_missing: int = 0
    views_doubled: int = 0
    views_in_both_stores: int = 0
    requests_missing: int = 0
    requests_doubled: int = 0
    concerns_missing: int = 0
    concerns_doubled: int = 0
    alerts_missing: int = 0
    alerts_doubled: int = 0
    texts_never_sent: int = 0
    texts_out_of_order: int = 0
    texts_sent_twice: int = 0
    mails_sent_twice: int = 0

    @property
    def wrong(self) -> dict[str, int]:
        """Give what must be 0 and is not."""
        return {name: value for name, value in vars(self).items() if value and name not in MAY_BE}


async def is_quiet(service: Store) -> bool:
    """Say whether nothing waits any more: no message to be answered, no text or alert to leave."""
    async with service.read() as session:
        unanswered = (Progress.WAITING, Progress.HELD, Progress.UNHEARD)
        messages = await _count(session, Message, Message.progress.in_(unanswered))
        posted = or_(Post.contact_id.is_not(None), Post.alert == AlertKind.DANGER)
        return not messages and not await _count(session, Post, Post.status.in_(UNDER_WAY), posted)


async def check(
    service: Store, views: Store, keys: ServiceKeys, people: Sequence[Person], far: FarSide
) -> Found:
    """Compare what young people were told was kept with what is there, row by row."""
    found = Found(people=len(people))
    async with views.read() as session:
        moved = Counter(await session.scalars(select(HeldView.id).where(HeldView.read_from.is_(None))))
    async with service.read() as session:
        for person in people:
            await _check_person(session, keys, person, moved, found)
        # what is left was written for nobody we know
        found.views_doubled += sum(moved.values())
        await _check_texts(session, far, found)
        await _check_alerts(session, far, found)
    return found


async def _check_person(
    session: AsyncSession, keys: ServiceKeys, person: Person, moved: "Counter[str]", found: Found
) -> None:
    ids = [external for external, _ in person.kept]
    rows = {
        str(row.external_id): row
        for row in await session.scalars(select(Message).where(Message.external_id.in_(ids)))
    }
    found.acknowledged += len(ids)
    found.lost += len(ids) - len(rows)
    found.not_answered += sum(row.progress != Progress.ANSWERED for row in rows.values())
    seqs = [rows[external].seq for external in ids if external in rows]
    found.out_of_order += seqs != sorted(seqs)
    if not rows:
        return
    conversation = next(iter(rows.values())).conversation_id
    row = await session.get_one(Conversation, conversation)
    place, key = read_place(row, keys)
    for_the_bot = [words for _, words in person.kept if words.startswith((VIEW, REQUEST))]
    found.out_of_order += place.state["trail"] != for_the_bot
    await _check_views(
        session, row.id, key, [(rows[id_].id, words) for id_, words in person.kept], moved, found
    )
    await _check_requests_and_concerns(session, row.id, person, rows, found)


async def _check_views(
    session: AsyncSession,
    conversation: str,
    key: bytes,
    said: Sequence[tuple[str, str]],
    moved: "Counter[str]",
    found: Found,
) -> None:
    its_id = ConversationId(conversation)
    waiting_row = await session.get(WaitingViews, conversation)
    entries = open_waiting(waiting_row.sealed, key, its_id).entries if waiting_row else ()
    tags = await session.scalars(
        select(ConversationTag).where(ConversationTag.conversation_id == conversation)
    )
    opened = [
        open_tag(tag.sealed, key, conversation=its_id, period=PeriodId(tag.period)) for tag in tags.all()
    ]
    waiting = Counter(entry.slot for entry in entries)
    for message, words in said:
        if not words.startswith(VIEW):
            continue
        slot = slot_for(SAID, message)
        here, there = waiting.pop(slot, 0), sum(moved.pop(tag.row_id(slot), 0) for tag in opened)
        found.views += 1
        found.views_missing += here + there == 0
        found.views_doubled += max(here - 1, 0) + max(there - 1, 0)
        found.views_in_both_stores += here == there == 1
    found.views_doubled += sum(waiting.values())


async def _check_requests_and_concerns(
    session: AsyncSession, conversation: str, person: Person, rows: dict[str, Message], found: Found
) -> None:
    asked = sum(words.startswith(REQUEST) for _, words in person.kept)
    opened = await _count(session, SignpostingRequest, SignpostingRequest.conversation_id == conversation)
    found.requests_missing += max(asked - opened, 0)
    found.requests_doubled += max(opened - asked, 0)
    told = [rows[external].id for external, words in person.kept if words.startswith(DANGER)]
    heard = await _count(session, ConcernMessage, ConcernMessage.message_id.in_(told)) if told else 0
    concerns = await _count(session, Concern, Concern.conversation_id == conversation)
    found.concerns += concerns
    found.concerns_missing += len(told) - heard + (bool(told) and not concerns)
    found.concerns_doubled += max(concerns - bool(told), 0)


async def _check_texts(session: AsyncSession, far: FarSide, found: Found) -> None:
    """Each text left at least once; how often one left twice is told. In the order of each phone's outbox."""
    given = [text["StatusCallback"].rpartition("post=")[2] for text in far.twilio.texts]
    times = Counter(given)
    first = {post: place for place, post in reversed(list(enumerate(given)))}
    found.texts_sent_twice = sum(count - 1 for count in times.values())
    texts = select(func.coalesce(Post.contact_id, ""), Post.id).where(Post.contact_id.is_not(None))
    phones: dict[str, list[str]] = {}
    for contact, post in await session.execute(texts.order_by(Post.contact_id, Post.place)):
        phones.setdefault(contact, []).append(post)
    for posts in phones.values():
        found.texts_never_sent += sum(post not in first for post in posts)
        left = [first[post] for post in posts if post in first]
        found.texts_out_of_order += left != sorted(left)


async def _check_alerts(session: AsyncSession, far: FarSide, found: Found) -> None:
    """Each concern called its reader once, by a mail that left."""
    danger = (
        select(func.count(), func.count(Post.sent_at))
        .where(Post.alert == AlertKind.DANGER)
        .group_by(Post.concern_id, Post.address)
    )
    calls = (await session.execute(danger)).all()
    found.alerts_missing = found.concerns - sum(sent > 0 for _, sent in calls)
    found.alerts_doubled = sum(posted - 1 for posted, _ in calls)
    mails = await _count(session, Post, Post.alert.is_not(None), Post.provider_id.is_not(None))
    found.mails_sent_twice = len(far.postbox.mails) - mails


async def _count(session: AsyncSession, table: Any, *conditions: Any) -> int:
    return int(await session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)
