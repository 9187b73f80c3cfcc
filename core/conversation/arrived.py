"""A message on its way in: what was sent, what is known of it, and what the sender is told."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from core.conversation.bot import Chosen
from core.conversation.place import Place, seal_place
from core.conversation.tables import Conversation
from core.conversation.typed_code import TypedCode
from core.ids import ConversationId
from core.safeguarding.rules import Heard
from core.safeguarding.unreadable import Unreadable

NUMBER_MAY_BE_ANOTHERS = timedelta(days=60)
"""Numbers change hands: after so long a number starts anew (SAFETY-AND-PRIVACY.md, section 2)."""
READ_BACK_FOR = timedelta(minutes=30)
"""By text nothing said longer ago is ever repeated."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a young person sent on the web: words or a choice, under an id that is theirs alone.

    `address` is where it came from on the network; it is only counted with, for codes that are tried.
    """

    conversation: ConversationId
    external_id: str
    text: str | None = None
    choice: str | None = None
    address: str = ""


class Pace(Enum):
    """Whether a number texts more than anybody writes, and was not told so lately."""

    WELL = auto()
    TOO_MUCH = auto()
    TOO_MUCH_AND_TOLD = auto()


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text as a provider gave it: `sid` is its id there. Words may be empty when there are pictures.

    `may_answer` is False for a number that we do not text (abroad): danger in its words is heard all the same.
    `is_late`: it was fetched after it had not reached us. START in it is not obeyed: STOP may have come after it.
    """

    number: str
    sid: str
    text: str
    has_pictures: bool = False
    may_answer: bool = True
    pace: Pace = Pace.WELL
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where the message stands in its conversation, and whether it had come before."""

    conversation: ConversationId
    seq: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message at the door of its conversation, whose row is held until the commit.

    `may_answer` is False for a number that said stop: it is heard, and nothing is sent to it. `unreadable` says that we
    can not read its words; `is_quieted`, that a phrase was heard in them and the second listener let it pass.
    """

    conversation: Conversation
    place: Place
    key: bytes
    external_id: str
    text: str | None
    heard: Heard | None = None
    chosen: Chosen | None = None
    choice: str | None = None
    label: str | None = None
    may_answer: bool = True
    code: TypedCode | None = None
    unreadable: Unreadable | None = None
    is_quieted: bool = False

    def keep_place(self, place: Place) -> None:
        """Write where the conversation stands now on its row."""
        its_id = ConversationId(self.conversation.id)
        self.conversation.sealed_place = seal_place(place, self.key, its_id)
