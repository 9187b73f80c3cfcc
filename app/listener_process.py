"""The second listener in a process of its own, where listening holds up nothing else: start, ask, restart, end it.

It answers in the order in which it is asked. When it dies, its successor is asked again what it had not answered. While
there is none, nothing is heard, and the service goes on as it does without a second listener.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog

from core.safeguarding.phrases import Level
from core.settings import HERE

log = structlog.get_logger()

MODULE: Final = ("-m", "app.listening")
SECONDS_TO_HEAR: Final = 5.0
"""Longer than a new one takes to start, and shorter than a bot is waited for."""
SECONDS_TO_STOP: Final = 5.0
MOST_DEATHS: Final = 2
"""Words on which it died twice are not given to a third."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0


class ListenerAway(Exception):
    """It is not there, or did not answer in time."""


class ListenerFailed(Exception):
    """It could not hear these words; the name of what went wrong."""


@dataclass(slots=True, eq=False)
class _Asked:
    """A message to be heard, as a line, and who waits for what is heard in it."""

    line: bytes
    heard: "asyncio.Future[Level | None]"
    deaths: int = 0


class ListenerProcess:
    """Owns one process at a time and asks it: the FarEar of core.safeguarding."""

    def __init__(self, folders: Sequence[str], *, module: Sequence[str] = MODULE) -> None:
        self._command = (sys.executable, *module, *folders)
        self._process: Process | None = None
        self._asked: deque[_Asked] = deque()
        self._keeping: asyncio.Task[None] | None = None
        self._is_away = False

    @property
    def pid(self) -> int | None:
        """The process id while it can hear."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start it, wait until it can hear, and keep it running; ListenerAway says why it can't be."""
        await self._launch()
        self._keeping = asyncio.create_task(self._keep_running())

    async def hear(self, text: str) -> Level | None:
        """Say which level it hears; raises ListenerAway and ListenerFailed."""
        if self._is_away:
            raise ListenerAway
        asked = _Asked(json.dumps(text).encode() + b"\n", asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        self._ask(asked)
        try:
            async with asyncio.timeout(SECONDS_TO_HEAR):
                return await asked.heard
        except TimeoutError:
            raise ListenerAway from None

    async def stop(self) -> None:
        """End it for good: it ends when nothing more can come, else for sure."""
        process, self._process, self._is_away = self._process, None, True
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if process is not None:
            await _end(process)

    async def _launch(self) -> None:
        """Start one, and ask it what waits as soon as it can hear; raises ListenerAway."""
        # It needs nothing of our environment, in which there are secrets.
        process = await asyncio.create_subprocess_exec(
            *self._command, cwd=HERE, env={}, stdin=PIPE, stdout=PIPE
        )
        try:
            said = await _read(process) or {"missing": "it ended while it started"}
        except asyncio.CancelledError:
            await _end(process)
            raise
        if "missing" in said:
            await _end(process)
            raise ListenerAway(said["missing"])
        self._process, self._is_away = process, False
        waiting, self._asked = self._asked, deque()
        for asked in waiting:
            self._ask_again(asked)

    async def _keep_running(self) -> None:
        """Take what it answers; whenever it dies, start another, each time after a longer pause."""
        pause = FIRST_PAUSE
        while True:
            if self._process is not None and await self._take_answers(self._process):
                pause = FIRST_PAUSE
            log.warning("second_listener_died", pause_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                await self._launch()
            except (ListenerAway, OSError):
                self._go_away()

    async def _take_answers(self, process: Process) -> bool:
        """Hand on each answer to who asked first, until it dies; say if there was one."""
        has_answered = False
        while (said := await _read(process)) is not None:
            has_answered = True
            _answer(self._asked.popleft(), said)
        self._process = None
        if self._asked:
            self._asked[0].deaths += 1  # it was hearing these words when it died
        await _end(process)
        return has_answered

    def _ask(self, asked: _Asked) -> None:
        """Write it where it is read, if anybody reads: else it waits for who comes next."""
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError, RuntimeError):  # it is dying now
            self._process.stdin.write(asked.line)

    def _ask_again(self, asked: _Asked) -> None:
        if asked.heard.done():
            return
        if asked.deaths >= MOST_DEATHS:
            asked.heard.set_exception(ListenerAway())
            return
        self._asked.append(asked)
        self._ask(asked)

    def _go_away(self) -> None:
        """Let nobody wait for what can't be started; it is tried again."""
        self._is_away = True
        while self._asked:
            asked = self._asked.popleft()
            if not asked.heard.done():
                asked.heard.set_exception(ListenerAway())


async def _read(process: Process) -> dict[str, Any] | None:
    """Give the next line that it says; None when it has ended, or says what we don't know."""
    line = await process.stdout.readline() if process.stdout else b""
    with suppress(ValueError):
        said = json.loads(line)
        return said if isinstance(said, dict) else None
    return None


def _answer(asked: _Asked, said: dict[str, Any]) -> None:
    if asked.heard.done():
        return
    if "failed" in said:
        asked.heard.set_exception(ListenerFailed(said["failed"]))
    else:
        asked.heard.set_result(None if said["heard"] is None else Level(said["heard"]))


async def _end(process: Process) -> None:
    """Let it end by itself, as it does when nothing more can come; kill one that does not."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), SECONDS_TO_STOP)
    except TimeoutError:
        process.kill()
        await process.wait()
