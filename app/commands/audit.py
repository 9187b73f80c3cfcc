"""The `audit` commands: whether the record of deeds is whole."""

from typing import TYPE_CHECKING

import typer

from app.commands.by_hand import with_service_store
from core.clock import system_clock

if TYPE_CHECKING:
    from core.database import Store
    from core.keys import ServiceKeys
    from core.settings import Settings
    from core.staff.audit import Broken, Sound

commands = typer.Typer(help="The record of who did what.", no_args_is_help=True)


@commands.callback()
def main() -> None:
    """Look after the record of deeds."""


@commands.command()
def verify() -> None:
    """Walk the whole record; a sound end is noted in AUDIT_ROOTS_FILE. The exit code is 1 when it is broken."""
    from core.staff.audit import Sound

    found = with_service_store(_verify)
    if isinstance(found, Sound):
        typer.echo(f"The record is whole: {found.root.seq} entries.")
        return
    typer.echo(f"The record is broken. {found.what}", err=True)
    raise typer.Exit(1)


async def _verify(store: "Store", keys: "ServiceKeys", settings: "Settings") -> "Sound | Broken":
    from core.staff.audit import Broken, Sound, verify_audit
    from core.staff.audit_roots import BadRootsFile, note_root, read_roots

    file = settings.audit_roots_file
    try:
        roots = read_roots(file) if file else ()
    except BadRootsFile as error:
        return Broken(0, str(error))
    async with store.read() as session:
        found = await verify_audit(session, keys, roots)
    if isinstance(found, Sound) and file:
        note_root(file, found.root, system_clock())
    return found
