"""Draw messages in which nothing was heard for a blind review, count how it ended, and say how much was missed.

Reviewed too, and counted apart, is each message in which a phrase was heard that the second listener let not count.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.errors import Refusal
from core.ids import MessageId, new_id
from core.safeguarding.rates import Rate, rate
from core.safeguarding.review_tables import Review, ReviewCount, Verdict

Draw = Callable[[int], int]
"""Gives a number from 0 to below the one it is given, which nobody can foresee."""
ONE_IN = 50
"""2 % of messages are reviewed (SAFETY-AND-PRIVACY.md, section 1)."""


class ReviewGone(Refusal):
    """Another person has reviewed it, or its words were erased."""

    status = HTTPStatus.CONFLICT
    words = "This message does not wait for you any more. Please look at the next one."


@dataclass(frozen=True, slots=True)
class Missed:
    """What reviews found among messages in which nothing was heard: danger, and danger or a worry."""

    danger: Rate
    either: Rate


def draw_for_review(session: AsyncSession, message: MessageId, draw: Draw) -> None:
    """Let one in 50 wait for a review, drawn in the message's own transaction: once, and for ever."""
    if draw(ONE_IN) == 0:
        session.add(Review(id=new_id(), message_id=message, was_quieted=False))


def review_quieted(session: AsyncSession, message: MessageId) -> None:
    """Let a message wait for a review in which a phrase was heard and does not count: each of them."""
    session.add(Review(id=new_id(), message_id=message, was_quieted=True))


async def end_review(session: AsyncSession, review: str, verdict: Verdict, now: datetime) -> MessageId:
    """Count a review, and forget which message it was; give the message. ReviewGone."""
    gone = delete(Review).where(Review.id == review).returning(Review.message_id, Review.was_quieted)
    found = (await session.execute(gone)).one_or_none()
    if found is None:
        raise ReviewGone
    counted = {"week": _week_of(now), "was_quieted": found.was_quieted, "verdict": verdict}
    await insert_new(session, ReviewCount, [{**counted, "count": 0}])
    await session.execute(
        update(ReviewCount)
        .filter_by(**counted)
        .values(count=ReviewCount.count + 1)
        .execution_options(synchronize_session=False)
    )
    return MessageId(found.message_id)


async def how_much_is_missed(session: AsyncSession, now: datetime, *, of_quieted: bool = False) -> Missed:
    """Give the rates over the reviews of finished weeks of what chance drew; or of what was let not count.

    A figure that rose with each review would tell its reader why that message was there.
    """
    counted = (
        select(ReviewCount.verdict, func.sum(ReviewCount.count))
        .where(ReviewCount.was_quieted == of_quieted, ReviewCount.week < _week_of(now))
        .group_by(ReviewCount.verdict)
    )
    found = {Verdict(verdict): int(count) for verdict, count in (await session.execute(counted)).all()}
    danger, worry = found.get(Verdict.DANGER, 0), found.get(Verdict.WORRY, 0)
    reviewed = sum(found.values())
    return Missed(rate(danger, reviewed), rate(danger + worry, reviewed))


def _week_of(at: datetime) -> str:
    """Name the week of a moment, so that names stand in the order of the weeks: "2026-W48"."""
    return f"{at:%G-W%V}"
