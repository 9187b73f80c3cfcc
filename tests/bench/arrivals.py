"""Rows 4, 5 and 6 of the benchmarks: what arrives by text, danger at five times overload, and goodput at three times.

`python -m tests.bench.arrivals` runs them alone, on SQLite with synchronous=FULL, without Rasa: nothing is answered.
Both sides of row 4 are asked in this process, by the same client, so that only what the server does differs.
"""

import asyncio
import resource
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import httpx
from fastapi import FastAPI, Request, Response
from rich.console import Console
from sqlalchemy import String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.logs import set_up_logs
from channels.sms import sms_routes
from core.conversation.accept import accept_message
from core.conversation.accept_text import accept_text
from core.conversation.arrived import Inbound
from core.conversation.house import House
from core.conversation.opening import open_conversation
from core.database import open_store
from core.errors import Refusal
from core.ids import ConversationId, new_id
from core.rate_limits import Limiter
from tests.bench.rows import Row, Spread
from tests.builders import build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores, make_tables
from tests.stub_twilio import a_text, an_account, sign

ROUNDS = 5
AT_ONCE = 64
TEXTS_A_ROUND = 512
DANGERS = 60
SECONDS = 2.0
DANGER_EVERY_SECONDS = 0.04
ORDINARY, DANGER = "i like art", "i want to kill myself"
PHONES = [f"+447700{number}" for number in range(100_000, 100_000 + AT_ONCE)]


class PlainBase(DeclarativeBase):
    """The tables of the plain route."""


class PlainText(PlainBase):
    """What the plain route keeps of a text."""

    __tablename__ = "texts"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)


