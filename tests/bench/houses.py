"""A house to measure with: on SQLite whose commits wait for the disk, without limits, and with nobody who answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import yaml

from core.conversation.house import House
from core.database import open_store
from core.rate_limits import Limiter
from core.safeguarding.rules import listen
from core.settings import HERE
from tests.builders import build_test_house, lists
from tests.fakes import FakeClock
from tests.stores import Stores, make_tables

HELD_OUT = HERE / "tests" / "bot" / "data" / "held_out_messages.yml"


def everyday_messages() -> list[str]:
    """Give what young people might say in which nothing is heard: of many kinds and lengths, and in many words."""
    said = yaml.safe_load(HELD_OUT.read_text(encoding="utf-8"))
    messages = [message for some in said.values() for message in some]
    return [message for message in messages if listen(message, lists().phrases) is None]


@asynccontextmanager
async def unlimited_house(folder: Path) -> AsyncIterator[House]:
    """Build it in a folder; RuntimeError when commits do not wait for the disk.

    So many from one phone would be slowed down: what is measured is how fast they are kept.
    """
    stores = Stores(
        open_store(f"sqlite+aiosqlite:///{folder}/service.db"),
        open_store(f"sqlite+aiosqlite:///{folder}/views.db"),
    )
    await make_tables(stores)
    async with stores.service.writer.connect() as connection:
        if (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() != 2:
            raise RuntimeError("Commits do not wait for the disk.")
    house = build_test_house(stores, FakeClock())
    yield replace(house, limiter=Limiter(house.keys, house.clock, is_on=False))
    await stores.service.close()
    await stores.views.close()
