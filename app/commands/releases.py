"""The commands `views move` and `release`: move views apart from who said them, and publish a period."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.releases import Desk

views = typer.Typer(help="What young people think.", no_args_is_help=True)

PERIOD = typer.Argument(help="The period's id in the area file, such as 2026-summer.")


@views.callback()
def main() -> None:
    """Look after what young people think."""


@views.command()
def move() -> None:
    """Move what may leave now to the views store, where nobody knows who said it."""
    asyncio.run(_move())


def release(period: Annotated[str, PERIOD]) -> None:
    """Publish a period that closed more than 7 days ago: counted, protected, checked, and never changed again."""
    asyncio.run(_release(period))


async def _move() -> None:
    from app.releases import move as move_now

    async with _desk() as desk:
        moved = await move_now(desk)
    typer.echo(f"Moved {moved.views} views of {moved.conversations} conversations.")


async def _release(period: str) -> None:
    from app.releases import publish
    from core.ids import PeriodId

    async with _desk() as desk:
        made = await publish(desk, PeriodId(period))
    typer.echo(f"Published {period} as release {made}.")


@asynccontextmanager
async def _desk() -> "AsyncIterator[Desk]":
    from app.lists import read_lists
    from app.releases import build_desk
    from app.stores import bring_up_to_date, open_stores, read_settings

    settings = read_settings()
    stores = open_stores(settings)
    try:
        await bring_up_to_date(stores)
        yield build_desk(settings, stores, read_lists(settings))
    finally:
        await stores.close()
