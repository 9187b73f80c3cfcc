"""What actions may look up, handed to them by app so that they need no store and no setting."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from core.area import Complaints, PhoneNumber
from core.signposting.requests import RequestStatus
from core.views.question_bank import Bank
from core.views.responses import Response

FindWords = Callable[[str], Sequence[str]]
"""Text to the ids of the glossary's words in it, in the order they stand there."""

FindServices = Callable[[str, int | None, str | None], Awaitable[Sequence[str]]]
"""Need in own words, age in years and district to the ids of at most three services, best first."""

ReadRequestStatus = Callable[[str], Awaitable[Sequence[RequestStatus]]]
"""A message's id to the latest request of each kind of its conversation, the newest first."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The lists and lookups of one council.

    `who_to_call` gives who answers a phone at this hour, for somebody of an age. `what_was_done` gives what may
    be told in a district (None: not told). `area_of` names the one area that words are
    about, and `district_of` the district of a typed town; None where that is not plain. `period` names the period
    that is open now.
    """

    bank: Bank
    find_words: FindWords
    find_services: FindServices
    request_status: ReadRequestStatus
    complaints: Complaints
    who_to_call: Callable[[str], PhoneNumber]
    what_was_done: Callable[[str | None], Sequence[Response]]
    area_of: Callable[[str], str | None]
    district_of: Callable[[str], str | None]
    period: Callable[[], str]
