"""Rows 4, 5 and 6 of the benchmarks: what arrives by text, danger at five times overload, and goodput at three times.

`python -m tests.bench.arrivals` runs them alone, on SQLite with synchronous=FULL, without Rasa: nothing is answered.
The sides of row 4 are served as processes of their own and asked in turn by one light client, so that what is measured
is what a server does. What is sent are everyday messages, many different ones: each is listened to.
"""

import asyncio
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path

from rich.console import Console

from app.garbage import leave_what_stays
from app.logs import set_up_logs
from app.rasa_process import free_port
from core.conversation.accept import accept_message
from core.conversation.arrived import Inbound
from core.conversation.house import House
from core.conversation.opening import open_conversation
from core.errors import Refusal
from core.ids import ConversationId, new_id
from core.settings import HERE
from tests.bench.houses import everyday_messages, unlimited_house
from tests.bench.light_client import answered_a_second, write_request
from tests.bench.rows import Row, Spread
from tests.bench.servers import running, wait_for
from tests.bench.text_routes import PATH, ROUTES
from tests.stub_twilio import a_text, an_account, sign

ROUNDS = 5
AT_ONCE = 64
TEXTS_A_ROUND = 2048
DANGERS = 60
SECONDS = 2.0
MOST_AT_THE_DOOR = 2048
"""So many connections wait in front of uvicorn; who comes then is not let in. Else a flood that takes longer to turn
away than to send could grow without end."""
DANGER_EVERY_SECONDS = 0.04
DANGER = "i want to kill myself"
EVERYDAY = everyday_messages()
PHONES = [f"+447700{number}" for number in range(100_000, 100_000 + AT_ONCE)]


def measure_arrivals() -> list[Row]:
    """Measure the three rows, the first on two stores; RuntimeError when something acknowledged is not on the disk."""
    with tempfile.TemporaryDirectory() as texts, tempfile.TemporaryDirectory() as overload:
        return [*measure_texts(Path(texts)), *asyncio.run(_overload(Path(overload)))]


def measure_texts(folder: Path) -> list[Row]:
    """Row 4: acknowledged texts a second, signature checked and durable, against one commit each.

    The plain route is measured as SQLAlchemy comes, and on our own store, which makes it faster too.
    """
    rates: dict[str, list[float]] = {name: [] for name in ROUTES}
    with ExitStack() as served:
        ports = {name: served.enter_context(_serving(name, folder)) for name in ROUTES}
        for number in range(ROUNDS + 1):
            for name, port in ports.items():
                rate = asyncio.run(answered_a_second(port, _signed_texts(), at_once=AT_ONCE))
                if number:  # the first round warms all up
                    rates[name].append(rate)
    for file, query in {
        "service": "SELECT count(*) FROM messages WHERE external_id LIKE 'SM%'",
        "plain": "SELECT count(*) FROM texts",
        "plain_on_our_store": "SELECT count(*) FROM texts",
    }.items():
        if _count(folder / f"{file}.db", query) != (ROUNDS + 1) * TEXTS_A_ROUND:
            raise RuntimeError(f"{file}: an acknowledged text was not on the disk.")
    ours, *others = (Spread.of(rates[name]) for name in ("ours", "plain", "plain_on_our_store"))
    stores = ("", ", the plain route on our store")
    return [
        Row(4, f"acknowledged texts a second, durable{store}", ours, other, 2.5)
        for other, store in zip(others, stores, strict=True)
    ]


