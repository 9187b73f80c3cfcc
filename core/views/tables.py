"""Views: sealed with their conversation while they wait, and apart from it once they have moved."""

from sqlalchemy import Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, ViewsBase
from core.ids import ID_LENGTH


class WaitingViews(ServiceBase):
    """What a conversation has said, not yet moved: one sealed row of fixed size, rewritten in place."""

    __tablename__ = "waiting_views"

    conversation_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ConversationTag(ServiceBase):
    """The sealed tag under which a conversation's views of one period stand in the other store."""

    __tablename__ = "conversation_tags"

    conversation_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    period: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ErasureWish(ServiceBase):
    """The tags of one person whose views go this night, sealed: the conversation's own key is gone by then."""

    __tablename__ = "erasure_wishes"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class HeldView(ViewsBase):
    """One view, of nobody in particular: no conversation, no time finer than the period, no order.

    `person` is the same on all rows of one person and one measure, so that people can be counted; from one
    measure to another it differs, and only the conversation's sealed tag tells that two are of one person.
    `read_from` is on the one row that says how a person's last words on an area were read: it names the row
    that holds those words. SQLite keeps no row number for it, which would tell the order. `may_quote` says that they
    let these words be used; nothing is quoted by it alone.
    """

    __tablename__ = "views"
    __table_args__ = (Index("views_by_period", "period", "measure"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    period: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    measure: Mapped[str] = mapped_column(String(64))
    area: Mapped[str | None] = mapped_column(String(32))
    answer: Mapped[str | None] = mapped_column(String(64))
    sentiment: Mapped[str | None] = mapped_column(String(16))
    themes: Mapped[str] = mapped_column(Text)
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    read_from: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    channel: Mapped[str | None] = mapped_column(String(32))
    district: Mapped[str | None] = mapped_column(String(64))
    age: Mapped[str | None] = mapped_column(String(16))
    helped_by: Mapped[str | None] = mapped_column(String(32))
    place: Mapped[str | None] = mapped_column(String(32))
    anchored: Mapped[bool]
    may_quote: Mapped[bool] = mapped_column(default=False, server_default=false())


class HeldPerson(ViewsBase):
    """That somebody said something in a period: one row for each tag, and nothing of what was said."""

    __tablename__ = "people"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tag: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    period: Mapped[str] = mapped_column(String(64), index=True)
    anchored: Mapped[bool]


class DeleteCode(ViewsBase):
    """What a delete code opens: whose views it deletes, sealed under the code itself. Nobody else can read it."""

    __tablename__ = "delete_codes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(64), index=True)
    sealed_tag: Mapped[bytes] = mapped_column(LargeBinary)


class ErasureAsk(ViewsBase):
    """A delete code that was typed, right or wrong, until the night: its keyed hash, and the key that it is, sealed."""

    __tablename__ = "erasure_asks"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(64))
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
