"""Kill the service under load, life after life, and then look whether anything is missing or there twice."""

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

from app.rasa_process import free_port
from core.database import open_store
from core.failpoint import Failpoint
from core.kept_keys import with_kept_keys
from core.keys import service_keys
from core.settings import HERE, Settings
from tests.crash.check import Found, check, is_quiet
from tests.crash.far_side import FarSide, far_side
from tests.crash.young_people import Crowd

AT_ONCE = 6
SECONDS_TO_BE_READY = 60
SECONDS_TO_REACH = 6.0
SECONDS_TO_BE_QUIET = 240
LEASES_ARE_OVER = 61
MOVE_LEASE_IS_OVER = 31 * 60
ENOUGH_TO_MOVE = 170
"""So many people must be new before a batch leaves: 100 who may, of whom a third stay, and those in danger stay too."""
MOVES = (Failpoint.MOVE_WRITTEN, Failpoint.MOVE_TAKEN_AWAY, Failpoint.MOVE_COMMITTED)
KILLED = -signal.SIGKILL


@dataclass
class Toll:
    """How often the service was killed, by where: the number of a failpoint, or 0 for at random."""

    kills: "Counter[int]" = field(default_factory=Counter)
    found: Found = field(default_factory=Found)


class Lives:
    """The service's lives, one after the other; each clock begins after the leases of the one before."""

    def __init__(self, process: asyncio.subprocess.Process, settings: dict[str, Any]) -> None:
        self._process = process
        self._settings = settings
        self._clock_is_on = 0
        self._pid = 0
        self._ended: asyncio.Task[int] | None = None

    @property
    def url(self) -> str:
        return str(self._settings["public_url"])

    async def begin(self, failpoint: str = "", *, later: int = LEASES_ARE_OVER) -> None:
        """Start the service; it may be killed before it is ready."""
        self._clock_is_on += later
        order = {"settings": {**self._settings, "hys_failpoint": failpoint}, "clock_is_on": self._clock_is_on}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._pid = await self.hear("pid")
        self._ended = asyncio.create_task(self.hear("ended"))
        async with asyncio.timeout(SECONDS_TO_BE_READY), httpx.AsyncClient(trust_env=False) as network:
            while not self._ended.done():
                try:
                    if (await network.get(f"{self.url}/healthz")).is_success:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.02)

    async def died_within(self, seconds: float) -> bool:
        """Say whether it died by its failpoint within so many seconds."""
        assert self._ended
        done, _ = await asyncio.wait({self._ended}, timeout=seconds)
        return bool(done) and self._ended.result() == KILLED

    async def kill(self) -> None:
        """Kill it from outside, as the system does when memory runs out."""
        assert self._ended
        if not self._ended.done():
            os.kill(self._pid, signal.SIGKILL)
        if await self._ended != KILLED:
            raise RuntimeError("The service ended by itself: that is a fault of its own.")

    async def hear(self, what: str) -> int:
        """Give what is said next by what starts the lives: that it is ready, an id, or how a life ended."""
        assert self._process.stdout
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("The service could not be started.")
        return int(json.loads(line)[what])


