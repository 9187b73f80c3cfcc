"""Let many small writes that wait share one commit, so that one wait for the disk serves them all.

Each write is a step of its own inside the shared transaction: one that is refused or fails is taken back alone.
A write that failed is tried once more by itself, and so is each when the commit they shared did not come about.
Those that follow each other and are alike may be one step, of few statements: what that leaves goes one by one.
Nobody is told "done" before the commit. What is urgent goes first, and is never turned away: where it waits, a group
of others ends after the write that is under way, and commits what it has.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Store, step
from core.errors import Refusal

log = structlog.get_logger()

MOST_TOGETHER: Final = 16
"""So few that an urgent write which just missed a group waits for tens of milliseconds only."""
MOST_ALIKE: Final = 64
"""More of what is done together in few statements: they take no longer than a few that are done one by one."""
MOST_WAITING: Final = 500
TELL_EACH: Final = 1000
"""Of what is refused the log tells the first and then each thousandth: a flood must not fill the disk with lines."""

Given = TypeVar("Given")
Write = Callable[[AsyncSession], Awaitable[Any]]
WriteTogether = Callable[[AsyncSession, Sequence[Any]], Awaitable[Sequence[Any]]]
"""Writes what it is given in few statements; gives for each what its own write would give, None if it left it."""


class TooBusy(Refusal):
    """More is waiting to be written than can be written soon."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 60
    words = "Very many people write to me now. I did not get your words. Please try again in one minute."


@dataclass(frozen=True, slots=True)
class Alike:
    """What `together` is to be given for a write that can be done together with others."""

    together: WriteTogether
    given: Any

    def is_as(self, other: "Alike | None") -> bool:
        """Say whether both can be done together."""
        return other is not None and other.together is self.together


@dataclass(slots=True, eq=False)
class _Waiting:
    """A write and what its sender waits for; `is_alone` when it must be tried by itself."""

    write: Write
    done: "asyncio.Future[Any]"
    alike: Alike | None = None
    outcome: Any = None
    refusal: Refusal | None = None
    is_alone: bool = False

    def tell(self) -> None:
        """Say how it ended, if anybody still listens."""
        if self.done.done():
            return
        if self.refusal is not None:
            self.done.set_exception(self.refusal)
        else:
            self.done.set_result(self.outcome)


class GroupCommit:
    """What waits in front of one store; while a commit is under way, what arrives gathers for the next.

    Urgent writes have a lane of their own, so that nothing ordinary stands before them.
    """

    def __init__(
        self, store: Store, *, most_together: int = MOST_TOGETHER, most_waiting: int = MOST_WAITING
    ) -> None:
        self._store = store
        self._most_waiting = most_waiting
        self._urgent = _Lane(store, most_together)
        self._ordinary = _Lane(store, most_together, before=self._urgent)
        self._refused = 0

    async def write(
        self,
        write: Callable[[AsyncSession], Awaitable[Given]],
        *,
        is_urgent: bool,
        alike: Alike | None = None,
    ) -> Given:
        """Run a write with others that wait, and give what it gives once it is on the disk.

        Raises the Refusal that the write raised; TooBusy when too much waits and it is not urgent; and, when it
        fails by itself too, what made it fail. A write may be run twice: it must have no effect but on the store.
        """
        if not is_urgent:
            self.turn_away_if_full()
        waiting = _Waiting(write, asyncio.get_running_loop().create_future(), alike)
        (self._urgent if is_urgent else self._ordinary).add(waiting)
        given: Given = await waiting.done
        if not waiting.is_alone:
            return given
        async with self._store.write() as session:
            return await write(session)

    def turn_away_if_full(self) -> None:
        """Raise TooBusy when so much waits that a write which is not urgent would be turned away."""
        if len(self._ordinary.queue) < self._most_waiting:
            return
        if self._refused % TELL_EACH == 0:
            log.warning("writes_refused", count=self._refused + 1)
        self._refused += 1
        raise TooBusy


