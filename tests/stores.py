"""The two stores of a test, with every table."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from core.database import ServiceBase, Store, ViewsBase

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Stores:
    service: Store
    views: Store


def import_all_tables() -> None:
    """Import every module of tables in core, so that both bases know all of theirs."""
    for path in sorted([*ROOT.glob("core/**/*tables.py")]):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


async def make_tables(stores: Stores) -> None:
    import_all_tables()
    async with stores.service.writer.begin() as connection:
        await connection.run_sync(ServiceBase.metadata.create_all)
    async with stores.views.writer.begin() as connection:
        await connection.run_sync(ViewsBase.metadata.create_all)
