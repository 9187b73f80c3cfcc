"""How many texts may leave in a day: against those who make us text to earn by it (SMS pumping).

An answer to danger and an alert to staff never ask: they only count.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area_file import Texts
from core.ids import ContactId
from core.outbox_tables import Post, Status

PARTS_A_TEXT = 2
"""The most parts that a text of ours has; each is counted as if it had them."""
CAPPED = "capped_"


class Capped(StrEnum):
    """Why a text did not leave."""

    THIS_NUMBER = f"{CAPPED}this_number"
    ALL_NUMBERS = f"{CAPPED}all_numbers"
    SPENT = f"{CAPPED}spent"


@dataclass(frozen=True, slots=True)
class TextCaps:
    """The caps of the area file, and by whose clock a day is counted."""

    texts: Texts = field(default_factory=Texts)
    zone: tzinfo = UTC

    def day_began_at(self, now: datetime) -> datetime:
        """Say when today began, by the area's clock."""
        return now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(slots=True)
class SentToday:
    """How many texts left today, to each contact."""

    caps: TextCaps
    by_contact: dict[ContactId, int]

    def holds_back(self, contact: ContactId) -> Capped | None:
        """Say which cap a further text to this contact would break, if any."""
        texts, total = self.caps.texts, sum(self.by_contact.values())
        if self.by_contact.get(contact, 0) >= texts.to_one_number_a_day:
            return Capped.THIS_NUMBER
        if total >= texts.to_all_numbers_a_day:
            return Capped.ALL_NUMBERS
        if (total + 1) * PARTS_A_TEXT * texts.pence_a_part > texts.pence_a_day:
            return Capped.SPENT
        return None

    def count(self, contact: ContactId) -> None:
        """Count a text that leaves now."""
        self.by_contact[contact] = self.by_contact.get(contact, 0) + 1


async def sent_today(session: AsyncSession, caps: TextCaps, now: datetime) -> SentToday:
    """Count the texts that were given to the provider today, whatever became of them."""
    counted = (
        select(Post.contact_id, func.count())
        .where(Post.contact_id.is_not(None), Post.attempts > 0, Post.posted_at >= caps.day_began_at(now))
        .group_by(Post.contact_id)
    )
    rows = (await session.execute(counted)).all()
    return SentToday(caps, {ContactId(str(contact)): int(count) for contact, count in rows})


async def held_back_today(session: AsyncSession, caps: TextCaps, now: datetime) -> dict[Capped, int]:
    """Count the texts that a cap held back today, by cap."""
    counted = (
        select(Post.reason, func.count())
        .where(
            Post.status == Status.WITHHELD,
            Post.reason.startswith(CAPPED),
            Post.posted_at >= caps.day_began_at(now),
        )
        .group_by(Post.reason)
    )
    return {Capped(str(reason)): int(count) for reason, count in (await session.execute(counted)).all()}