class _Lane:
    """Writes in the order in which they came, and the one task that works through them.

    The lane `before` this one goes first: while something waits there, no more joins a group here.
    """

    def __init__(self, store: Store, most_together: int, before: "_Lane | None" = None) -> None:
        self.queue: deque[_Waiting] = deque()
        self._store = store
        self._before = before
        self._most_together = most_together
        self._at_work: asyncio.Task[None] | None = None
        self._group_ended = asyncio.Event()

    @property
    def is_at_work(self) -> bool:
        """Say whether anything waits here, or is being written."""
        return self._at_work is not None

    def add(self, waiting: _Waiting) -> None:
        self.queue.append(waiting)
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())

    async def _work(self) -> None:
        try:
            while self.queue:
                if self._before is not None:
                    await self._before.let_pass()
                for waiting in await self._write_together():
                    waiting.tell()
                self._group_ended.set()
                self._group_ended = asyncio.Event()
                await asyncio.sleep(0)  # who waited for the end of our group goes before our next
        finally:
            self._at_work = None

    async def let_pass(self) -> None:
        """Wait until the group that is under way here, or about to be, has ended."""
        if self.is_at_work:
            await self._group_ended.wait()

    async def _write_together(self) -> list[_Waiting]:
        """Write what waits, up to a group or until something waits before us; give what was taken from the queue."""
        group: list[_Waiting] = []
        try:
            async with self._store.write() as session:
                while self.queue and len(group) < self._most_together and not (group and self._gives_way()):
                    group += await self._write_next(session)
                    await asyncio.sleep(0)  # let in what came: on SQLite a write waits for nothing else
        except Exception as error:  # noqa: BLE001 - whatever it was, each is tried alone and says its own error
            group = group or [self.queue.popleft() for _ in range(min(len(self.queue), self._most_together))]
            log.warning("group_broke_up", count=len(group), problem=type(error).__name__)
            for waiting in group:
                waiting.is_alone, waiting.refusal = True, None
        return group

    def _gives_way(self) -> bool:
        return self._before is not None and self._before.is_at_work

    async def _write_next(self, session: AsyncSession) -> list[_Waiting]:
        """Write the next, or the next that are alike; what these leave is first in the queue, to be done by itself."""
        run = [self.queue.popleft()]
        alike = run[0].alike
        if alike is None:
            await _take_step(session, run[0])
            return run
        while self.queue and len(run) < MOST_ALIKE and alike.is_as(self.queue[0].alike):
            run.append(self.queue.popleft())
        left = await _take_alike(session, alike.together, run)
        for waiting in left:
            waiting.alike = None
        self.queue.extendleft(reversed(left))
        return [waiting for waiting in run if waiting.alike is not None]


async def _take_alike(session: AsyncSession, together: WriteTogether, run: list[_Waiting]) -> list[_Waiting]:
    """Write what is alike as one step; give what is left to be done one by one, in its order."""
    try:
        async with step(session):
            outcomes = await together(session, [each.alike.given for each in run if each.alike])
    except Exception as error:  # noqa: BLE001 - each is tried one by one, where it says its own error
        log.warning("alike_taken_back", count=len(run), problem=type(error).__name__)
        return run
    for waiting, outcome in zip(run, outcomes, strict=True):
        waiting.outcome = outcome
    return [waiting for waiting in run if waiting.outcome is None]


async def _take_step(session: AsyncSession, waiting: _Waiting) -> None:
    """Run one write as a step that can be taken back without the others."""
    try:
        async with step(session):
            waiting.outcome = await waiting.write(session)
    except Refusal as refusal:
        waiting.refusal = refusal
    except Exception as error:  # noqa: BLE001 - tried alone, where it is raised if it fails again
        log.warning("step_taken_back", problem=type(error).__name__)
        waiting.is_alone = True
