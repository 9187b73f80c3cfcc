"""Group sessions that are to come or under way, and wrong codes that were tried, as the service store keeps them."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH


class GroupSession(ServiceBase):
    """One group session until the night after it: its code as a keyed hash, all else sealed, and all of one size.

    No conversation is named here, and no column elsewhere names this row: who came with the code is sealed with where
    the conversation stands.
    """

    __tablename__ = "group_sessions"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sealed_group: Mapped[bytes] = mapped_column(LargeBinary)


class GroupCodeTries(ServiceBase):
    """How many wrong codes an address sent in one of the times that are counted, by a keyed hash; until it ends."""

    __tablename__ = "group_code_tries"

    whose: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
