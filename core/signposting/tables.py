"""Requests for a key worker, as the service store keeps them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH


class RequestState(StrEnum):
    """How far a request has come."""

    WAITING = "waiting"
    TAKEN = "taken"
    PLANNED = "planned"
    CLOSED = "closed"


class RequestKind(StrEnum):
    """What is asked for: a key worker, or that one reads "My page" before a meeting."""

    HELP = "help"
    PAGE = "page"


class RequestOutcome(StrEnum):
    """How a request ended, as its key worker says."""

    HELPED = "helped"
    PASSED_ON = "passed-on"
    NOT_REACHED = "not-reached"
    NOT_WANTED = "not-wanted"
    OTHER = "other"


class SignpostingRequest(ServiceBase):
    """One request; what the young person said in it is sealed under their conversation's key.

    `read_by` is who took it last, also after giving it back: a young person is told who has read their page.
    """

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "requests_open_words",
            "words",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
            sqlite_where=text("state <> 'closed'"),
        ),
        Index("requests_in_order", "state", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(String(16), server_default=RequestKind.HELP.value)
    words: Mapped[str] = mapped_column(String(40))
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[RequestState] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    read_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planned_for: Mapped[date | None] = mapped_column(Date)
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[RequestOutcome | None] = mapped_column(String(24))
