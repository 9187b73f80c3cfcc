"""Conversations and their messages, as the service store keeps them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, UtcDateTime
from core.ids import ID_LENGTH

IS_WAITING = text("progress = 'waiting'")
IS_UNHEARD = text(
    "((attempts = 0 AND progress IN ('held', 'unheard'))"
    " OR (due_at IS NOT NULL AND progress IN ('answered', 'set_aside')))"
)
"""No answer takes it now, or it was answered unheard and is due again: the second listener has not heard it yet."""


class Channel(StrEnum):
    """Where a young person talks to us."""

    WEB = "web"
    SMS = "sms"


class Author(StrEnum):
    """Who wrote a message, as the young person is told."""

    YOU = "you"
    BOT = "bot"
    WORKER = "worker"


class Kind(StrEnum):
    """What a message is for."""

    MESSAGE = "message"
    QUESTION = "question"
    SAFETY = "safety"
    PROBLEM = "problem"
    WORKER = "worker"


class Progress(StrEnum):
    """How far a message has come: a young person's waits and is answered; ours is shown.

    The first text from a phone is held until we know whose phone it is. One that we failed on again and again
    is set aside: it is kept, and what follows it is answered. What no bot answers (after STOP, one text too
    many, a worry that was answered at once) is unheard until the second listener has heard it. What was answered, or
    set aside, while that one was away is due again (`due_at`), for it alone.
    """

    HELD = "held"
    SET_ASIDE = "set_aside"
    UNHEARD = "unheard"
    WAITING = "waiting"
    ANSWERED = "answered"
    SHOWN = "shown"


class Conversation(ServiceBase):
    """One conversation; all that was said in it is sealed under its own key."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel: Mapped[Channel] = mapped_column(String(16))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_place: Mapped[bytes] = mapped_column(LargeBinary)
    next_seq: Mapped[int]
    lease_owner: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_attempt: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GivenCode(ServiceBase):
    """A code to come back or to link a phone, until it is used or its time is over: its keyed hash, no words.

    `kind` is its number of words. `with_copy`: it also opens the copy that was asked for.
    """

    __tablename__ = "given_codes"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[int]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    with_copy: Mapped[bool]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Message(ServiceBase):
    """One turn in or out. Its words and choices are sealed; `external_id` is the provider's or browser's."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index(
            "messages_waiting", "conversation_id", "seq", postgresql_where=IS_WAITING, sqlite_where=IS_WAITING
        ),
        Index(
            "messages_unheard", "conversation_id", "seq", postgresql_where=IS_UNHEARD, sqlite_where=IS_UNHEARD
        ),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    author: Mapped[Author] = mapped_column(String(16))
    kind: Mapped[Kind] = mapped_column(String(16))
    level: Mapped[str | None] = mapped_column(String(16))
    progress: Mapped[Progress] = mapped_column(String(16))
    external_id: Mapped[str | None] = mapped_column(String(128), unique=True)
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class HeardText(ServiceBase):
    """The provider's id of a text that was taken in: it is known for some days, also when its words are erased."""

    __tablename__ = "heard_texts"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
