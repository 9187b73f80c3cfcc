"""The blind review, as the service store keeps it: which messages wait for it, and how the reviews ended."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase
from core.ids import ID_LENGTH


class Verdict(StrEnum):
    """What a person says of a message that rang for nobody."""

    DANGER = "danger"
    WORRY = "worry"
    NOTHING = "nothing"


class Review(ServiceBase):
    """A message that waits for a review: where it is, no copy and no time. It goes with the message.

    `was_quieted` when a phrase was heard in it and the second listener let it not count; else chance drew it.
    """

    __tablename__ = "reviews"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), unique=True)
    was_quieted: Mapped[bool] = mapped_column(server_default=false())


class ReviewCount(ServiceBase):
    """What stays of reviews: how many ended how, by week ("2026-W48") and why they were reviewed."""

    __tablename__ = "review_counts"

    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    was_quieted: Mapped[bool] = mapped_column(primary_key=True)
    verdict: Mapped[Verdict] = mapped_column(String(16), primary_key=True)
    count: Mapped[int]
