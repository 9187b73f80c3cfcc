"""What commands that are run by hand on the server share: stores that are up to date, and plain words."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from core.conversation.house import House
    from core.database import Store
    from core.keys import ServiceKeys
    from core.settings import Settings

Given = TypeVar("Given")


def with_service_store(work: "Callable[[Store, ServiceKeys, Settings], Awaitable[Given]]") -> Given:
    """Run `work` on the service store; say a normal "no" in plain words and end with code 1."""
    from app.stores import SettingsNotReadable
    from core.errors import Refusal
    from core.sealing import BadKeys

    try:
        return asyncio.run(_run(work))
    except (Refusal, SettingsNotReadable, BadKeys) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


async def _run(work: "Callable[[Store, ServiceKeys, Settings], Awaitable[Given]]") -> Given:
    from app.stores import bring_up_to_date, open_stores, read_settings
    from core.kept_keys import with_kept_keys
    from core.keys import service_keys

    settings = read_settings()
    stores = open_stores(settings)
    try:
        await bring_up_to_date(stores)
        keys = await with_kept_keys(stores.service, service_keys(settings))
        return await work(stores.service, keys, settings)
    finally:
        await stores.close()


def with_house(work: "Callable[[House], Awaitable[Given]]") -> Given:
    """Run `work` on the house of this configuration, whose bot is not asked; plain words as `with_service_store`."""

    async def on_stores(_store: "Store", keys: "ServiceKeys", settings: "Settings") -> Given:
        from app.compose import build_house
        from app.lists import read_lists
        from app.stores import open_stores
        from bot.client import RasaBot

        stores, bot = open_stores(settings), RasaBot("http://127.0.0.1:9", "")
        try:
            return await work(build_house(settings, stores, bot, read_lists(settings), keys=keys))
        finally:
            await bot.close()
            await stores.close()

    return with_service_store(on_stores)


def read_secret_line() -> str:
    """Read a secret from the first line of standard input."""
    return sys.stdin.readline().rstrip("\r\n")
