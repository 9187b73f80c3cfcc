"""Who reads concerns when, as the service store keeps it."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase
from core.ids import ID_LENGTH


class RotaTurn(ServiceBase):
    """One turn of a safeguarding lead: `days` as words with a space between, times in minutes of the day."""

    __tablename__ = "rota_turns"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    mobile: Mapped[str | None] = mapped_column(String(16))
    days: Mapped[str] = mapped_column(String(100))
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    place: Mapped[int]
