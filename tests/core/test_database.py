"""A store keeps what was committed, and loses no update."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import Select, bindparam, column, select, table, text

from core.database import Store
from tests.stores import Stores


async def _make_counter(store: Store) -> None:
    async with store.write() as session:
        await session.execute(text("CREATE TABLE counter (n INTEGER)"))
        await session.execute(text("INSERT INTO counter VALUES (0)"))


async def test_200_read_then_write_increments_at_once_are_all_kept(stores: Stores) -> None:
    store = stores.service
    await _make_counter(store)
    lock = " FOR UPDATE" if store.writer.dialect.name == "postgresql" else ""

    async def increment() -> None:
        async with store.write() as session:
            n = (await session.execute(text("SELECT n FROM counter" + lock))).scalar_one()
            await session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    await asyncio.gather(*(increment() for _ in range(200)))
    async with store.read() as session:
        assert (await session.execute(text("SELECT n FROM counter"))).scalar_one() == 200


async def test_a_block_that_raises_keeps_nothing(stores: Stores) -> None:
    store = stores.service
    await _make_counter(store)

    async def fail_half_way() -> None:
        async with store.write() as session:
            await session.execute(text("UPDATE counter SET n = 1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with store.read() as session:
        assert (await session.execute(text("SELECT n FROM counter"))).scalar_one() == 0


async def test_a_glance_sees_what_was_just_committed_and_nothing_that_was_not(stores: Stores) -> None:
    store = stores.service
    await _make_counter(store)
    wanted: Select[int] = (
        select(column("n")).select_from(table("counter")).where(column("n") >= bindparam("least"))
    )
    async with store.write() as session:
        await session.execute(text("UPDATE counter SET n = 1"))
        assert [row.n for row in await store.glance(wanted, least=0)] == [0]
    assert [row.n for row in await store.glance(wanted, least=1)] == [1]
    assert await store.glance(wanted, least=2) == []


async def test_a_write_waits_while_another_process_holds_the_lock(sqlite_stores: Stores) -> None:
    store = sqlite_stores.service
    await _make_counter(store)
    other = sqlite3.connect(store.writer.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def add_one() -> None:
        async with store.write() as session:
            await session.execute(text("UPDATE counter SET n = n + 1"))

    waiting = asyncio.create_task(add_one())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    other.execute("UPDATE counter SET n = 10")
    other.execute("COMMIT")
    other.close()
    await waiting
    async with store.read() as session:
        assert (await session.execute(text("SELECT n FROM counter"))).scalar_one() == 11


async def test_a_commit_waits_for_the_disk(stores: Stores) -> None:
    async with stores.service.write() as session:
        if stores.service.writer.dialect.name == "sqlite":
            assert (await session.execute(text("PRAGMA synchronous"))).scalar_one() == 2
            assert (await session.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
        else:
            assert (await session.execute(text("SHOW synchronous_commit"))).scalar_one() == "on"
