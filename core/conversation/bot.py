"""What a conversation asks of a bot, and what a bot may answer; Rasa is one, the demo's script another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

State = dict[str, Any]
"""The conversation as the bot sees it: JSON, sealed in our store after each turn. Its keys:

flow: None, "questions", "request", "complaint", "page", "help", "view" or "word".
set, question: ids of the open set and question.
trail: ids of the questions shown, oldest first. answers: question id to answer id, "said" or "skip".
mirrored: whether this person sees answers in mirrored order. step: the open step of a request or a search.
help: the need of a search, what was shown, and if the need is unsaid: a worry was heard in it, so it is no view.
request: what was said for a request, never personal details. lifts: "first_name", "reach", "complaint"
or "page_..." while the next words are personal and stay with us. my_way: "standard" or "easy"; ways: what else of
"pictures", "aloud", "big", "numbers", "time" they like. channel: "web" or "sms".
private: whether the phone is only theirs (None: not known). said: what was last said without being asked:
its message, area and how it is meant. spoke_in: the period in which they last said something in own words.
voice: "family" or "staff" while a grown-up says what they think themselves.
words: if their words of a period may be used ("period", "may": None once asked). page: of each part of "My page",
if it was given or skipped, and the name and the school that go with it when it is sent; page_kept: whether they
asked to keep it; page_sent: whether they sent it; page_old: whether some of it is too old to be repeated by text.
suspended: the flows below the open one, to
come back to.
"""

Expects = Literal["free_text", "closed", "anything"]
"""What the open question wants: own words, one of its choices, or nothing in particular."""

GIVEN = "(given)"
"""What a bot is told in place of a personal answer that stays with us."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that was tapped or typed, as we understand it: the bot need not guess."""

    intent: str
    entities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message for the bot: either `text` or `choice`.

    `sender` is random and not the conversation's id. `text` is cleaned, without the personal details that
    were found, at most 2,000 characters. `state` is as of the last finished message.
    """

    sender: str
    message: str
    text: str | None
    choice: Chosen | None
    state: State
    expects: Expects


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice to offer: what it means, the catalogue's name of its label, and a symbol's concept."""

    intent: str
    label: str
    entities: Mapping[str, str] = field(default_factory=dict)
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class SayMessage:
    """Say a message of the catalogue with these values."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["message", "question"] = "message"
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """Ask a question of the bank; its words, progress and choices come from there."""

    set: str
    question: str


@dataclass(frozen=True, slots=True)
class ShowService:
    """Show an entry of the Local Offer."""

    service: str


@dataclass(frozen=True, slots=True)
class ExplainWord:
    """Say what a word of the glossary means."""

    entry: str


Say = SayMessage | AskQuestion | ShowService | ExplainWord


@dataclass(frozen=True, slots=True)
class KeepState:
    """The conversation's state after this turn."""

    state: State


@dataclass(frozen=True, slots=True)
class RecordView:
    """Keep what a young person thinks: an answer of a question, or their own words (`text`).

    Where there are own words, `answer` may be how they are meant: good, mixed or bad.
    """

    measure: str
    area: str | None
    answer: str | None = None
    text: bool = False


@dataclass(frozen=True, slots=True)
class TakeBackView:
    """Forget the last answer to this measure, or what was said in the message of this id."""

    measure: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class MeanView:
    """The words of an earlier message are meant so: good, mixed or bad. It goes before how they were read."""

    measure: str
    message: str
    meant: str
    area: str | None = None


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Send the request for a key worker that `state.request` describes and the young person agreed to."""


@dataclass(frozen=True, slots=True)
class SendPage:
    """Send "My page", as it was just read back and agreed to, to the key worker who plans the meeting."""


@dataclass(frozen=True, slots=True)
class MakeComplaint:
    """Send the complaint whose words the house kept, as the young person just agreed."""


@dataclass(frozen=True, slots=True)
class ForgetPage:
    """Forget "My page", and the words that were written for it."""


@dataclass(frozen=True, slots=True)
class RecordUnmetNeed:
    """Nothing in the Local Offer fitted what was asked for in this message or the search before."""

    area: str | None = None


@dataclass(frozen=True, slots=True)
class RecordComment:
    """How services of the Local Offer fitted that were shown: right, one-was-right or not-right."""

    services: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class HearNotSafe:
    """A worry was understood where the phrase list heard nothing: by the bot, or the second listener.

    `because` is told to who reads the concern. It only raises a worry.
    """

    because: str = "the bot understood: I am not safe"


@dataclass(frozen=True, slots=True)
class FinishConversation:
    """The young person is finished here."""


@dataclass(frozen=True, slots=True)
class HandBack:
    """The bot understood a wish that only the house itself can answer: to delete, to get a copy, to link a phone."""

    intent: str


@dataclass(frozen=True, slots=True)
class GiveCode:
    """A code to text to a phone: its words, the name it is kept under, and the key that it is. No bot decides this."""

    kind: int
    words: tuple[str, ...] = field(repr=False)
    name: str
    code_key: bytes = field(repr=False)
    with_copy: bool = False


Decision = (
    KeepState
    | RecordView
    | TakeBackView
    | MeanView
    | OpenRequest
    | SendPage
    | MakeComplaint
    | ForgetPage
    | RecordUnmetNeed
    | RecordComment
    | HearNotSafe
    | FinishConversation
    | HandBack
    | GiveCode
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, in order, and what was decided; a bot itself commits nothing."""

    says: tuple[Say, ...]
    decisions: tuple[Decision, ...]


class BotUnavailable(Exception):
    """The bot is down, too slow, or its answer was empty or broken."""


class Bot(Protocol):
    """Understands a message and decides what to say and do."""

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn; raises BotUnavailable."""
        ...
