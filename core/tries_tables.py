"""Where tries are counted."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime


class Tries(ServiceBase):
    """How many tries somebody made in one of the times that are counted, by a keyed hash; until it ends.

    A row with no try can also say that an account of staff came in rightly from an address, for 30 days.
    """

    __tablename__ = "tries"

    whose: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
