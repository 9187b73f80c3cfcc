"""Ways to reach a young person, and the numbers that said stop."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH


class Contact(ServiceBase):
    """A phone number: looked up by its keyed hash, kept encrypted only so that we can reply to it."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    pseudonym: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sealed_address: Mapped[bytes] = mapped_column(LargeBinary)
    is_only_theirs: Mapped[bool | None]
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_heard_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OptOut(ServiceBase):
    """A number that said stop, over all channels; it stays until START, also after erasure."""

    __tablename__ = "opt_outs"

    pseudonym: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
