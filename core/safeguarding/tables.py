"""Safeguarding concerns and what was heard in which message, as the service store keeps them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH
from core.safeguarding.check_in import Reply
from core.safeguarding.phrases import Level

IS_OPEN = text("closed_at IS NULL")


class ConcernOutcome(StrEnum):
    """How a concern ended, as the person who closed it says."""

    SAFE_NOW = "safe-now"
    FRONT_DOOR = "front-door"
    EMERGENCY = "emergency"
    SETTING_LEAD = "setting-lead"
    NOT_FOUND = "not-found"
    NO_CONCERN = "no-concern"


class SecondLook(StrEnum):
    """How far the second look at a concern is that was closed with many others."""

    WANTED = "wanted"
    AGREED = "agreed"
    REOPENED = "reopened"


class Concern(ServiceBase):
    """One concern about one conversation; of each conversation at most one is open.

    `messages` counts what was heard so far, so that nobody acknowledges or closes what they have not read.
    `calls` counts how often the rota was called about it, `call_at` is when that is due next, and `read_by_at`
    when a person has read it at the latest. `check_in` is what was answered to "Are you safe now?".
    `is_about_worker`: an adult who works with children; who reads it says first that it is not about them.
    `tells_key_worker`: a lead lets the key worker know that a lead is involved. `sealed_reach` is a way to
    reach the young person that they gave for this. Closed with many others at once (`bulk_id`), some need a
    `second_look`.
    """

    __tablename__ = "concerns"
    __table_args__ = (
        Index(
            "concerns_one_open",
            "conversation_id",
            unique=True,
            postgresql_where=IS_OPEN,
            sqlite_where=IS_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    level: Mapped[Level] = mapped_column(String(16))
    messages: Mapped[int]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_by_at: Mapped[datetime] = mapped_column(UtcDateTime)
    calls: Mapped[int] = mapped_column(default=0)
    call_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    check_in: Mapped[Reply | None] = mapped_column(String(16))
    acknowledged_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[ConcernOutcome | None] = mapped_column(String(24))
    is_about_worker: Mapped[bool] = mapped_column(default=False)
    tells_key_worker: Mapped[bool] = mapped_column(default=False)
    sealed_reach: Mapped[bytes | None] = mapped_column(LargeBinary)
    bulk_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    second_look: Mapped[SecondLook | None] = mapped_column(String(16))
    second_look_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class ConcernMessage(ServiceBase):
    """A message of a concern and what was heard in it: categories and ids of phrases, no words."""

    __tablename__ = "concern_messages"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    concern_id: Mapped[str] = mapped_column(ForeignKey("concerns.id"), index=True)
    level: Mapped[Level] = mapped_column(String(16))
    because: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
