"""What people do about a concern, as the service store keeps it; what they write is sealed with its words."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH
from core.safeguarding.phrases import Level
from core.safeguarding.tables import ConcernOutcome


class ConcernNote(ServiceBase):
    """A note of who reads a concern, sealed under the conversation's key."""

    __tablename__ = "concern_notes"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    concern_id: Mapped[str] = mapped_column(ForeignKey("concerns.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConcernClearance(ServiceBase):
    """What someone said before a concern about a worker opened to them: that it is not about them or theirs."""

    __tablename__ = "concern_clearances"

    concern_id: Mapped[str] = mapped_column(ForeignKey("concerns.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    is_clear: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class HandOver(ServiceBase):
    """That the council's case system has its own copy: its reference and who read it there, sealed."""

    __tablename__ = "concern_hand_overs"

    concern_id: Mapped[str] = mapped_column(ForeignKey("concerns.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sealed_record: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConcernCount(ServiceBase):
    """What stays of concerns whose text is gone: how many, by month, level and outcome."""

    __tablename__ = "concern_counts"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    level: Mapped[Level] = mapped_column(String(16), primary_key=True)
    outcome: Mapped[ConcernOutcome] = mapped_column(String(24), primary_key=True)
    count: Mapped[int]


class ContactOpening(ServiceBase):
    """Break-glass: the encrypted contact of someone who did not give it for this, opened by two named people.

    Where life may be at risk one opens it alone, and another reviews it. `opens_until` is when it shuts again.
    """

    __tablename__ = "contact_openings"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    concern_id: Mapped[str] = mapped_column(ForeignKey("concerns.id"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_reason: Mapped[bytes] = mapped_column(LargeBinary)
    is_life_at_risk: Mapped[bool]
    agreed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opens_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_call_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_right: Mapped[bool | None]
