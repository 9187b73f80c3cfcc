"""How each step of SQLite is run: in a connection's thread where it may wait, else here and now.

Handing every small step of a statement to a thread and back cost more than the statement (measured: half of a
turn). So only what may wait goes to a thread: for a lock that somebody has, for the disk, for a long read.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiosqlite
from sqlalchemy import URL, Engine, StaticPool, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_SECONDS: Final = 15
"""How long a lock is waited for that another process has: of ours, the pool lets one writer in."""
_WAIT: Final = f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}"
_DO_NOT_WAIT: Final = "PRAGMA busy_timeout = 0"
_TAKE_LOCK: Final = "BEGIN IMMEDIATE"


class _WriterConnection(aiosqlite.Connection):
    """A write waits for a lock that another process has, and for the disk; each statement is done in microseconds."""

    def _may_wait(self, step: str, statement: str) -> bool:
        return step == "commit" or statement.startswith("PRAGMA")

    async def _execute(self, fn: Callable[..., Any], *args: Any, **named: Any) -> Any:
        statement = str(args[0]) if args else ""
        if self._connection is None or self._may_wait(fn.__name__, statement):
            return await super()._execute(fn, *args, **named)  # type: ignore[no-untyped-call]
        if statement != _TAKE_LOCK:
            return fn(*args, **named)
        try:
            return _at_once(self._connection, fn, *args, **named)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        return await super()._execute(fn, *args, **named)  # type: ignore[no-untyped-call]


class _ReaderConnection(_WriterConnection):
    """A read waits for no lock, but may be long; the steps around it are not."""

    def _may_wait(self, step: str, statement: str) -> bool:
        return step in {"execute", "fetchall"} and not statement.startswith("BEGIN")


def _at_once(connection: sqlite3.Connection, fn: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Take the lock if nobody has it; OperationalError (SQLITE_BUSY) at once if another process does."""
    connection.execute(_DO_NOT_WAIT)
    try:
        return fn(*args, **named)
    finally:
        connection.execute(_WAIT)


def writing_engine(url: URL) -> AsyncEngine:
    """Make the engine of the one connection that writes."""
    engine = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        async_creator=_opener(url, _WriterConnection),
    )
    _begin_ourselves(engine, _TAKE_LOCK)
    return engine


def reading_engine(url: URL, size: int) -> AsyncEngine:
    """Make the engine of those that read."""
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        async_creator=_opener(url, _ReaderConnection),
    )
    _begin_ourselves(engine, "BEGIN DEFERRED")
    return engine


def glancing_engine(url: URL) -> Engine:
    """Make the engine of one connection for single short reads; each statement is a transaction of its own."""
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        creator=lambda: _open(url),
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _opener(url: URL, kind: type[_WriterConnection]) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """Make what opens a connection, whose thread ends with the process if nobody closed it."""

    async def open_connection() -> aiosqlite.Connection:
        connection = kind(lambda: _open(url), 64)
        connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does for connections that it opens
        return await connection

    return open_connection


def _open(url: URL) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(url.database or "", check_same_thread=False)
    return connection


def _begin_ourselves(engine: AsyncEngine, begin: str) -> None:
    event.listen(engine.sync_engine, "connect", _prepare)

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(_WAIT)
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()
