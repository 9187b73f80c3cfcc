"""What every test may ask for: stores on both databases, and a clock that stands still."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.database import open_store
from tests.fakes import FakeClock
from tests.stores import Stores, make_tables

settings.register_profile("no_clock", deadline=None)  # a busy machine is slow, and nothing is wrong with that
settings.load_profile("no_clock")

POSTGRES = os.environ.get("HYS_TEST_POSTGRES_URL", "")  # noqa: TID251 - tests read their own settings
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
"""A connection that a test left open would make the next one wait for ever."""
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


@pytest.fixture(scope="session")
def postgres() -> Iterator[tuple[str, str] | None]:
    """Two databases of this run on a PostgreSQL server; None where there is no server."""
    server = postgres_url()
    if server is None:
        yield None
        return
    service, views = names = _names()
    asyncio.run(_execute(server, [f"CREATE DATABASE {name}" for name in names]))
    yield _at(server, service), _at(server, views)
    asyncio.run(_execute(server, [f"DROP DATABASE {name} WITH (FORCE)" for name in names]))


@asynccontextmanager
async def new_databases(server: str) -> AsyncIterator[tuple[str, str]]:
    """Two empty databases on a PostgreSQL server, for the time of a block."""
    service, views = names = _names()
    await _execute(server, [f"CREATE DATABASE {name}" for name in names])
    try:
        yield _at(server, service), _at(server, views)
    finally:
        await _execute(server, [f"DROP DATABASE {name} WITH (FORCE)" for name in names])


def _names() -> tuple[str, str]:
    return f"hys_service_{uuid4().hex[:12]}", f"hys_views_{uuid4().hex[:12]}"


def _at(server: str, name: str) -> str:
    return server.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(params=["sqlite", "postgres"])
async def stores(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: tuple[str, str] | None
) -> AsyncIterator[Stores]:
    """Two empty stores with all tables, on each database in turn."""
    if request.param == "sqlite":
        urls = _files(tmp_path)
    elif postgres is None:
        pytest.skip("PostgreSQL was not found on loopback, and HYS_TEST_POSTGRES_URL is not set")
    else:
        urls = postgres
        for url in urls:
            # emptying a database takes a tenth of making a new one
            await _execute(url, [END_OTHERS, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public"])
    async for made in _stores(*urls):
        yield made


@pytest.fixture
async def sqlite_stores(tmp_path: Path) -> AsyncIterator[Stores]:
    """Two empty SQLite stores, for what does not depend on the database."""
    async for made in _stores(*_files(tmp_path)):
        yield made


def _files(folder: Path) -> tuple[str, str]:
    return f"sqlite+aiosqlite:///{folder}/service.db", f"sqlite+aiosqlite:///{folder}/views.db"


async def _stores(service_url: str, views_url: str) -> AsyncIterator[Stores]:
    made = Stores(open_store(service_url), open_store(views_url))
    await make_tables(made)
    yield made
    await made.service.close()
    await made.views.close()


async def _execute(url: str, statements: list[str]) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
