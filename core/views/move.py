"""Move views to where nobody knows who said them: `haveyoursay views move`.

There are two stores and no transaction over both, so a move writes first and takes away afterwards:

1. read what waits, and choose a batch (`batches`);
2. write the whole batch to the views store, in one transaction and in random order;
3. take what was written away from the waiting rows, in one transaction of the service store.

A crash between 2 and 3 leaves views in both. The next move writes them again, and changes nothing: the id of
a row is made from the conversation's sealed tag and the view's slot, so the same view is the same row, and a
view said anew, or taken back, in between wins over the one before. Step 3 takes an entry away only if it
still carries the mark it was read with, so what was said during the move stays and waits for the next.
Only one move may run at a time: who calls it holds the lease.
"""

import asyncio
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from random import Random
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.area_file import Period
from core.clock import Clock
from core.database import Store
from core.failpoint import Failpoint, pass_by
from core.ids import ConversationId, PeriodId
from core.sealing import Keyring
from core.views.batches import BatchRules, Candidate, Leaving, choose_batch, choose_last_batch
from core.views.held import Batch, make_batch, write_batch
from core.views.tables import ConversationTag, WaitingViews
from core.views.themes import Themes
from core.views.waiting import Waiting, open_tag, open_waiting, seal_waiting

log = structlog.get_logger()
AT_ONCE = 200


class ConversationKeys(Protocol):
    """Gives the keys of conversations; one whose key was erased is not in the answer."""

    async def __call__(
        self, session: AsyncSession, conversations: Sequence[ConversationId]
    ) -> Mapping[ConversationId, bytes]:
        """Look the keys up in the service store."""
        ...


class OpenConcerns(Protocol):
    """Tells which of some conversations have a concern that is open."""

    async def __call__(
        self, session: AsyncSession, conversations: Sequence[ConversationId]
    ) -> AbstractSet[ConversationId]:
        """Look them up in the service store."""
        ...


@dataclass(frozen=True, slots=True)
class Mover:
    """Both stores and all that a move needs; `seals` is the keyring of the views store."""

    service: Store
    views: Store
    keys: ConversationKeys
    concerns: OpenConcerns
    seals: Keyring
    themes: Themes
    periods: Sequence[Period]
    rules: BatchRules


@dataclass(frozen=True, slots=True)
class Moved:
    """How much was moved."""

    conversations: int
    views: int


async def move_views(mover: Mover, *, clock: Clock, rng: Random) -> Moved:
    """Move one batch for each period that has one; of a closed period, everything."""
    moved = Moved(0, 0)
    waiting = await read_waiting(mover)
    for period in sorted(waiting):
        leaving = _choose(mover, period, waiting[period], clock=clock, rng=rng)
        batch = await asyncio.to_thread(make_batch, leaving, period, seals=mover.seals, themes=mover.themes)
        await write_batch(mover.views, batch, rng=rng)
        _pass_by(leaving, Failpoint.MOVE_WRITTEN)
        await take_away(mover, leaving)
        _pass_by(leaving, Failpoint.MOVE_COMMITTED)
        moved = Moved(moved.conversations + _people(leaving), moved.views + _views(batch))
        log.info("views_moved", period=period, conversations=_people(leaving))
    return moved


def _choose(
    mover: Mover, period: PeriodId, waiting: Sequence[Candidate], *, clock: Clock, rng: Random
) -> list[Leaving]:
    today = clock().date()
    if any(each.id == period and each.to < today for each in mover.periods):
        return choose_last_batch(waiting, mover.rules)
    return choose_batch(waiting, mover.rules, rng)


def _pass_by(leaving: Sequence[Leaving], point: Failpoint) -> None:
    if leaving:
        pass_by(point)


def _people(leaving: Sequence[Leaving]) -> int:
    return sum(bool(each.entries) for each in leaving)


def _views(batch: Batch) -> int:
    return sum(row["read_from"] is None for row in batch.rows)


async def read_waiting(mover: Mover) -> dict[PeriodId, list[Candidate]]:
    """Open what waits in every conversation, by period; conversations without a key are past reading."""
    found: dict[PeriodId, list[Candidate]] = {}
    async with mover.service.read() as session:
        ids = [ConversationId(each) for each in await session.scalars(select(WaitingViews.conversation_id))]
        for start in range(0, len(ids), AT_ONCE):
            for candidate in await _open_some(mover, session, ids[start : start + AT_ONCE]):
                found.setdefault(candidate.entries[0].period, []).append(candidate)
    return found


async def _open_some(mover: Mover, session: AsyncSession, ids: Sequence[ConversationId]) -> list[Candidate]:
    keys = await mover.keys(session, ids)
    unsafe = await mover.concerns(session, ids)
    rows = await session.scalars(select(WaitingViews).where(WaitingViews.conversation_id.in_(ids)))
    tags = await session.scalars(select(ConversationTag).where(ConversationTag.conversation_id.in_(ids)))
    sealed_tags = {(tag.conversation_id, tag.period): tag.sealed for tag in tags}
    opened: list[Candidate] = []
    for row in rows:
        conversation = ConversationId(row.conversation_id)
        if (key := keys.get(conversation)) is None:
            continue
        waiting = open_waiting(row.sealed, key, conversation)
        for period in dict.fromkeys(entry.period for entry in waiting.entries):
            if (sealed := sealed_tags.get((conversation, period))) is None:
                continue
            tag = open_tag(sealed, key, conversation=conversation, period=period)
            entries = tuple(entry for entry in waiting.entries if entry.period == period)
            opened.append(Candidate(conversation, tag, waiting.profile, entries, conversation in unsafe))
    return opened


async def take_away(mover: Mover, leaving: Sequence[Leaving]) -> None:
    """Take moved and dropped entries away from the rows that wait, if they are still as they were read."""
    marks = {
        each.conversation: frozenset(entry.mark for entry in (*each.entries, *each.dropped))
        for each in leaving
    }
    if not marks:
        return
    async with mover.service.write() as session:
        everyone = list(marks)
        for start in range(0, len(everyone), AT_ONCE):
            some = everyone[start : start + AT_ONCE]
            keys = await mover.keys(session, some)
            for conversation in some:
                row = await session.get(WaitingViews, conversation, with_for_update=True)
                if row is not None and conversation in keys:
                    left = open_waiting(row.sealed, keys[conversation], conversation).without(
                        marks[conversation]
                    )
                    await _keep(session, row, left, key=keys[conversation])
        await session.flush()
        pass_by(Failpoint.MOVE_TAKEN_AWAY)


async def _keep(session: AsyncSession, row: WaitingViews, left: Waiting, *, key: bytes) -> None:
    if left.entries:
        row.sealed = seal_waiting(left, key, ConversationId(row.conversation_id))
    else:
        await session.delete(row)
