"""The two stores of a test, with every table."""

from dataclasses import dataclass

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
