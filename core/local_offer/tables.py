"""What was imported into the Local Offer, and every import and sync, as the service store keeps them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime

LONGEST_SOURCE = 300


class Outcome(StrEnum):
    """How an import ended. Only `switched` changed what is found."""

    SWITCHED = "switched"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"


class ImportedService(ServiceBase):
    """A service as its source gave it (HSDS-UK 3.0, JSON); `removed_at`: it is not in the source any more."""

    __tablename__ = "imported_services"

    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE), primary_key=True)
    service: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    record: Mapped[str] = mapped_column(Text)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRun(ServiceBase):
    """One import of a file or sync with a feed, in their order; nobody's words, and nobody's name."""

    __tablename__ = "import_runs"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE), index=True)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(Text)
    counts: Mapped[str] = mapped_column(Text)
    problems: Mapped[str] = mapped_column(Text)
    validators: Mapped[str] = mapped_column(Text)
