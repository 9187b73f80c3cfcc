"""Releases: what was frozen when a period closed, and never changes any more."""

from datetime import date
from typing import NewType

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ViewsBase

ReleaseId = NewType("ReleaseId", str)


class Release(ViewsBase):
    """One release, of one period. It says when nothing was made: a time would tell who was last.

    `plan` is the JSON of its measures and categories. `unanchored` is the one number with noise: people whom
    nothing anchors, over the whole area.
    """

    __tablename__ = "releases"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    period: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(128))
    ends_on: Mapped[date]
    k: Mapped[int]
    anchoring: Mapped[str] = mapped_column(String(16))
    unanchored: Mapped[int]
    plan: Mapped[str] = mapped_column(Text)


class FrozenLeaf(ViewsBase):
    """A group of at least k people; the only counts of a release. A category may be "not broken down"."""

    __tablename__ = "release_leaves"

    release_id: Mapped[str] = mapped_column(ForeignKey("releases.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(80), primary_key=True)
    answer: Mapped[str] = mapped_column(String(64), primary_key=True)
    district: Mapped[str] = mapped_column(String(64), primary_key=True)
    age: Mapped[str] = mapped_column(String(32), primary_key=True)
    helped_by: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    people: Mapped[int]


class HiddenCell(ViewsBase):
    """A cell with a symbol and no number; an empty category is one that the cell does not name."""

    __tablename__ = "release_marks"

    release_id: Mapped[str] = mapped_column(ForeignKey("releases.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(80), primary_key=True)
    answer: Mapped[str] = mapped_column(String(64), primary_key=True)
    district: Mapped[str] = mapped_column(String(64), primary_key=True)
    age: Mapped[str] = mapped_column(String(32), primary_key=True)
    helped_by: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    symbol: Mapped[str] = mapped_column(String(16))
