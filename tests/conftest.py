"""What every test may ask for: stores on both databases, and a clock that stands still."""

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from core.database import Store, open_store
from tests.fakes import FakeClock
from tests.stores import Stores, make_tables

POSTGRES = os.environ.get("HYS_TEST_POSTGRES_URL", "")  # noqa: TID251 - tests read their own settings
LOOPBACK_POSTGRES = "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres"


def postgres_url() -> str | None:
    """Give a PostgreSQL server to test on: the one that is set, or one found on loopback."""
    if POSTGRES:
        return POSTGRES.replace("postgresql://", "postgresql+asyncpg://")
    try:
        socket.create_connection(("127.0.0.1", 5432), timeout=1).close()
    except OSError:
        return None
    return LOOPBACK_POSTGRES


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["sqlite", "postgres"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    """Two empty stores with all tables, on each database in turn."""
    if request.param == "sqlite":
        async for made in _stores(
            f"sqlite+aiosqlite:///{tmp_path}/service.db", f"sqlite+aiosqlite:///{tmp_path}/views.db"
        ):
            yield made
        return
    server = postgres_url()
    if server is None:
        pytest.skip("PostgreSQL was not found on loopback, and HYS_TEST_POSTGRES_URL is not set")
    names = [f"hys_{part}_{uuid4().hex[:12]}" for part in ("service", "views")]
    await _on_server(server, [f"CREATE DATABASE {name}" for name in names])
    service, views = (server.rsplit("/", 1)[0] + "/" + name for name in names)
    async for made in _stores(service, views):
        yield made
    await _on_server(server, [f"DROP DATABASE {name} WITH (FORCE)" for name in names])


@pytest.fixture
async def sqlite_stores(tmp_path: Path) -> AsyncIterator[Stores]:
    """Two empty SQLite stores, for what does not depend on the database."""
    async for made in _stores(
        f"sqlite+aiosqlite:///{tmp_path}/service.db", f"sqlite+aiosqlite:///{tmp_path}/views.db"
    ):
        yield made


async def _stores(service_url: str, views_url: str) -> AsyncIterator[Stores]:
    made = Stores(open_store(service_url), open_store(views_url))
    await make_tables(made)
    yield made
    await made.service.close()
    await made.views.close()


async def _on_server(url: str, statements: list[str]) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


def is_sqlite(store: Store) -> bool:
    """Say whether this store is a SQLite file."""
    return store.writer.dialect.name == "sqlite"
