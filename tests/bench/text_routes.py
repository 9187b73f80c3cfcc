"""The routes of row 4, each served as a process of its own: ours, and on two stores a plain one as one writes it first.

`python -m tests.bench.text_routes ours FOLDER PORT` serves one of them, by uvicorn as `make run` does.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI, Request, Response
from sqlalchemy import String, Text, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from twilio.request_validator import RequestValidator

from app.garbage import leave_what_stays
from app.logs import set_up_logs
from channels.sms import sms_routes
from core.conversation.accept_text import accept_text
from core.database import open_store
from tests.bench.houses import unlimited_house
from tests.stub_twilio import an_account

PATH: Final = "/twilio/sms"


class PlainBase(DeclarativeBase):
    """The tables of the plain route."""


class PlainText(PlainBase):
    """What the plain route keeps of a text."""

    __tablename__ = "texts"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)


@asynccontextmanager
async def our_route(folder: Path) -> AsyncIterator[FastAPI]:
    """The route of the service; nothing is answered."""
    async with unlimited_house(folder) as house:
        app = FastAPI()
        app.include_router(sms_routes(an_account(), partial(accept_text, house)))
        yield app


@asynccontextmanager
async def plain_route(folder: Path) -> AsyncIterator[FastAPI]:
    """The plain route on an engine of SQLAlchemy's own, whose commits wait for the disk as ours do."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder}/plain.db", pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _wait_for_the_disk)
    async with engine.begin() as connection:
        await connection.run_sync(PlainBase.metadata.create_all)
    yield _plain_app(async_sessionmaker(engine).begin)
    await engine.dispose()


@asynccontextmanager
async def plain_route_on_our_store(folder: Path) -> AsyncIterator[FastAPI]:
    """The plain route on our store: a writer whose small steps need no thread."""
    store = open_store(f"sqlite+aiosqlite:///{folder}/plain_on_our_store.db")
    async with store.writer.begin() as connection:
        await connection.run_sync(PlainBase.metadata.create_all)
    yield _plain_app(store.write)
    await store.close()


def _wait_for_the_disk(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _plain_app(begin: Callable[[], AbstractAsyncContextManager[AsyncSession]]) -> FastAPI:
    """Check the signature as Twilio's library says, insert a row, commit, answer."""
    app, account = FastAPI(), an_account()
    validator = RequestValidator(account.token)

    @app.post(PATH)
    async def take_text(http_request: Request) -> Response:
        form = await http_request.form()
        signature = http_request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(f"{account.public_url}{PATH}", form, signature):
            return Response(status_code=403)
        async with begin() as session:
            session.add(
                PlainText(sid=str(form["MessageSid"]), number=str(form["From"]), body=str(form["Body"]))
            )
        return Response("<Response/>", media_type="text/xml")

    return app


ROUTES: Final[dict[str, Callable[[Path], AbstractAsyncContextManager[FastAPI]]]] = {
    "ours": our_route,
    "plain": plain_route,
    "plain_on_our_store": plain_route_on_our_store,
}


async def _serve(name: str, folder: Path, port: int) -> None:
    async with ROUTES[name](folder) as app:
        leave_what_stays()
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    set_up_logs()
    asyncio.run(_serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
