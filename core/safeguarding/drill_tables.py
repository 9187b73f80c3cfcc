"""Drills: synthetic concerns, and how soon a person read each, as the service store keeps them."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH


class Drill(ServiceBase):
    """One drill; `conversation_id` is empty once its conversation and concern are taken away.

    `was_raised` is False when no concern came of it, `read_at` empty when nobody read it before it ended;
    `calls` says how often the rota was called, up to the loudest step.
    """

    __tablename__ = "drills"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), unique=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    was_raised: Mapped[bool]
    calls: Mapped[int]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
