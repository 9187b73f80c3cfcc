"""Bring a store to the newest tables, and write the next migration when the tables have changed."""

import asyncio
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from core.database import Store, open_store

Which = Literal["service", "views"]
ONE_AT_A_TIME = 20_210_625
"""PostgreSQL's advisory lock that keeps two starting processes from migrating at once."""


async def migrate(store: Store, which: Which) -> None:
    """Run every migration that a store has not seen, in one transaction."""
    async with store.writer.begin() as connection:
        await connection.run_sync(_upgrade, which)


async def is_at_head(store: Store, which: Which) -> bool:
    """Say whether a store has every table that this version knows, and none of a later one; changes nothing."""
    async with store.reader.connect() as connection:
        return await connection.run_sync(_is_at_head, which)


async def write_migration(store: Store, which: Which, reason: str) -> None:
    """Write the migration from the newest one to the tables as they are in the code."""
    async with store.writer.begin() as connection:
        await connection.run_sync(_upgrade, which)
    async with store.writer.begin() as connection:
        await connection.run_sync(_write, which, reason)


def config_for(connection: Connection, which: Which) -> Config:
    """Point alembic at a store's migrations and the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / which))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, which: Which) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    command.upgrade(config_for(connection, which), "head")


def _is_at_head(connection: Connection, which: Which) -> bool:
    known = ScriptDirectory.from_config(config_for(connection, which)).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(known)


def _write(connection: Connection, which: Which, reason: str) -> None:
    written = command.revision(config_for(connection, which), message=reason, autogenerate=True)
    for script in written if isinstance(written, list) else [written]:
        if script is not None:
            _tidy(Path(script.path))


def _tidy(path: Path) -> None:
    """Give a new migration the layout of our own code."""
    for words in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([Path(sys.executable).parent / "ruff", *words, path], check=True)  # noqa: S603 - our own


async def _main(which: Which, reason: str) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite+aiosqlite:///{folder}/{which}.db")
        await write_migration(store, which, reason)
        await store.close()


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("service", "views"):  # noqa: PLR2004 - the command's two words
        sys.exit("Say which store and why: python -m migrations.migrate service|views 'reason'")
    asyncio.run(_main("service" if sys.argv[1] == "service" else "views", sys.argv[2]))
