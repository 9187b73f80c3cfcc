"""The command `purge`: delete now what has been kept long enough."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.conversation.purge import Purged

DRY_RUN = typer.Option("--dry-run", help="Only say what would go.")


def purge(*, dry_run: Annotated[bool, DRY_RUN] = False) -> None:
    """Delete what has been kept as long as the area file says, and do the wishes to erase (it happens each night)."""
    for each in asyncio.run(_purge(dry_run=dry_run)):
        typer.echo(f"{each.what}: {each.count:,} {'would go' if dry_run else 'gone'}")


async def _purge(*, dry_run: bool) -> "list[Purged]":
    from app.nightly import build_purger, purge_now
    from app.stores import bring_up_to_date, open_stores, read_settings
    from core.area import load_area
    from core.kept_keys import with_kept_keys
    from core.keys import service_keys, views_keys

    settings = read_settings()
    area, stores = load_area(settings.area_file), open_stores(settings)
    try:
        await bring_up_to_date(stores)
        keys = await with_kept_keys(stores.service, service_keys(settings))
        return await purge_now(build_purger(stores, keys, area, seals=views_keys(settings), dry_run=dry_run))
    finally:
        await stores.close()
