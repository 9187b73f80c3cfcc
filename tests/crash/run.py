"""`make crash`: kill the service many times on both databases, say what was found, and write bench/crash.json."""

import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from app.logs import set_up_logs
from core.failpoint import Failpoint
from core.settings import HERE
from tests.conftest import new_databases, postgres_url
from tests.crash.kill import Toll, kill_and_check, plan

TIMES, MOVES = 66, 3
"""On each database: 22 at random, 44 at the points on the way of a message and 3 at those of a move. Before each of
these a life is killed at random, too: 116 kills in all."""
RESULTS = HERE / "bench" / "crash.json"


def main() -> None:
    """Run on SQLite and, where there is one, on PostgreSQL; exit with 1 when anything is wrong."""
    set_up_logs()
    console, told = Console(), {}
    for database in sys.argv[1:] or ["sqlite", "postgres"]:
        began = time.monotonic()
        toll = asyncio.run(_kill_on(database))
        told[database] = as_json(toll, seconds=time.monotonic() - began)
        console.print(as_table(database, toll))
        before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps({**before, database: told[database]}, indent=2) + "\n")
    sys.exit(any(each["wrong"] for each in told.values()))


async def _kill_on(database: str) -> Toll:
    with tempfile.TemporaryDirectory() as folder:
        if database == "sqlite":
            return await kill_and_check(Path(folder), plan(TIMES), moves=MOVES)
        server = postgres_url()
        if server is None:
            raise SystemExit("PostgreSQL was not found on loopback, and HYS_TEST_POSTGRES_URL is not set")
        async with new_databases(server) as urls:
            return await kill_and_check(Path(folder), plan(TIMES), moves=MOVES, urls=urls)


def as_json(toll: Toll, *, seconds: float) -> dict[str, Any]:
    """Give what is written: kills by where, and what was found."""
    return {
        "cores": os.cpu_count(),
        "seconds": round(seconds),
        "kills": toll.kills.total(),
        "kills_at": {_where(point): count for point, count in sorted(toll.kills.items())},
        "found": asdict(toll.found),
        "wrong": toll.found.wrong,
    }


def as_table(database: str, toll: Toll) -> Table:
    """Give what is printed."""
    table = Table("what", "how many", title=f"{database}: {toll.kills.total()} kills")
    for point, count in sorted(toll.kills.items()):
        table.add_row(f"killed at: {_where(point)}", str(count))
    for name, value in asdict(toll.found).items():
        table.add_row(name.replace("_", " "), str(value))
    return table


def _where(point: int) -> str:
    return f"{point} {Failpoint(point).name.lower()}" if point else "at random"


if __name__ == "__main__":
    main()
