"""Where a conversation stands: the bot's state, the choices that are open, and the answers kept from the bot."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Row

from core.conversation.bot import Chosen, Expects, State
from core.conversation.tables import Conversation
from core.ids import ConversationId
from core.keys import ServiceKeys
from core.sealing import one_key, pad, seal, unpad, unseal

SMALLEST_PLACE = 4096
ROOM_FOR_GROUP = 640
"""Bytes. With a group session a place is as long as without, so that no length tells of one."""
PAGE = "page_"
"""How the names of kept answers begin that are for "My page"."""
STANDING_ID_LENGTH = 24
STANDING_INTENTS = ("go_back", "skip_question", "pause_conversation", "ask_help", "say_not_safe")


@dataclass(frozen=True, slots=True)
class OpenChoice:
    """A choice that may be made now; only `id`, `label` and `symbol` leave the house."""

    id: str
    label: str
    intent: str
    entities: Mapping[str, str]
    symbol: str | None = None

    @property
    def chosen(self) -> Chosen:
        """What choosing it means."""
        return Chosen(self.intent, self.entities)


@dataclass(frozen=True, slots=True)
class Place:
    """Sealed as one value on the conversation's row.

    `question` is the last question as it was asked (a Say, as JSON), to be asked again. `kept` holds the
    personal answers for a request. `safety_seq` is the message that the safety answer answered, while nothing
    was answered after it (0: none);
    `is_check_in`, that it asked if they are safe. `worrying` are the questions whose answers asked for a check-in.
    `seed` is shared by the conversations of one person, `linked` are the others of them. `copy_of` is a
    conversation whose copy may be opened here, until `copy_until`. `of_page` are the messages written for "My page",
    `held_back` the parts of it that are not sent: they hold words of a concern.
    `group` is the group session they came with, as JSON: for who reads a concern, and in no view.
    """

    state: State
    open: tuple[OpenChoice, ...] = ()
    question: Mapping[str, Any] | None = None
    expects: Expects = "anything"
    kept: Mapping[str, str] = field(default_factory=dict)
    safety_seq: int = 0
    is_check_in: bool = False
    worrying: tuple[str, ...] = ()
    seed: str | None = None
    linked: tuple[str, ...] = ()
    copy_of: str | None = None
    copy_until: str | None = None
    of_page: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    group: Mapping[str, Any] | None = None


_PLACE: Final = msgspec.json.Decoder(Place)
"""It makes the place of what was unsealed, three times as fast as the library of Python and what is needed after it."""


def new_place(*, channel: str, mirrored: bool) -> Place:
    """Begin with nothing asked; `mirrored` is drawn once for a person."""
    state: State = {
        "flow": None,
        "set": None,
        "question": None,
        "trail": [],
        "answers": {},
        "mirrored": mirrored,
        "step": None,
        "request": {},
        "lifts": None,
        "my_way": "standard",
        "channel": channel,
        "private": None if channel == "sms" else True,
    }
    return Place(state)


def forget_personal(place: Place) -> Place:
    """Drop the personal answers of what was not sent, and the request with them: it is asked anew. "My page" stays."""
    state = {**place.state, "flow": None, "step": None, "request": {}, "lifts": None, "suspended": []}
    return replace(place, state=state, kept=only_page(place.kept), question=None, expects="anything", open=())


def only_page(kept: Mapping[str, str]) -> dict[str, str]:
    """Give of the kept answers those of "My page"."""
    return {name: words for name, words in kept.items() if name.startswith(PAGE)}


def has_unsent(place: Place) -> bool:
    """Say whether personal answers wait that were to be sent to a person."""
    return len(only_page(place.kept)) < len(place.kept)


def seal_place(place: Place, key: bytes, conversation: ConversationId) -> bytes:
    """Seal a place under the conversation's key."""
    room = b" " * (ROOM_FOR_GROUP - len(msgspec.json.encode(place.group)))
    written = pad(msgspec.json.encode(place) + room, smallest=SMALLEST_PLACE)
    return seal(written, one_key(key), row=f"place:{conversation}")


def read_place(conversation: Conversation | Row[*tuple[Any, ...]], keys: ServiceKeys) -> tuple[Place, bytes]:
    """Open where a conversation stands, and its key."""
    its_id = ConversationId(conversation.id)
    return open_place(its_id, conversation.sealed_key, conversation.sealed_place, keys)


def open_place(
    conversation: ConversationId, sealed_key: bytes, sealed_place: bytes, keys: ServiceKeys
) -> tuple[Place, bytes]:
    """Open where a conversation stands, and its key, from what is sealed of both."""
    key = keys.open_conversation_key(sealed_key, conversation)
    return _PLACE.decode(unpad(unseal(sealed_place, one_key(key), row=f"place:{conversation}"))), key


def standing_id(intent: str, key: bytes) -> str:
    """Name a choice that is always there, so that only this conversation's browser can make it."""
    return hmac.new(key, f"standing:{intent}".encode(), "sha256").hexdigest()[:STANDING_ID_LENGTH]


def find_choice(choice: str, place: Place, key: bytes) -> Chosen | None:
    """Give what a choice means in this conversation now; None when it is stale or of another one."""
    for offered in place.open:
        if hmac.compare_digest(offered.id, choice):
            return offered.chosen
    for intent in STANDING_INTENTS:
        if hmac.compare_digest(standing_id(intent, key), choice):
            return Chosen(intent)
    return None
