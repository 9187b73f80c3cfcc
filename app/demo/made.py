"""Tell what the demo made from what is real, so that the demo never mixes with real people, and can go again.

A message of the demo carries an id that no browser and no provider gives, written in the message's own
transaction: a demo that was killed half-way is told apart as well. A conversation in which nothing was said yet
has no message; the demo opens its own on the whole minute of a term that has closed. Views carry nothing of who
said them, so the file var/demo.json names the periods that were empty before the demo filled them, in which
database; a closed period gets no real views any more.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.stores import Stores
from core.conversation.tables import Author, Conversation, Message
from core.errors import Refusal
from core.ids import ConversationId, PeriodId
from core.settings import Profile, Settings
from core.summaries.tables import Release
from core.views.tables import HeldView

MARK = "demo:"
"""What the ids of the demo's messages begin with; a browser's begin with "web:", Twilio's with "SM"."""


class NoDemoInProduction(Refusal):
    """Invented people never stand beside real ones."""

    words = "The demo does not run in production. Use it on one machine to try the service."


class RealConversations(Refusal):
    """There are conversations, views or releases that the demo did not make."""

    words = "There are real conversations or views here. The demo runs only where there are none."


class DemoAlreadyPlayed(Refusal):
    """It was played, in whole or in part."""

    words = "The demo was played here before. Take it away first: haveyoursay demo --remove"


class AnotherDatabase(Refusal):
    """The file that names what the demo made is of another database."""

    words = "var/demo.json belongs to another database. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Played:
    """What var/demo.json holds: nothing of anybody, only which periods of which database the demo filled.

    `until` is the last day that it played.
    """

    periods: tuple[PeriodId, ...]
    until: date
    database: str

    def keep(self, settings: Settings) -> None:
        """Write the file, before anything is played."""
        said = {"periods": self.periods, "until": self.until.isoformat(), "database": self.database}
        _file(settings).write_text(json.dumps(said) + "\n", encoding="utf-8")


def read_played(settings: Settings) -> Played | None:
    """Read the file; None where no demo was begun. AnotherDatabase when it is of another one."""
    try:
        said = json.loads(_file(settings).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if said["database"] != database_of(settings):
        raise AnotherDatabase
    periods = tuple(PeriodId(each) for each in said["periods"])
    return Played(periods, date.fromisoformat(said["until"]), said["database"])


def forget_played(settings: Settings) -> None:
    """Take the file away, when nothing of the demo is left."""
    _file(settings).unlink(missing_ok=True)


def database_of(settings: Settings) -> str:
    """Name the two databases by a hash: their addresses may hold passwords."""
    both = f"{settings.service_database_url} {settings.views_database_url}"
    return hashlib.sha256(both.encode()).hexdigest()[:16]


def refuse_in_production(settings: Settings) -> None:
    """Raise NoDemoInProduction in the production profile."""
    if settings.hys_profile is Profile.PRODUCTION:
        raise NoDemoInProduction


async def refuse_unless_empty(stores: Stores, settings: Settings) -> None:
    """Raise DemoAlreadyPlayed or RealConversations unless there is nothing that anybody said."""
    played = read_played(settings)
    async with stores.service.read() as session:
        ours = len(await find_made(session, played))
        others = await _count(session, select(func.count()).select_from(Conversation)) - ours
    async with stores.views.read() as session:
        held = await _count_views(session, played.periods if played else ())
    if others or held.others:
        raise RealConversations
    if ours or held.ours:
        raise DemoAlreadyPlayed


async def find_made(session: AsyncSession, played: Played | None) -> list[ConversationId]:
    """Find the conversations that the demo made, those included in which it had said nothing yet."""
    heard = exists().where(Message.conversation_id == Conversation.id, Message.author == Author.YOU)
    marked = select(Message.conversation_id).where(Message.external_id.startswith(MARK)).distinct()
    silent = await session.execute(select(Conversation.id, Conversation.started_at).where(~heard))
    opened = [each for each, started_at in silent if played and is_demo_time(started_at, played)]
    return [ConversationId(each) for each in (*(await session.scalars(marked)), *opened)]


def is_demo_time(moment: datetime, played: Played) -> bool:
    """Say whether the demo played then: on a whole minute, which no clock shows by chance, of a term it filled."""
    return moment.date() <= played.until and moment.second == 0 and moment.microsecond == 0


@dataclass(frozen=True, slots=True)
class _Held:
    ours: int
    others: int


async def _count_views(session: AsyncSession, periods: Sequence[PeriodId]) -> _Held:
    """Count views and releases inside and outside of these periods."""
    ours = every = 0
    for table in (HeldView, Release):
        counted = select(func.count()).select_from(table)
        ours += await _count(session, counted.where(table.period.in_(periods)))
        every += await _count(session, counted)
    return _Held(ours, every - ours)


async def _count(session: AsyncSession, counted: Select[int]) -> int:
    return await session.scalar(counted) or 0


def _file(settings: Settings) -> Path:
    return settings.var / "demo.json"
