"""The second listener in a process of its own, where listening holds up nothing else: start, ask, restart, end it.

Each question has a number, and its answer the same. When it dies, is silent on what it was asked, or says what answers
no question, it is ended, and its successor is asked again what had not been answered. While there is none, nothing is
heard, and the service goes on as it does without a second listener.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import structlog

from app.listener_questions import ListenerAway, Questions
from core.safeguarding.phrases import Level
from core.settings import HERE

log = structlog.get_logger()

MODULE: Final = ("-m", "app.listening")
SECONDS_TO_START: Final = 30.0
SECONDS_TO_HEAR: Final = 5.0
"""Longer than a new one takes to start, and shorter than a bot is waited for."""
SECONDS_OF_SILENCE: Final = 3.0
"""The longest text takes it less than one; after a silence so long, another can still answer in time."""
SECONDS_TO_STOP: Final = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
LONGEST_PAUSE_TO_WAIT: Final = 1.0
"""Through a longer pause nobody waits: they would wait in vain."""


class FilesMissing(Exception):
    """It has not the files to hear with; the words say what to do."""


class ListenerProcess:
    """Owns one process at a time and asks it: the FarEar of core.safeguarding."""

    def __init__(
        self,
        folders: Sequence[str],
        *,
        module: Sequence[str] = MODULE,
        seconds_to_start: float = SECONDS_TO_START,
        seconds_of_silence: float = SECONDS_OF_SILENCE,
    ) -> None:
        self._command = (sys.executable, *module, *folders)
        self._to_start, self._of_silence = seconds_to_start, seconds_of_silence
        self._process: Process | None = None
        self._questions = Questions()
        self._alarm: asyncio.TimerHandle | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._is_away = False

    @property
    def pid(self) -> int | None:
        """The process id while it can hear."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start it, wait until it can hear, and keep it running; raises FilesMissing.

        Where it does not start for another reason it is away, and is tried again beside the service.
        """
        await self._try_to_launch()
        self._keeping = asyncio.create_task(self._keep_running())

    async def hear(self, text: str, *, can_wait: bool = False) -> Level | None:
        """Say which level it hears; raises ListenerAway and ListenerFailed. What can wait lets others go first."""
        if self._is_away:
            raise ListenerAway
        question = self._questions.add(text, can_wait=can_wait)
        self._write_more()
        try:
            async with asyncio.timeout(SECONDS_TO_HEAR):
                return await question.heard
        except TimeoutError:
            raise ListenerAway from None

    async def stop(self) -> None:
        """End it for good: it ends when nothing more can come, else for sure."""
        process, self._process = self._process, None
        self._go_away()
        self._trust_it()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if process is not None:
            await _end(process)

    async def _keep_running(self) -> None:
        """Take what it answers; whenever it ends, start another, each time after a longer pause."""
        pause = FIRST_PAUSE
        while True:
            if self._process is not None and await self._take_answers(self._process):
                pause = FIRST_PAUSE
            log.warning("second_listener_died", pause_seconds=pause)
            if pause > LONGEST_PAUSE_TO_WAIT:
                self._go_away()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            with suppress(FilesMissing):  # it has said so, and they may come back
                await self._try_to_launch()

    async def _try_to_launch(self) -> None:
        """Start one; whatever keeps it from starting, the service goes on without. Raises FilesMissing."""
        try:
            await self._launch()
        except Exception as error:
            self._go_away()
            if isinstance(error, FilesMissing):
                raise
            log.error("second_listener_not_started", problem=type(error).__name__)  # noqa: TRY400 - it is tried again

    async def _launch(self) -> None:
        """Start one, and ask it what waits as soon as it can hear; raises whatever is wrong."""
        # It needs nothing of our environment, in which there are secrets.
        process = await asyncio.create_subprocess_exec(
            *self._command, cwd=HERE, env={}, stdin=PIPE, stdout=PIPE
        )
        try:
            async with asyncio.timeout(self._to_start):
                _check_ready(await _read_line(process))
        except BaseException:
            await _kill(process)
            raise
        self._process, self._is_away = process, False
        self._write_more()

    async def _take_answers(self, process: Process) -> bool:
        """Hand on each answer until it ends or can't be trusted; say if all of them were good, and there was one."""
        is_good = False
        try:
            while (line := await _read_line(process)).endswith(b"\n"):
                self._questions.answer(line)
                is_good = True
                self._trust_it()
                self._write_more()
        except Exception as error:  # noqa: BLE001 - whatever it is, another one is started
            log.error("second_listener_mistrusted", problem=type(error).__name__)  # noqa: TRY400 - words may stand in a trace
            is_good = False
        self._process = None
        self._trust_it()
        self._questions.take_back()
        await _kill(process)
        return is_good

    def _write_more(self) -> None:
        """Ask what may be asked now, if anybody reads: else it waits for who comes next."""
        process = self._process
        if process is None or process.stdin is None:
            return
        while (question := self._questions.take_next()) is not None:
            with suppress(OSError, RuntimeError):  # it is dying now
                process.stdin.write(question.line)
        if self._alarm is None and self._questions.is_asked:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(self._of_silence, self._end_silence, process)

    def _trust_it(self) -> None:
        """Begin anew to wait for an answer."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _end_silence(self, process: Process) -> None:
        """End one that hangs; what it was asked is asked again as after any death."""
        log.error("second_listener_timed_out", seconds=self._of_silence)
        with suppress(ProcessLookupError):
            process.kill()

    def _go_away(self) -> None:
        """Let nobody wait for what can't be started; it is tried again."""
        self._is_away = True
        self._questions.give_up()


async def _read_line(process: Process) -> bytes:
    return await process.stdout.readline() if process.stdout else b""


def _check_ready(line: bytes) -> None:
    """Take the first line that it says; raises FilesMissing, ListenerAway."""
    said = json.loads(line or b"null")
    if isinstance(said, dict) and "missing" in said:
        raise FilesMissing(said["missing"])
    if said != {"ready": True}:
        raise ListenerAway


async def _end(process: Process) -> None:
    """Let it end by itself, as it does when nothing more can come; kill one that does not."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), SECONDS_TO_STOP)
    except TimeoutError:
        await _kill(process)


async def _kill(process: Process) -> None:
    """End one that is dead, or that nobody can wait for."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()
