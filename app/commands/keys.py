"""The `keys` commands: bring everything under the newest key, so that an old one can be thrown away."""

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.key_rotation import Rotated

commands = typer.Typer(help="The keys that seal what is kept.", no_args_is_help=True)


@commands.callback()
def main() -> None:
    """Look after the keys."""


@commands.command()
def rotate() -> None:
    """Seal everything anew under the first key of SERVICE_KEYS and VIEWS_KEYS. The exit code is 1 when some is left.

    Put the new key in front of the old one and restart the service first. It may go on running meanwhile.
    Stopped half-way, it goes on from there the next time.
    """
    rotated = asyncio.run(_rotate())
    for each in rotated:
        typer.echo(f"{each.what}: {each.done:,} sealed anew, {each.left:,} left.")
    stuck = sum(each.stuck for each in rotated)
    if stuck:
        typer.echo(
            f"{stuck:,} could not be opened with any key in the settings: is an old key missing?", err=True
        )
    if any(each.left for each in rotated):
        typer.echo("Keep the old keys: something still needs them. Run this again.", err=True)
        raise typer.Exit(1)
    typer.echo("Nothing needs an older key now. Take it out of the settings and restart the service.")


async def _rotate() -> "list[Rotated]":
    from app.key_rotation import rotate_keys
    from app.stores import bring_up_to_date, open_stores, read_settings
    from core.kept_keys import with_kept_keys
    from core.keys import service_keys, views_keys

    settings = read_settings()
    stores = open_stores(settings)
    try:
        await bring_up_to_date(stores)
        keys = await with_kept_keys(stores.service, service_keys(settings))
        return await rotate_keys(stores, keys, views_keys(settings), told=_tell)
    finally:
        await stores.close()


def _tell(what: str, done: int, total: int) -> None:
    if total:
        typer.echo(f"  {what}: {done:,} of {total:,}", err=True)