@contextmanager
def _serving(name: str, folder: Path) -> Iterator[int]:
    """Serve one of the routes in a process of its own; give its port when it answers."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.text_routes", name, str(folder), str(port)]
    with running(command, {}, HERE):
        wait_for(f"http://127.0.0.1:{port}/", lambda reply: reply.status_code == HTTPStatus.NOT_FOUND)
        yield port


def _signed_texts() -> list[bytes]:
    account = an_account()
    forms = [
        a_text(account, Body=words, From=number, MessageSid=f"SM{new_id()}")
        for number, words in islice(zip(cycle(PHONES), cycle(EVERYDAY), strict=False), TEXTS_A_ROUND)
    ]
    return [write_request(PATH, form, sign(account, PATH, form)) for form in forms]


async def _overload(folder: Path) -> list[Row]:
    """Rows 5 and 6: how long danger waits, and how much is kept, when five and three times too much comes."""
    async with unlimited_house(folder) as house:
        leave_what_stays()
        rows = await _measure_overload(house)
    heard = _count(folder / "service.db", "SELECT count(*) FROM concern_messages")
    if heard != 2 * (ROUNDS + 1) * DANGERS:
        raise RuntimeError("A danger that was acknowledged has no concern.")
    return rows


async def _measure_overload(house: House) -> list[Row]:
    talks = [(await open_conversation(house)).conversation for _ in range(AT_ONCE)]
    capacity = await _capacity(house, talks)
    idle: list[float] = []
    busy: list[float] = []
    at_capacity: list[float] = []
    at_three: list[float] = []
    for number in range(ROUNDS + 1):
        rounds = (
            await _p99_of_danger(house, talks, 0.0),
            await _p99_of_danger(house, talks, 5 * capacity),
            await _goodput(house, talks, capacity),
            await _goodput(house, talks, 3 * capacity),
        )
        if number:
            for kept, measured in zip((idle, busy, at_capacity, at_three), rounds, strict=True):
                kept.append(measured)
    return [
        Row(
            5,
            "danger heard to committed, p99 ms: 5 x overload, idle",
            _ms(busy),
            _ms(idle),
            1 / 3,
            is_less_better=True,
        ),
        Row(
            6, "kept a second: at 3 x capacity, at capacity", Spread.of(at_three), Spread.of(at_capacity), 0.9
        ),
    ]


async def _capacity(house: House, talks: Sequence[ConversationId]) -> float:
    """Say how many ordinary messages a second are kept when each sender waits for its own."""
    kept = 0
    until = time.perf_counter() + SECONDS

    async def send_on(talk: ConversationId) -> None:
        nonlocal kept
        for words in cycle(EVERYDAY):
            if time.perf_counter() >= until:
                return
            if await _is_kept(house, talk, words):
                kept += 1

    await asyncio.gather(*(send_on(talk) for talk in talks))
    return kept / SECONDS


async def _goodput(house: House, talks: Sequence[ConversationId], rate: float) -> float:
    """Say how many a second are kept while so many a second come."""
    return await _flood(house, talks, rate, lambda: asyncio.sleep(SECONDS)) / SECONDS


async def _p99_of_danger(house: House, talks: Sequence[ConversationId], rate: float) -> float:
    """Give the seconds from danger heard to its concern committed, p99, while so many ordinary a second come."""
    took: list[float] = []

    async def tell() -> None:
        for place in range(DANGERS):
            began = time.perf_counter()
            if not await _is_kept(house, talks[place % len(talks)], DANGER):
                raise RuntimeError("Danger was turned away.")
            took.append(time.perf_counter() - began)
            await asyncio.sleep(DANGER_EVERY_SECONDS)

    await _flood(house, talks, rate, tell)
    return sorted(took)[int(len(took) * 0.99) - 1]


async def _flood(
    house: House, talks: Sequence[ConversationId], rate: float, meanwhile: Callable[[], Awaitable[None]]
) -> int:
    """Let so many messages a second come, whether or not they are kept, until something is over; say how many were."""
    coming: list[asyncio.Task[bool]] = []
    came, kept = 0, 0
    is_over = asyncio.ensure_future(meanwhile())
    began = time.perf_counter()
    while not is_over.done():
        kept += sum(task.result() for task in coming if task.done())
        coming = [task for task in coming if not task.done()]
        due = int((time.perf_counter() - began) * rate)
        coming += [
            asyncio.create_task(_is_kept(house, talks[place % len(talks)], EVERYDAY[place % len(EVERYDAY)]))
            for place in range(came, min(due, came + MOST_AT_THE_DOOR - len(coming)))
        ]
        came = due
        await asyncio.sleep(0.005)
    await is_over
    kept += sum(task.result() for task in coming if task.done())
    await asyncio.gather(*coming)
    return kept


async def _is_kept(house: House, talk: ConversationId, words: str) -> bool:
    try:
        await accept_message(house, Inbound(talk, new_id(), words))
    except Refusal:
        return False
    return True


def _count(file: Path, query: str) -> int:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        return int(database.execute(query).fetchone()[0])


def _ms(seconds: Sequence[float]) -> Spread:
    return Spread.of([each * 1000 for each in seconds])


def main() -> None:
    """Print the rows, and the most memory that was used."""
    set_up_logs()
    console = Console()
    for row in measure_arrivals():
        said = f"row {row.number}: {row.measure}: {row.ours} against {row.theirs}; ratio {row.ratio:.2f}"
        console.print(f"{said}, target {row.target:.2f} ({'met' if row.is_met else 'missed'})")
    console.print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
