"""The blind review: a person reads some messages in which nothing was heard, and does not see whose they are."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Select, and_, delete, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area
from core.conversation.arrived import Arrived
from core.conversation.house import House
from core.conversation.place import Place, read_place
from core.conversation.rows import read_body
from core.conversation.staff_named import with_staff_named
from core.conversation.tables import Conversation, Message, Progress
from core.ids import ConversationId, MessageId, StaffId
from core.keys import ServiceKeys
from core.safeguarding.concerns import raise_concern
from core.safeguarding.drill_tables import Drill
from core.safeguarding.phrases import Category, Level
from core.safeguarding.review_tables import Review, Verdict
from core.safeguarding.reviews import draw_for_review, end_review, review_quieted
from core.safeguarding.rules import Heard, Match
from core.safeguarding.tables import ConcernMessage
from core.sealing import CannotOpen, pseudonym
from core.text.personal import remove_personal_details

log = structlog.get_logger()

REVIEW = "blind review: a person heard it"
UNHEARD = (Progress.WAITING, Progress.HELD, Progress.UNHEARD)
"""The second listener may still hear something in them, and in what is due to be heard again."""
MOST_SHOWN = 5000


@dataclass(frozen=True, slots=True)
class ToReview:
    """One message to review: its words without personal details; `is_cut` when there were more."""

    id: str
    words: str
    is_cut: bool


def is_typed(arrived: Arrived) -> bool:
    """Say whether a message holds own words: no tapped choice, no code, no name or number that was asked for."""
    return bool(arrived.text) and not (arrived.chosen or arrived.code or asks_for_personal(arrived.place))


def asks_for_personal(place: Place) -> bool:
    """Say whether a name or number was asked for: what is typed then is no message in own words."""
    return bool(place.state["lifts"])


def let_review(session: AsyncSession, house: House, arrived: Arrived, message: Message) -> None:
    """Let a message that rings for nobody wait for a review, if chance says so; it is written already.

    One in which a phrase was heard and let pass waits in any case: nobody is left to a model alone.
    """
    if arrived.is_quieted:
        review_quieted(session, MessageId(message.id))
    elif is_typed(arrived):
        draw_if_own_words(session, house, arrived.place, MessageId(message.id))


def draw_if_own_words(session: AsyncSession, house: House, place: Place, message: MessageId) -> None:
    """The same for words that were typed: no choice and no code."""
    if not asks_for_personal(place):
        draw_for_review(session, message, house.draw)


async def next_review(session: AsyncSession, keys: ServiceKeys, reader: StaffId) -> ToReview | None:
    """Give the next of the messages that wait, in an order by chance that is the reader's own; None when none does.

    Those in which a phrase was heard come first, and wait for nothing else. Who looks again sees the same one, and
    can't look through them all. One in which something was heard meanwhile,
    or whose words are gone, waits no more.
    """
    await _forget_heard(session)
    _, key = keys.staff.derive("order of reviews").newest
    for review in sorted(
        await session.scalars(_waiting()),
        key=lambda review: (not review.was_quieted, pseudonym(f"{reader}:{review.id}", key)),
    ):
        words = await _words(session, keys, review)
        if words is not None:
            clean = remove_personal_details(words[:MOST_SHOWN]).text
            return ToReview(review.id, clean, is_cut=len(words) > MOST_SHOWN)
        await session.delete(review)
    return None


async def answer_review(
    session: AsyncSession, keys: ServiceKeys, area: Area, review: str, verdict: Verdict, now: datetime
) -> None:
    """Take a reviewer's word: what was missed becomes a concern of its conversation, at once. ReviewGone."""
    message = await end_review(session, review, verdict, now)
    if verdict is not Verdict.NOTHING:
        conversation = await session.scalar(select(Message.conversation_id).where(Message.id == message))
        level = Level.DANGER if verdict is Verdict.DANGER else Level.WORRY
        heard = Heard(level, (Category.UNSPOKEN,), (Match(REVIEW, Category.UNSPOKEN, level),))
        whose = ConversationId(str(conversation))
        heard = await _with_staff_named(session, keys, whose, message, heard)
        await raise_concern(session, area, conversation=whose, message=message, heard=heard, now=now)
    log.info("message_reviewed")


async def _with_staff_named(
    session: AsyncSession, keys: ServiceKeys, whose: ConversationId, message: MessageId, heard: Heard
) -> Heard:
    """Look for staff of a group session in all words; where they can't be opened the finding stays as it is."""
    row = await session.get(Conversation, whose)
    try:
        place, key = read_place(row, keys) if row is not None else (None, b"")
    except CannotOpen:
        return heard
    if place is None:
        return heard
    return await with_staff_named(session, heard, message=message, place=place, key=key)


async def oldest_unreviewed_at(session: AsyncSession, *, of_quieted: bool = False) -> datetime | None:
    """Say when the oldest message came that waits for a review, of all or of what was let pass; None when none does."""
    waits = and_(_IS_WAITING, Review.message_id.not_in(_HEARD), Review.was_quieted if of_quieted else true())
    oldest = select(func.min(Message.at)).join(Review, Message.id == Review.message_id).where(waits)
    return await session.scalar(oldest)


_HEARD = select(ConcernMessage.message_id)
_OF_DRILLS = select(Drill.conversation_id).where(Drill.conversation_id.is_not(None))
_IS_WAITING = and_(
    or_(Review.was_quieted, and_(Message.progress.not_in(UNHEARD), Message.due_at.is_(None))),
    Message.conversation_id.not_in(_OF_DRILLS),
)


def _waiting() -> Select[Review]:
    return select(Review).join(Message, Message.id == Review.message_id).where(_IS_WAITING)


async def _forget_heard(session: AsyncSession) -> None:
    await session.execute(delete(Review).where(Review.message_id.in_(_HEARD)))


async def _words(session: AsyncSession, keys: ServiceKeys, review: Review) -> str | None:
    message = await session.get(Message, review.message_id)
    row = await session.get(Conversation, message.conversation_id) if message else None
    if message is None or row is None:
        return None
    try:
        key = keys.open_conversation_key(row.sealed_key, ConversationId(row.id))
        return str(read_body(message, key).get("text") or "") or None
    except CannotOpen:
        return None
