"""The `doctor` command: what is missing or unsafe in this configuration, and how to mend it."""

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.doctor.finding import Finding


def doctor() -> None:
    """Say what is missing or unsafe for real young people, and how to mend it. Ends with code 1 if anything stops."""
    found = asyncio.run(_examine())
    stops, others = [each for each in found if each.stops], [each for each in found if not each.stops]
    for each in stops:
        typer.echo(f"STOPS  {each}")
    for each in others:
        typer.echo(f"LOOK   {each}")
    if stops:
        typer.echo(f"Not ready for real young people: {len(stops)} to mend, {len(others)} to look at.")
        raise typer.Exit(1)
    typer.echo(f"Nothing stops a start for real young people; {len(others)} to look at.")


async def _examine() -> "list[Finding]":
    from app.doctor.examine import examine_all
    from app.stores import open_stores, read_settings
    from core.area import load_area
    from core.clock import system_clock

    settings = read_settings()
    area, stores = load_area(settings.area_file), open_stores(settings)
    try:
        return await examine_all(settings, stores, area, system_clock())
    finally:
        await stores.close()
