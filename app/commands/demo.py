"""The `demo` command: invented people talk over two terms, so that every page has something to show."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.stores import Stores
    from core.settings import Settings

REMOVE = typer.Option("--remove", help="Take away all that the demo made, and nothing else.")


def demo(*, remove: Annotated[bool, REMOVE] = False) -> None:
    """Let 2,000 invented people talk over the last two closed terms, and publish both.

    Not in production, not where real conversations are, and not while the service runs.
    """
    try:
        asyncio.run(_demo(remove=remove))
    except KeyboardInterrupt:
        typer.echo("The demo was cut off. Take it away with: haveyoursay demo --remove", err=True)
        raise typer.Exit(1) from None


async def _demo(*, remove: bool) -> None:
    from app.demo.made import refuse_in_production
    from app.in_use import alone, in_use
    from app.stores import bring_up_to_date, open_stores, read_settings

    settings = read_settings()
    refuse_in_production(settings)
    async with in_use(settings) if remove else alone(settings):
        stores = open_stores(settings)
        try:
            await bring_up_to_date(stores)
            await (_remove(settings, stores) if remove else _play(settings, stores))
        finally:
            await stores.close()


async def _play(settings: "Settings", stores: "Stores") -> None:
    from rich.console import Console

    from app.demo.demo import PEOPLE, play_demo

    await play_demo(settings, stores, Console(stderr=True))
    typer.echo(
        f"{PEOPLE} invented people have talked. Start the service, and sign in to see what they said: "
        f"{settings.public_url}/staff/"
    )


async def _remove(settings: "Settings", stores: "Stores") -> None:
    from app.demo.remove import remove_demo

    removed = await remove_demo(stores, settings)
    typer.echo(f"The demo is gone: {removed} conversations.")
