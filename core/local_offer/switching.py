"""Switch a source's services to what it holds now: all in one transaction, and nothing is ever deleted."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import insert_new
from core.errors import Refusal
from core.local_offer.directory import ServiceId
from core.local_offer.open_referral import Service
from core.local_offer.plain import printable
from core.local_offer.tables import ImportedService
from core.local_offer.taking_in import Taken

AT_ONCE = 200
LONGEST_NAME = 300


class TooFewLeft(Refusal):
    """The source holds under half of what it held before: more likely a mistake than the truth."""


class NothingToTake(Refusal):
    """There is no record that can be used."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a switch does, by service; `back` were removed before. `kept` were wrong this time and stay as they were."""

    new: Mapping[ServiceId, Service]
    changed: Mapping[ServiceId, Service]
    back: Mapping[ServiceId, Service]
    removed: Mapping[ServiceId, str]
    kept: int
    same: int
    before: int

    @property
    def any(self) -> bool:
        """Whether a switch would change anything."""
        return bool(self.new or self.changed or self.back or self.removed)

    @property
    def after(self) -> int:
        """How many services of this source are there afterwards."""
        return self.before + len(self.new) + len(self.back) - len(self.removed)


async def compare(session: AsyncSession, source: str, taken: Taken) -> Changes:
    """Say what a switch would do; it changes nothing."""
    held = {
        ServiceId(row.service): row
        for row in await session.scalars(select(ImportedService).where(ImportedService.source == source))
    }
    here = {name: row for name, row in held.items() if row.removed_at is None}
    differ = {
        name: one for name, one in taken.services.items() if name in here and here[name].record != write(one)
    }
    return Changes(
        new={name: one for name, one in taken.services.items() if name not in held},
        changed=differ,
        back={name: one for name, one in taken.services.items() if name in held and name not in here},
        removed={name: row.name for name, row in here.items() if name not in taken.seen},
        kept=sum(name in taken.seen and name not in taken.services for name in here),
        same=sum(name in taken.services for name in here) - len(differ),
        before=len(here),
    )


def refuse_if_too_few(changes: Changes, taken: Taken) -> None:
    """Refuse a switch that would lose most of what was there: TooFewLeft, NothingToTake."""
    if changes.before == 0 and not taken.services:
        raise NothingToTake("There is no service in it that can be used. Nothing was changed.")
    if changes.after * 2 < changes.before:
        raise TooFewLeft(
            f"It holds {changes.after:,} services where there were {changes.before:,}. Nothing was changed. "
            "If that is right, do it again with --yes."
        )


async def switch(session: AsyncSession, source: str, changes: Changes, now: datetime) -> None:
    """Write new and changed services, and mark those that have vanished."""
    rows = [_row(source, name, one, now) for name, one in changes.new.items()]
    for some in _in_parts(rows):
        await insert_new(session, ImportedService, some)
    changed = {**changes.changed, **changes.back}
    for name, one in changed.items():
        values = {"name": _name(one), "record": write(one), "changed_at": now, "removed_at": None}
        await session.execute(update(ImportedService).where(*_is(source, name)).values(**values))
    for name in changes.removed:
        await session.execute(update(ImportedService).where(*_is(source, name)).values(removed_at=now))


@dataclass(frozen=True, slots=True)
class Removed:
    """A service that its source holds no more."""

    name: str
    source: str
    removed_at: datetime


async def list_removed(session: AsyncSession) -> list[Removed]:
    """List what has vanished from its source, the last first."""
    gone = select(ImportedService).where(ImportedService.removed_at.is_not(None))
    rows = await session.scalars(gone.order_by(ImportedService.removed_at.desc(), ImportedService.name))
    return [Removed(row.name, row.source, row.removed_at) for row in rows if row.removed_at]


def write(service: Service) -> str:
    """Write a service as JSON that any database can hold; equal services are written alike."""
    return json.dumps(
        service.model_dump(mode="json", exclude_unset=True), sort_keys=True, separators=(",", ":")
    )


def _row(source: str, name: ServiceId, service: Service, now: datetime) -> dict[str, Any]:
    return {
        "source": source,
        "service": name,
        "name": _name(service),
        "record": write(service),
        "first_at": now,
        "changed_at": now,
        "removed_at": None,
    }


def _name(service: Service) -> str:
    return printable(service.name)[:LONGEST_NAME]


def _is(source: str, service: ServiceId) -> Sequence[Any]:
    return ImportedService.source == source, ImportedService.service == service


def _in_parts(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
