"""Remember how each import and sync went, so that who keeps the directory sees it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.local_offer.open_referral import Problem
from core.local_offer.tables import ImportRun, Outcome

MOST_PROBLEMS = 500
"""So many are kept of one run; how many there were is kept too."""
KEPT_RUNS = 60


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records there were, and what became of them; `removed` vanished, `kept` stay as they were before."""

    total: int = 0
    taken: int = 0
    wrong: int = 0
    notes: int = 0
    new: int = 0
    changed: int = 0
    back: int = 0
    removed: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One import or sync: how it ended, why (`words`, empty when it switched), and what was wrong, by record.

    `validators` are what the feed named its pages by, to ask next time whether they have changed.
    """

    source: str
    ended_at: datetime
    outcome: Outcome
    words: str = ""
    counts: Counts = field(default_factory=Counts)
    wrong: Sequence[Problem] = ()
    notes: Sequence[Problem] = ()
    validators: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0


async def note_run(session: AsyncSession, run: Run) -> None:
    """Keep a run, and forget the oldest of its source."""
    wrong = [asdict(each) for each in run.wrong[:MOST_PROBLEMS]]
    notes = [asdict(each) for each in run.notes[:MOST_PROBLEMS]]
    row = ImportRun(
        source=run.source,
        ended_at=run.ended_at,
        outcome=run.outcome,
        words=run.words,
        counts=json.dumps(asdict(run.counts)),
        problems=json.dumps({"wrong": wrong, "notes": notes}),
        validators=json.dumps(run.validators),
    )
    session.add(row)
    await session.flush()
    await _forget_old(session, run.source)


async def newest_switch(session: AsyncSession) -> int:
    """Give the number of the newest run that changed what is found; 0 before the first."""
    asked = select(func.max(ImportRun.number)).where(ImportRun.outcome == Outcome.SWITCHED)
    return await session.scalar(asked) or 0


async def last_run(session: AsyncSession, source: str, *outcomes: Outcome) -> Run | None:
    """Give the newest run of a source, of these outcomes if any are named."""
    asked = select(ImportRun).where(ImportRun.source == source)
    if outcomes:
        asked = asked.where(ImportRun.outcome.in_(outcomes))
    row = await session.scalar(asked.order_by(ImportRun.number.desc()).limit(1))
    return _read(row) if row else None


async def last_runs(session: AsyncSession) -> list[Run]:
    """Give the newest run of each source, the newest first."""
    newest = select(func.max(ImportRun.number)).group_by(ImportRun.source)
    rows = await session.scalars(
        select(ImportRun).where(ImportRun.number.in_(newest)).order_by(ImportRun.number.desc())
    )
    return [_read(row) for row in rows]


async def _forget_old(session: AsyncSession, source: str) -> None:
    """Keep the newest runs, and the newest one that switched: the search looks at its number."""
    kept = select(ImportRun.number).where(ImportRun.source == source).order_by(ImportRun.number.desc())
    oldest = await session.scalar(kept.offset(KEPT_RUNS - 1).limit(1))
    if oldest is None:
        return
    switched = select(func.max(ImportRun.number)).where(
        ImportRun.source == source, ImportRun.outcome == Outcome.SWITCHED
    )
    last = await session.scalar(switched) or 0
    old = (ImportRun.source == source, ImportRun.number < oldest, ImportRun.number != last)
    await session.execute(delete(ImportRun).where(*old))


def _read(row: ImportRun) -> Run:
    problems = json.loads(row.problems)
    return Run(
        source=row.source,
        ended_at=row.ended_at,
        outcome=Outcome(row.outcome),
        words=row.words,
        counts=Counts(**json.loads(row.counts)),
        wrong=[Problem(**each) for each in problems["wrong"]],
        notes=[Problem(**each) for each in problems["notes"]],
        validators=json.loads(row.validators),
        number=row.number,
    )
