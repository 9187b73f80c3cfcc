"""PostgreSQL's own lock of the service store, for those who use one database from several folders or machines.

It lasts as long as its connection, which does nothing else. Where that is lost (the server starts anew), the service
goes on; until its next start only the file in var/ keeps a demo away, and only one of the same folder.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from sqlalchemy import NullPool, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.stores import StoreNotReachable
from core.errors import Refusal
from core.store_away import AWAY

KEY: Final = 0x48_59_53
"""The number of this lock among those of the database: HYS."""

WHO_IS_GONE: Final = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""The server lets go of the lock of a machine that is silent for a minute; else only after hours."""


@asynccontextmanager
async def server_held(url: str, refusal: type[Refusal], *, is_alone: bool) -> AsyncIterator[None]:
    """Hold the lock for a block, alone or beside others; raises `refusal`, StoreNotReachable."""
    connection = await _connect(url)
    try:
        if not await _take(connection, is_alone=is_alone):
            raise refusal
        yield
    finally:
        with suppress(*AWAY):  # what is lost is let go of already
            await connection.close()


async def _connect(url: str) -> AsyncConnection:
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"server_settings": WHO_IS_GONE},
    )
    try:
        return await engine.connect()
    except AWAY as error:
        where = make_url(url).render_as_string(hide_password=True)
        why = next(iter(str(getattr(error, "orig", None) or error).splitlines()), type(error).__name__)
        raise StoreNotReachable(
            f"The service store ({where}) can't be used: {why}. "
            "Check SERVICE_DATABASE_URL, and that the server can be reached."
        ) from error


async def _take(connection: AsyncConnection, *, is_alone: bool) -> bool:
    ask = func.pg_try_advisory_lock if is_alone else func.pg_try_advisory_lock_shared
    return bool(await connection.scalar(select(ask(KEY))))
