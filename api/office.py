"""All that the staff's pages need around them, put together once by app."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from fastapi import Request

from core.area import Area
from core.clock import Clock
from core.database import Store
from core.ids import ComplaintId, RequestId, StaffId
from core.keys import ServiceKeys
from core.rate_limits import Limiter
from core.staff.passwords import Passwords
from core.staff.work_account import WorkDoor
from core.text.messages import Catalogue
from core.text_caps import TextCaps


class Reply(Protocol):
    """Brings a key worker's words to the young person who asked, on their own channel."""

    def __call__(self, request: RequestId, staff: StaffId, text: str, *, once: str) -> Awaitable[None]:
        """Send the words; `once` is the form's id, so that a double click sends one reply."""
        ...


class AnswerComplaint(Protocol):
    """Brings the answer to a complaint to the young person, on their own channel."""

    def __call__(self, complaint: ComplaintId, staff: StaffId, text: str, *, once: str) -> Awaitable[None]:
        """Send the words; `once` is the form's id, so that a double click sends one answer."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """The service store, keys, words and time; `is_https` says whether cookies may be kept to https.

    Where `needs_second_step`, nobody comes in with a password alone. `work_door` lets in with the council's own
    accounts, where their provider is set.
    """

    store: Store
    keys: ServiceKeys
    clock: Clock
    words: Catalogue
    passwords: Passwords
    area: Area
    is_https: bool
    reply: Reply
    answer_complaint: AnswerComplaint
    limiter: Limiter
    texts: TextCaps = field(default_factory=TextCaps)
    needs_second_step: bool = False
    work_door: WorkDoor | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The area's own time zone, in which times are said."""
        return self.area.zone


def office_of(http_request: Request) -> Office:
    """Give the office that app has put beside the routes."""
    office: Office = http_request.app.state.office
    return office
