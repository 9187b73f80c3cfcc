"""The migrations of each store have one head and lead to the tables as they are in the code."""

from pathlib import Path
from typing import get_args

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from core.database import ServiceBase, ViewsBase, open_store
from core.settings import HERE
from migrations.migrate import Which, migrate
from tests.architecture.source import files, read

TABLES: dict[Which, MetaData] = {"service": ServiceBase.metadata, "views": ViewsBase.metadata}


@pytest.mark.parametrize("which", get_args(Which))
def test_there_is_one_newest_migration(which: Which) -> None:
    assert len(ScriptDirectory(str(HERE / "migrations" / which)).get_heads()) == 1


@pytest.mark.parametrize("which", get_args(Which))
async def test_the_migrations_lead_to_the_tables_in_the_code(which: Which, tmp_path: Path) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, TABLES[which]))

    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/{which}.db")
    await migrate(store, which)
    async with store.writer.connect() as connection:
        found = await connection.run_sync(differences)
    await store.close()
    assert found == [], f"Write the next migration: make migration STORE={which} REASON='...'"


def test_the_migrations_know_every_module_of_tables() -> None:
    known = read("migrations/tables.py")
    missing = [str(path) for path in files("core", "*tables.py") if _dotted(path) not in known]
    assert missing == []


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)
