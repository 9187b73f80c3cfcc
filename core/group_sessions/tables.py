"""Group sessions that are to come or under way, as the service store keeps them."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase
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
