"""The two stores of a test, with every table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

import migrations.tables  # noqa: F401 - importing them is what makes them known
from core.database import ServiceBase, Store, ViewsBase


@dataclass(frozen=True)
class Stores:
    service: Store
    views: Store


async def make_tables(stores: Stores) -> None:
    async with stores.service.writer.begin() as connection:
        await connection.run_sync(ServiceBase.metadata.create_all)
    async with stores.views.writer.begin() as connection:
        await connection.run_sync(ViewsBase.metadata.create_all)


@contextmanager
def glances_of(store: Store) -> Iterator[list[str]]:
    """Note the statements by which a store is glanced at (with PostgreSQL all by which it is read)."""
    engine = store.glancer or store.reader.sync_engine
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
