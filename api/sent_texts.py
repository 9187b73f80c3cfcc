"""How far our texts came, and why not further, in words for people at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.tables import Message
from core.ids import RequestId
from core.outbox_tables import Post, Status
from core.sending import Withheld
from core.text_caps import Capped

UNKNOWN: Final = "staff_why_unknown"
WHY: Final[Mapping[str, str]] = {
    "twilio_30003": "staff_why_off",
    "twilio_30004": "staff_why_blocked",
    "twilio_30005": "staff_why_no_phone",
    "twilio_30006": "staff_why_landline",
    "twilio_30007": "staff_why_filtered",
    "twilio_30008": UNKNOWN,
    "twilio_30410": "staff_why_network",
    "twilio_30001": "staff_why_network",
    "twilio_30002": "staff_why_ours",
    "twilio_20003": "staff_why_ours",
    "twilio_21606": "staff_why_ours",
    "twilio_21408": "staff_why_abroad",
    "twilio_21211": "staff_why_no_phone",
    "twilio_21612": "staff_why_no_phone",
    "twilio_21614": "staff_why_landline",
    "twilio_21610": "staff_why_stop",
    "too_late": "staff_why_too_late",
    Withheld.SAID_STOP: "staff_why_stop",
    Withheld.ERASED: "staff_why_erased",
    Capped.THIS_NUMBER: "staff_why_capped",
    Capped.ALL_NUMBERS: "staff_why_capped",
    Capped.SPENT: "staff_why_capped",
}
"""For a provider's code (Twilio's dictionary of errors) or a reason of our own the name of its words."""
STILL_GOING: Final = frozenset({Status.WAITING, Status.SENDING, Status.SENT, Status.DELIVERED})


@dataclass(frozen=True, slots=True)
class SentText:
    """One of our texts: how far it came, and the code of why not further."""

    status: Status
    reason: str | None

    @property
    def why(self) -> str:
        """The name of the words for why it did not come; empty where it did, or still may."""
        return "" if self.status in STILL_GOING else WHY.get(self.reason or "", UNKNOWN)


async def texts_of_messages(session: AsyncSession, messages: Sequence[str]) -> tuple[SentText, ...]:
    """List the texts of these messages, in their order."""
    posts = select(Post).where(Post.message_id.in_(messages)).order_by(Post.place)
    rows = (await session.execute(posts)).scalars()
    return tuple(SentText(Status(row.status), row.reason) for row in rows)


async def texts_of_request(session: AsyncSession, request: RequestId) -> tuple[SentText, ...]:
    """List the texts that a key worker's words about this request went out in; none on the web.

    Only these: another text of the conversation could tell of a concern.
    """
    replies = select(Message.id).where(Message.external_id.startswith(f"reply:{request}:", autoescape=True))
    return await texts_of_messages(session, list(await session.scalars(replies)))
