"""Rows 1 and 2 of the benchmarks: a full turn with us, against "hello" to plain Rasa, one after the other.

A full turn is: the message is posted, screened, on the disk, answered by Rasa and our actions, the answer is on
the disk, and the reply has come over HTTP. Plain Rasa does none of that but the understanding and the answer.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import aiohttp

from core.database import open_store
from tests.bench.rows import Row, Spread

ROUNDS = 5
TURNS_A_ROUND = 30
AT_ONCE = 32
TURNS_EACH = 4
DURABLE = 2
"""What SQLite calls synchronous=FULL."""

TAP = "(tap)"
SAID: Sequence[str] = (
    "i want to tell you what i think",
    TAP,
    "gud",
    "my teachers dont listen to me when the work is too hard",
    "what does EHCP mean",
    TAP,
    "go back",
    "sumtimes",
    "the corridors r too loud n busy",
    "can you say that again",
)
"""What is said, round and round: the first answer that is offered is tapped, the rest is typed."""


@dataclass
class OurTalk:
    """One conversation with our service, over HTTP as a script does it."""

    http: aiohttp.ClientSession
    path: str
    said: int
    choice: str | None

    @classmethod
    async def begin(cls, http: aiohttp.ClientSession) -> "OurTalk":
        told = await read(http.post("/chat/conversations", json={"client": "api"}))
        http.headers["Authorization"] = f"Bearer {told['token']}"
        messages = told["messages"]
        path = f"/chat/conversations/{told['conversation']}/messages"
        return cls(http, path, messages[-1]["seq"], _first_choice(messages))

    async def turn(self, words: str) -> float:
        """Say something, wait until the reply is here, and give the seconds."""
        sent: dict[str, str] = {"client_id": str(uuid4())}
        if words == TAP and self.choice is not None:
            sent["choice"] = self.choice
        else:
            sent["text"] = words.replace(TAP, "yes")
        began = time.perf_counter()
        seq = (await read(self.http.post(self.path, json=sent)))["seq"]
        told = await read(self.http.get(self.path, params={"after": seq, "wait": 20}))
        took = time.perf_counter() - began
        messages = told["messages"]
        if not messages or any(each["kind"] == "problem" for each in messages):
            raise RuntimeError("A turn was not answered: there is nothing to measure.")
        self.choice = _first_choice(messages)
        return took


def open_client(url: str) -> aiohttp.ClientSession:
    """Make a client that takes little of the cores that are measured: httpx took five times as much."""
    timeout, connector = aiohttp.ClientTimeout(total=60), aiohttp.TCPConnector(limit=64)
    return aiohttp.ClientSession(url, timeout=timeout, connector=connector, raise_for_status=True)


async def read(asked: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> Any:
    """Give the JSON that answers."""
    async with asked as reply:
        return await reply.json()


async def hello(http: aiohttp.ClientSession, sender: str) -> float:
    """Say hello to plain Rasa, and give the seconds."""
    began = time.perf_counter()
    said = await read(http.post("/webhooks/rest/webhook", json={"sender": sender, "message": "hello"}))
    took = time.perf_counter() - began
    if not said:
        raise RuntimeError("Plain Rasa said nothing: there is nothing to measure.")
    return took


async def measure_turns(ours: str, home: Path, plain: str) -> list[Row]:
    """Measure both rows, alternating; RuntimeError when an answer is missing or not on the disk."""
    await check_durable(ours, home)
    one_ours: list[float] = []
    one_plain: list[float] = []
    many_ours: list[float] = []
    many_plain: list[float] = []
    for number in range(ROUNDS + 1):
        rounds = (
            await _one_with_us(ours),
            await _one_with_rasa(plain, number),
            await _many_with_us(ours),
            await _many_with_rasa(plain, number),
        )
        if number:  # the first round warms both up
            for kept, measured in zip((one_ours, one_plain, many_ours, many_plain), rounds, strict=True):
                kept.append(measured)
    return [
        Row(
            1, "full turn p50, one conversation, ms", _ms(one_ours), _ms(one_plain), 3.0, is_less_better=True
        ),
        Row(
            2,
            f"full turns a second, {AT_ONCE} conversations",
            Spread.of(many_ours),
            Spread.of(many_plain),
            2.5,
        ),
    ]


async def check_durable(ours: str, home: Path) -> None:
    """See that an acknowledged message is in the file, and that commits wait for the disk."""
    store = open_store(f"sqlite+aiosqlite:///{home}/var/service.db")
    async with store.writer.connect() as connection:
        synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar()
    await store.close()
    async with open_client(ours) as http:
        talk = await OurTalk.begin(http)
        mark = str(uuid4())
        await read(http.post(talk.path, json={"client_id": mark, "text": "hello"}))
    with sqlite3.connect(f"file:{home}/var/service.db?mode=ro", uri=True) as file:
        found = file.execute("SELECT 1 FROM messages WHERE external_id LIKE ?", (f"%{mark}",)).fetchall()
    if synchronous != DURABLE or not found:
        raise RuntimeError("An acknowledged message was not safely on the disk.")


async def _one_with_us(ours: str) -> float:
    async with open_client(ours) as http:
        talk = await OurTalk.begin(http)
        return median([await talk.turn(words) for words in islice(cycle(SAID), TURNS_A_ROUND)])


async def _one_with_rasa(plain: str, number: int) -> float:
    async with open_client(plain) as http:
        return median([await hello(http, f"one-{number}") for _ in range(TURNS_A_ROUND)])


async def _many_with_us(ours: str) -> float:
    clients = [open_client(ours) for _ in range(AT_ONCE)]
    talks = [await OurTalk.begin(http) for http in clients]

    async def talk_on(talk: OurTalk, place: int) -> None:
        for words in islice(cycle(SAID), place % 3, place % 3 + TURNS_EACH):
            await talk.turn(words)

    began = time.perf_counter()
    await asyncio.gather(*(talk_on(talk, place) for place, talk in enumerate(talks)))
    took = time.perf_counter() - began
    for http in clients:
        await http.close()
    return AT_ONCE * TURNS_EACH / took


async def _many_with_rasa(plain: str, number: int) -> float:
    async def talk_on(http: aiohttp.ClientSession, place: int) -> None:
        for _ in range(TURNS_EACH):
            await hello(http, f"many-{number}-{place}")

    async with open_client(plain) as http:
        began = time.perf_counter()
        await asyncio.gather(*(talk_on(http, place) for place in range(AT_ONCE)))
        return AT_ONCE * TURNS_EACH / (time.perf_counter() - began)


def _first_choice(messages: Sequence[dict[str, object]]) -> str | None:
    offered = [choices for each in messages if isinstance(choices := each["choices"], list) and choices]
    return str(offered[-1][0]["id"]) if offered else None


def _ms(seconds: Sequence[float]) -> Spread:
    return Spread.of([each * 1000 for each in seconds])