async def measure_arrivals() -> list[Row]:
    """Measure the three rows; RuntimeError when something acknowledged is not on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        async with _our_house(Path(folder)) as house:
            return [await _texts(house, Path(folder)), *await _overload(house, Path(folder))]


async def _texts(house: House, folder: Path) -> Row:
    """Row 4: acknowledged texts a second, signature checked and durable, against one commit each."""
    ours: list[float] = []
    plain: list[float] = []
    async with _plain_route(folder) as plain_app:
        for number in range(ROUNDS + 1):
            rounds = await _texts_a_second(_our_route(house)), await _texts_a_second(plain_app)
            if number:  # the first round warms both up
                ours.append(rounds[0])
                plain.append(rounds[1])
    for file, table, condition in (
        ("service", "messages", "external_id LIKE 'SM%'"),
        ("plain", "texts", "1=1"),
    ):
        kept = _count(folder / f"{file}.db", f"SELECT count(*) FROM {table} WHERE {condition}")
        if kept != (ROUNDS + 1) * TEXTS_A_ROUND:
            raise RuntimeError(f"{file}: an acknowledged text was not on the disk.")
    return Row(4, "acknowledged texts a second, durable", Spread.of(ours), Spread.of(plain), 2.5)


async def _overload(house: House, folder: Path) -> list[Row]:
    """Rows 5 and 6: how long danger waits, and how much is kept, when five and three times too much comes."""
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
    heard = _count(folder / "service.db", "SELECT count(*) FROM concern_messages")
    if heard != 2 * (ROUNDS + 1) * DANGERS:
        raise RuntimeError("A danger that was acknowledged has no concern.")
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


async def _texts_a_second(app: FastAPI) -> float:
    account = an_account()
    forms = [
        a_text(account, Body=ORDINARY, From=number, MessageSid=f"SM{new_id()}")
        for number in islice(cycle(PHONES), TEXTS_A_ROUND)
    ]
    signed = iter([(form, sign(account, "/twilio/sms", form)) for form in forms])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=account.public_url) as client:

        async def send_on() -> None:
            for form, headers in signed:
                (await client.post("/twilio/sms", data=form, headers=headers)).raise_for_status()

        began = time.perf_counter()
        await asyncio.gather(*(send_on() for _ in range(AT_ONCE)))
        return TEXTS_A_ROUND / (time.perf_counter() - began)


def _our_route(house: House) -> FastAPI:
    app = FastAPI()
    app.include_router(sms_routes(an_account(), partial(accept_text, house)))
    return app


@asynccontextmanager
async def _plain_route(folder: Path) -> AsyncIterator[FastAPI]:
    """A route as one writes it first: check the signature, insert a row, commit, answer."""
    from channels.twilio.signature import is_signed

    store, app, account = open_store(f"sqlite+aiosqlite:///{folder}/plain.db"), FastAPI(), an_account()
    async with store.writer.begin() as connection:
        await connection.run_sync(PlainBase.metadata.create_all)

    @app.post("/twilio/sms")
    async def take_text(http_request: Request) -> Response:
        if not await is_signed(http_request, account):
            return Response(status_code=403)
        form = await http_request.form()
        async with store.write() as session:
            session.add(
                PlainText(sid=str(form["MessageSid"]), number=str(form["From"]), body=str(form["Body"]))
            )
        return Response("<Response/>", media_type="text/xml")

    yield app
    await store.close()


async def _capacity(house: House, talks: Sequence[ConversationId]) -> float:
    """Say how many ordinary messages a second are kept when each sender waits for its own."""
    kept = 0
    until = time.perf_counter() + SECONDS

    async def send_on(talk: ConversationId) -> None:
        nonlocal kept
        while time.perf_counter() < until:
            if await _is_kept(house, talk, ORDINARY):
                kept += 1

    await asyncio.gather(*(send_on(talk) for talk in talks))
    return kept / SECONDS


async def _goodput(house: House, talks: Sequence[ConversationId], rate: float) -> float:
    """Say how many a second are kept while so many a second come."""
    ended = await _flood(house, talks, rate, lambda: asyncio.sleep(SECONDS))
    return sum(ended) / SECONDS


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
) -> list[bool]:
    """Let so many messages a second come, whether or not they are kept, until something is over."""
    coming: list[asyncio.Task[bool]] = []
    is_over = asyncio.ensure_future(meanwhile())
    began = time.perf_counter()
    while not is_over.done():
        due = int((time.perf_counter() - began) * rate)
        coming += [
            asyncio.create_task(_is_kept(house, talks[place % len(talks)], ORDINARY))
            for place in range(len(coming), due)
        ]
        await asyncio.sleep(0.005)
    await is_over
    ended = sum(task.done() and task.result() for task in coming)
    await asyncio.gather(*coming)
    return [True] * ended


async def _is_kept(house: House, talk: ConversationId, words: str) -> bool:
    try:
        await accept_message(house, Inbound(talk, new_id(), words))
    except Refusal:
        return False
    return True


@asynccontextmanager
async def _our_house(folder: Path) -> AsyncIterator[House]:
    stores = Stores(
        open_store(f"sqlite+aiosqlite:///{folder}/service.db"),
        open_store(f"sqlite+aiosqlite:///{folder}/views.db"),
    )
    await make_tables(stores)
    async with stores.service.writer.connect() as connection:
        if (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() != 2:
            raise RuntimeError("Commits do not wait for the disk.")
    house = build_test_house(stores, FakeClock())
    # so many from one phone would be slowed down: what is measured is how fast they are kept
    yield replace(house, limiter=Limiter(house.keys, house.clock, is_on=False))
    await stores.service.close()
    await stores.views.close()


def _count(file: Path, query: str) -> int:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        return int(database.execute(query).fetchone()[0])


def _ms(seconds: Sequence[float]) -> Spread:
    return Spread.of([each * 1000 for each in seconds])


def main() -> None:
    """Print the three rows, and the most memory that was used."""
    set_up_logs()
    console = Console()
    for row in asyncio.run(measure_arrivals()):
        said = f"row {row.number}: {row.measure}: {row.ours} against {row.theirs}; ratio {row.ratio:.2f}"
        console.print(f"{said}, target {row.target:.2f} ({'met' if row.is_met else 'missed'})")
    console.print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