@asynccontextmanager
async def lives_of(settings: dict[str, Any], home: Path) -> AsyncIterator[Lives]:
    """Start what starts the lives; its log is in the same folder."""
    with (home / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.service"),
            cwd=HERE,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        lives = Lives(process, settings)
        await lives.hear("ready")
        try:
            yield lives
        finally:
            assert process.stdin
            process.stdin.close()
            await process.wait()


def plan(times: int) -> list[int]:
    """Say where to die: two of three times at the failpoints in turn, one of three at random (0)."""
    points = cycle([int(point) for point in Failpoint if point not in MOVES])
    return [0 if number % 3 == 2 else next(points) for number in range(times)]


async def kill_and_check(
    home: Path, points: Sequence[int], *, moves: int = 0, urls: tuple[str, str] | None = None, seed: int = 1
) -> Toll:
    """Kill at each of these points on the way of messages, and `moves` times while views move.

    Runs on SQLite without `urls`. Before each point a life is killed at random as well.
    """
    port, rng = free_port(), random.Random(seed)
    url, toll = f"http://127.0.0.1:{port}", Toll()
    async with far_side(url) as far:
        settings = settings_of(home, port, far, urls)
        async with lives_of(settings, home) as lives:
            crowd = Crowd(url, far.twilio.account, rng)
            await lives.begin()
            writing = asyncio.create_task(crowd.write(AT_ONCE))
            await _kill_messages(lives, points, rng, toll)
            await _kill_moves(lives, crowd, moves, toll)
            crowd.is_over = True
            await writing
            toll.found = await _look(lives, settings, crowd, far)
    return toll


def settings_of(home: Path, port: int, far: FarSide, urls: tuple[str, str] | None) -> dict[str, Any]:
    """Give the settings of the service that is killed."""
    account = far.twilio.account
    names = ("service_database_url", "views_database_url")
    return {
        **(dict(zip(names, urls, strict=True)) if urls else {}),
        "port": port,
        "public_url": account.public_url,
        "hys_home": str(home),
        "hys_secret": "only for tests",
        "hys_rate_limits": "off",
        "rasa_url": "http://127.0.0.1:9",
        "twilio_account_sid": account.sid,
        "twilio_auth_token": account.token,
        "twilio_number": account.number,
        "twilio_api_base": far.twilio_url,
        "smtp_url": f"smtp://127.0.0.1:{far.mail_port}/?from=alerts@council.example",
    }


async def _kill_messages(lives: Lives, points: Sequence[int], rng: random.Random, toll: Toll) -> None:
    for point in points:
        if point == 0:
            await asyncio.sleep(rng.uniform(0.05, 1.0))
            await lives.kill()
            toll.kills[0] += 1
            await lives.begin()
            continue
        await lives.kill()
        toll.kills[0] += 1
        await lives.begin(f"{point}:{rng.randint(1, 3) if point < Failpoint.ALERT_CLAIMED else 1}")
        await _die_at(lives, point, toll)
        await lives.begin()


async def _kill_moves(lives: Lives, crowd: Crowd, moves: int, toll: Toll) -> None:
    """Views move when a life begins and enough new people have written."""
    for _, point in zip(range(moves), cycle(MOVES), strict=False):
        enough = len(crowd.people) + ENOUGH_TO_MOVE
        while len(crowd.people) < enough:  # noqa: ASYNC110 - they write in tasks of their own
            await asyncio.sleep(0.1)
        await lives.kill()
        toll.kills[0] += 1
        await lives.begin(str(int(point)), later=MOVE_LEASE_IS_OVER)
        await _die_at(lives, point, toll)
        await lives.begin(later=MOVE_LEASE_IS_OVER)


async def _die_at(lives: Lives, point: int, toll: Toll) -> None:
    """Let it die at its failpoint; where that was not passed in time, it is killed at random instead."""
    died = await lives.died_within(SECONDS_TO_REACH)
    if not died:
        await lives.kill()
    toll.kills[int(point) if died else 0] += 1


async def _look(lives: Lives, settings: dict[str, Any], crowd: Crowd, far: FarSide) -> Found:
    """Let the last life finish what waits, and look at both stores."""
    read = Settings(_env_file=None, **settings)
    service, views = open_store(read.service_database_url), open_store(read.views_database_url)
    await lives.kill()
    await lives.begin(later=MOVE_LEASE_IS_OVER)
    try:
        async with asyncio.timeout(SECONDS_TO_BE_QUIET):
            while not await is_quiet(service):  # noqa: ASYNC110 - another process works
                await asyncio.sleep(0.2)
        await lives.kill()
        keys = await with_kept_keys(service, service_keys(read))
        return await check(service, views, keys, crowd.people, far)
    finally:
        await service.close()
        await views.close()
