"""Let look-ups that wait share one statement, so that a flood of them takes one connection, and not all.

While one is under way, what is asked gathers for the next: so nobody gets what was read before they asked. Each
gets a row of its own or None, and nothing is kept of what was read.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select

from core.database import Store

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]

MOST_TOGETHER: Final = 64
"""So few that what all askers of a group then do with their rows holds up others for milliseconds only."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asker:
    """Who waits for the row of one of these names; of all that waits with them this is the least."""

    wanted: AnySelect
    names: tuple[str | bytes, ...]
    answer: "asyncio.Future[AnyRow | None]"


class GroupRead:
    """What is asked of one store, and the one task that works through it, one glance at a time."""

    def __init__(self, store: Store, *, most_together: int = MOST_TOGETHER) -> None:
        self._store = store
        self._most_together = most_together
        self._waiting: deque[_Asker] = deque()
        self._at_work: asyncio.Task[None] | None = None

    async def find(self, wanted: AnySelect, *names: str | bytes) -> AnyRow | None:
        """Give the row of the first of these names that has one; None if none has. Raises what the glance raised.

        `wanted` gives few rows for each name of its parameter `names`, by an index, and the name in its first
        column; the last row of a name counts.
        """
        asker = _Asker(wanted, names, asyncio.get_running_loop().create_future())
        self._waiting.append(asker)
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        return await asker.answer

    async def _work(self) -> None:
        try:
            while self._waiting:
                group = self._take_group()
                for wanted in dict.fromkeys(asker.wanted for asker in group):
                    await self._read(wanted, [asker for asker in group if asker.wanted is wanted])
                await asyncio.sleep(0)  # let in what came: on SQLite a glance waits for nothing
        finally:
            self._at_work = None

    def _take_group(self) -> list[_Asker]:
        """Take who is next out of the queue, without those who left."""
        some = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most_together))]
        return [asker for asker in some if not asker.answer.done()]

    async def _read(self, wanted: AnySelect, askers: Sequence[_Asker]) -> None:
        """Ask once for all of them, and tell each its own."""
        names = {name for asker in askers for name in asker.names}
        try:
            rows = {row[0]: row for row in await self._store.glance(wanted, names=list(names))}
        except Exception as error:  # noqa: BLE001 - each asker raises it
            for asker in askers:
                if not asker.answer.done():
                    asker.answer.set_exception(error)
            return
        for asker in askers:
            if not asker.answer.done():
                asker.answer.set_result(next((rows[name] for name in asker.names if name in rows), None))
