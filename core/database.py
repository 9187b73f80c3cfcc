"""The two stores: how to read from one, and the only place that commits to one.

SQLite's own transactions as its Python driver makes them lose updates without a word (67 of 200
read-then-write increments kept). So the driver's are off, every write begins with BEGIN IMMEDIATE on
an engine of one connection, reads have an engine of their own, and a commit is on the disk
(WAL, synchronous=FULL) before anyone is told of it.

How each step of SQLite is run, in a thread or here and now, is said in `core/sqlite_steps.py`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import DateTime, Dialect, Engine, Row, Select, Table, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from core.sqlite_steps import glancing_engine, reading_engine, writing_engine
from core.store_away import saying_when_away

READERS = 8
WRITERS_ON_POSTGRES = 8

Given = TypeVar("Given")
Columns = TypeVarTuple("Columns")


class ServiceBase(DeclarativeBase):
    """Tables of the service store, which knows who."""


class ViewsBase(DeclarativeBase):
    """Tables of the views store, which knows what was said."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: always aware of UTC in our code, also from SQLite, which forgets it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without its zone; write the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "A moment without a time zone can't be stored."
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite dropped."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value


@dataclass(frozen=True, slots=True)
class Store:
    """One database, seen through an engine that writes and one that reads; SQLite also has one for glances.

    `before_commit` ends each transaction that writes: what it changes is kept with all the rest, or not at all.
    `after_commit` is given the session of each that was kept.
    """

    writer: AsyncEngine
    reader: AsyncEngine
    glancer: Engine | None = None
    before_commit: Callable[[AsyncSession], Awaitable[None]] | None = None
    after_commit: Callable[[AsyncSession], None] | None = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Run one transaction: all of it is kept when the block ends, none if it raises. StoreAway if it can't be."""
        with saying_when_away():
            async with AsyncSession(self.writer, expire_on_commit=False) as session, session.begin():
                yield session
                if self.before_commit is not None:
                    await self.before_commit(session)
            if self.after_commit is not None:
                self.after_commit(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Look at one consistent state of the database, and change nothing. Raises StoreAway."""
        with saying_when_away():
            async with AsyncSession(self.reader, expire_on_commit=False) as session:
                yield session

    async def glance(self, wanted: Select[*Columns], **values: object) -> Sequence[Row[*Columns]]:
        """Give the rows of one short read by an index, with these values for its parameters. Raises StoreAway.

        With SQLite it is done here and now: it waits for no lock, and is over before a thread would have begun.
        """
        with saying_when_away():
            if self.glancer is not None:
                with self.glancer.connect() as connection:
                    return connection.execute(wanted, values).all()
            async with self.reader.connect() as remote:
                return (await remote.execute(wanted, values)).all()

    async def wipe_traces(self) -> None:
        """Let go what deleted rows leave behind: SQLite's write-ahead log, PostgreSQL's dead rows."""
        async with self.writer.connect() as connection:
            # Nothing was begun: neither may stand in a transaction.
            driver = (await connection.get_raw_connection()).driver_connection
            if driver is None:
                return
            if self.writer.dialect.name == "sqlite":
                async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)"):
                    pass  # closed here, since beside a statement that is not over nothing can be committed
            else:
                await driver.execute("VACUUM")

    async def close(self) -> None:
        """Give all connections back."""
        await self.writer.dispose()
        await self.reader.dispose()
        if self.glancer is not None:
            self.glancer.dispose()


@asynccontextmanager
async def step(session: AsyncSession) -> AsyncIterator[None]:
    """Make a part of a transaction that is taken back by itself when it raises; the rest stands."""
    async with session.begin_nested():
        yield


def open_store(url: str) -> Store:
    """Make the engines for a database URL (sqlite+aiosqlite or postgresql+asyncpg); connects at first use.

    An error never carries the values of a statement: they are people's words and numbers.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Store(writing_engine(parsed), reading_engine(parsed, READERS), glancing_engine(parsed))
    writer = create_async_engine(url, pool_size=WRITERS_ON_POSTGRES, pool_pre_ping=True, hide_parameters=True)
    reader = create_async_engine(url, pool_size=READERS, pool_pre_ping=True, hide_parameters=True)
    _commit_to_disk(writer)
    return Store(writer, reader)


def _commit_to_disk(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")


async def insert_new(session: AsyncSession, table: Any, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that break no unique rule and leave the others out; say how many went in.

    `table` is a mapped class or a Table; `rows` are dicts of column to value, all with the same keys.
    """
    target = table if isinstance(table, Table) else table.__table__
    result = await session.execute(_insert_if_new(session, target).values(list(rows)))
    return int(getattr(result, "rowcount", 0))


async def insert_each_new(
    session: AsyncSession, column: InstrumentedAttribute[Given], rows: Sequence[dict[str, Any]]
) -> set[Given]:
    """Insert as `insert_new` does, into the table of `column`; give what stands in it for each row that went in."""
    if not rows:
        return set()
    statement = _insert_if_new(session, column.class_.__table__).returning(column)
    return set((await session.execute(statement, list(rows))).scalars())


def _insert_if_new(session: AsyncSession, table: Any) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
