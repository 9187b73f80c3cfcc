"""Join what was imported to the directory that is kept by hand, which wins wherever both have a service."""

import json
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.local_offer.directory import Directory, Entry, ServiceId
from core.local_offer.open_referral import Problem, RecordNotReadable, read_service
from core.local_offer.tables import ImportedService
from core.local_offer.taking_in import Known, imported_entry

Row = tuple[str, str]
"""A source and a record as it was kept."""


async def read_imported(session: AsyncSession) -> list[Row]:
    """Read every imported service that its source still has; files come before feeds, and so win over them."""
    asked = (
        select(ImportedService.source, ImportedService.record)
        .where(ImportedService.removed_at.is_(None))
        .order_by(ImportedService.source, ImportedService.service)
    )
    return [(source, record) for source, record in await session.execute(asked)]


def join(by_hand: Directory, rows: Iterable[Row], known: Known) -> tuple[Directory, tuple[Problem, ...]]:
    """Make one directory; a record that can no longer be used (words.yml has changed) is left out and named."""
    entries: dict[ServiceId, Entry] = dict(by_hand.entries)
    problems: list[Problem] = []
    for source, record in rows:
        try:
            service = read_service(json.loads(record), place=source)
            entry = imported_entry(service, known, source=source.removeprefix("file:"))
        except RecordNotReadable as error:
            problems.extend(error.problems)
            continue
        if service.status == "active" and entry.id not in by_hand.closed:
            entries.setdefault(entry.id, entry)
    return Directory(entries, by_hand.words, by_hand.closed), tuple(problems)
