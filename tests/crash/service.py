"""The service that is killed: all of it but Rasa. A line on stdin is a life: its settings, and how far its clock is on.

The lists are read once; each life is a process of its own, forked, which nothing but the databases outlives.
"""

import asyncio
import json
import os
import sys
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from rich.console import Console

from app.compose import build_house
from app.lists import Lists, read_lists
from app.logs import set_up_logs
from app.serve import RasaSeat, say_accounts, serve_until_stopped
from app.stores import bring_up_to_date, open_stores
from core.clock import system_clock
from core.kept_keys import with_kept_keys
from core.keys import service_keys
from core.settings import Settings
from tests.crash.bot import QuickBot

NOWHERE = Console(file=StringIO())


async def live(settings: Settings, lists: Lists, *, clock_is_on: timedelta) -> None:
    """Serve as `haveyoursay run` does, with the quick bot in Rasa's place, until killed."""

    def clock() -> datetime:
        return system_clock() + clock_is_on

    stores = open_stores(settings)
    await bring_up_to_date(stores)
    keys = await with_kept_keys(stores.service, service_keys(settings))
    house = build_house(settings, stores, QuickBot(), lists, clock=clock, keys=keys)
    await say_accounts(settings, house, NOWHERE)
    seat = RasaSeat(settings.rasa_url, "no token", None)
    await serve_until_stopped(settings, stores, lists, house, seat, NOWHERE)


def main() -> None:
    """Fork a life for each line, say its id, and say how it ended."""
    set_up_logs()
    lists = read_lists(Settings(_env_file=None))
    _say("ready", 0)
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        settings = Settings(_env_file=None, **order["settings"])
        pid = os.fork()
        if pid == 0:
            asyncio.run(live(settings, lists, clock_is_on=timedelta(seconds=order["clock_is_on"])))
            os._exit(0)
        _say("pid", pid)
        _, status = os.waitpid(pid, 0)
        _say("ended", os.waitstatus_to_exitcode(status))


def _say(what: str, value: int) -> None:
    sys.stdout.write(json.dumps({what: value}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
