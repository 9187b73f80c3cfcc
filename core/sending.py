"""What sending means to us: who gives texts and alerts to a provider, to whom, and how that may fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import ContactId, MessageId, OutboxId


class Withheld(StrEnum):
    """Why a text is not given to a provider."""

    SAID_STOP = "said_stop"
    ERASED = "erased"


class Undeliverable(Exception):
    """The provider will never take this; `reason` is its code, shown to staff."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SaidStop(Undeliverable):
    """The provider knows that this number said stop, and we did not."""


class TryAgain(Exception):
    """The provider is down, slow or busy; `after` is how long it asked us to wait."""

    def __init__(self, reason: str, after: timedelta = timedelta(0)) -> None:
        self.reason = reason
        self.after = after
        super().__init__(reason)


class TextSender(Protocol):
    """Gives texts to a provider."""

    async def send(self, to: str, body: str, *, reference: OutboxId) -> str:
        """Send one text to an E.164 number and give the provider's id; raises Undeliverable or TryAgain."""
        ...


class AlertMail(Protocol):
    """Gives alerts to staff by e-mail."""

    async def send(self, to: str, subject: str, body: str) -> str:
        """Send one e-mail and give its Message-ID; raises Undeliverable or TryAgain."""
        ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a text goes, and the key its words are sealed with; `is_safety` when it answers danger or a worry."""

    address: str
    key: bytes
    is_safety: bool = False


class Recipients(Protocol):
    """Knows who is behind a contact; asked inside the claim's transaction."""

    async def look_up(
        self, session: AsyncSession, contact: ContactId, message: MessageId
    ) -> Recipient | Withheld:
        """Find the recipient, or why nothing may be sent."""
        ...

    async def note_stop(self, session: AsyncSession, contact: ContactId, now: datetime) -> None:
        """Keep that the contact said stop to the provider."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """A text to send now, under our lease."""

    id: OutboxId
    contact: ContactId
    address: str
    text: str
