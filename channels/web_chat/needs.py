"""What the chat page needs of the service: a few functions of core, with the house already given."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from core.conversation.accept import accept_message
from core.conversation.arrived import Accepted, Inbound
from core.conversation.copying import read_copy
from core.conversation.given_codes import show_code
from core.conversation.group import find_group
from core.conversation.house import House
from core.conversation.my_page import read_my_page
from core.conversation.opening import Opened, find_by_token, finish_conversation, open_conversation
from core.conversation.place import STANDING_INTENTS
from core.conversation.refused import hear_refused
from core.conversation.transcript import (
    MOST_AT_ONCE,
    ShownMessage,
    messages_after,
    standing_choices,
    wait_for_news,
)
from core.group_sessions.group import Group
from core.ids import ConversationId
from core.rate_limits import Limit, TooMuch
from core.retention import Retention
from core.text.code_words import CodeKind
from core.text.messages import Catalogue

LEAVE_TO: Final = "https://www.bbc.co.uk/weather"
"""Where "Leave this page" goes: a page that anybody may be looking at."""

MOST_MESSAGES: Final = MOST_AT_ONCE
"""How many messages one answer holds at most; the rest follow when asked for after the last."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser sent, and from where: words or the id of a choice, under an id it made itself."""

    client_id: str
    text: str | None
    choice: str | None
    address: str = ""


@dataclass(frozen=True, slots=True)
class WebChat:
    """Everything the page asks of the service.

    `begin` opens a conversation, of a group session where one is given. `find_group` takes a group code as it was
    typed and a network address; None for a code that does not work, and TooMuch after many of these. `standing` gives
    the ids of the choices that are always there, by intent. `count_opening` takes a network address, and raises
    TooMuch. `accept` raises the Refusals of core.conversation.refusals, and TooMuch. `hear_refused` gives the numbers
    that help when danger is heard in words that could not be taken in. `wait` returns when there is news, or after so
    many seconds. `show_code` raises CodeGivenBefore.
    """

    begin: Callable[[Group | None], Awaitable[Opened]]
    find_group: Callable[[str, str], Awaitable[Group | None]]
    count_opening: Callable[[str], None]
    find: Callable[[str], Awaitable[ConversationId | None]]
    accept: Callable[[ConversationId, Sent], Awaitable[Accepted]]
    messages_after: Callable[[ConversationId, int], Awaitable[Sequence[ShownMessage]]]
    standing: Callable[[ConversationId], Awaitable[Mapping[str, str]]]
    wait: Callable[[ConversationId, float], Awaitable[None]]
    finish: Callable[[ConversationId], Awaitable[None]]
    show_code: Callable[[ConversationId, CodeKind], Awaitable[Sequence[str]]]
    copy_of: Callable[[ConversationId], Awaitable[Sequence[ShownMessage]]]
    page_of: Callable[[ConversationId], Awaitable[Mapping[str, str] | None]]
    hear_refused: Callable[[ConversationId | None, str], Awaitable[Sequence[str]]]
    catalogue: Catalogue
    public_url: str
    leave_to: str = LEAVE_TO
    retention: Retention = field(default_factory=Retention)

    @property
    def is_https(self) -> bool:
        """Whether the world reaches us securely."""
        return self.public_url.startswith("https://")


def web_chat_of(house: House, *, public_url: str, leave_to: str = LEAVE_TO) -> WebChat:
    """Give the page what it needs, from core."""

    async def accept(conversation: ConversationId, sent: Sent) -> Accepted:
        # A browser's id is unique in its own conversation only, so that nobody can ask about another's.
        external_id = f"web:{conversation}:{sent.client_id}"
        inbound = Inbound(conversation, external_id, sent.text, sent.choice, sent.address)
        return await accept_message(house, inbound)

    async def standing(conversation: ConversationId) -> dict[str, str]:
        choices = await standing_choices(house, conversation)
        return {intent: choice.id for intent, choice in zip(STANDING_INTENTS, choices, strict=True)}

    def count_opening(address: str) -> None:
        if not house.limiter.count(Limit.OPENINGS, address):
            raise TooMuch

    return WebChat(
        count_opening=count_opening,
        begin=lambda group: open_conversation(house, group=group),
        find_group=partial(find_group, house),
        find=lambda token: find_by_token(house, token),
        accept=accept,
        messages_after=lambda conversation, after: messages_after(house, conversation, after),
        standing=standing,
        wait=lambda conversation, seconds: wait_for_news(house, conversation, seconds),
        finish=lambda conversation: finish_conversation(house, conversation),
        show_code=lambda conversation, kind: show_code(house, conversation, kind),
        copy_of=lambda conversation: read_copy(house, conversation),
        page_of=partial(read_my_page, house),
        hear_refused=partial(hear_refused, house),
        catalogue=house.catalogue,
        public_url=public_url,
        leave_to=leave_to,
        retention=house.area.retention,
    )
