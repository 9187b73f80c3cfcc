"""What a provider must still be given, as the service store keeps it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH


class Route(StrEnum):
    """How a post leaves."""

    SMS = "sms"
    EMAIL = "email"


class Status(StrEnum):
    """How far a post has come; `delivered`, `undeliverable` and `withheld` are the end of it."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    WITHHELD = "withheld"


class AlertKind(StrEnum):
    """What an alert to staff is about; its words are constant and tell nothing of what was said."""

    DANGER = "danger"
    WORRY = "worry"
    AGAIN = "again"  # nobody has read it yet
    FLOOD = "flood"
    COMPLAINT = "complaint"
    REVIEW = "review"  # a second person is wanted
    TEXTS = "texts"  # a cap holds texts back
    UNREVIEWED = "unreviewed"  # messages wait too long for the blind review


class Post(ServiceBase):
    """One text to a young person (`contact_id`, sealed words) or one alert to staff (`alert`, `address`).

    The words of a text with a code (`is_code`) are erased as soon as it is handed over, or given up.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_due", "status", "due_at"),
        Index("outbox_in_order", "contact_id", "place"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    route: Mapped[Route] = mapped_column(String(16))
    status: Mapped[Status] = mapped_column(String(16), default=Status.WAITING)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_code: Mapped[bool] = mapped_column(default=False, server_default=false())
    alert: Mapped[AlertKind | None] = mapped_column(String(16))
    concern_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    address: Mapped[str | None] = mapped_column(String(254))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provider_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason: Mapped[str | None] = mapped_column(String(64))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
