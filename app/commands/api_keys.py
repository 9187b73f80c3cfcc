"""The `api-keys` commands: which other systems may read."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.by_hand import with_service_store
from core.clock import system_clock
from core.staff.roles import Scope

if TYPE_CHECKING:
    from core.database import Store
    from core.keys import ServiceKeys
    from core.settings import Settings

commands = typer.Typer(help="Keys by which other systems may read.", no_args_is_help=True)

NAME = typer.Argument(help="A name by which to know and revoke the key.")
SCOPE = typer.Option("--scope", help="What the key opens.")


@commands.callback()
def main() -> None:
    """Look after API keys."""


@commands.command()
def add(name: Annotated[str, NAME], scope: Annotated[Scope, SCOPE]) -> None:
    """Add a key and print its secret, alone and only this once."""
    from core.staff.api_keys import add_api_key
    from core.staff.audit import COMMAND_LINE

    async def work(store: "Store", keys: "ServiceKeys", _settings: "Settings") -> str:
        async with store.write() as session:
            return await add_api_key(
                session, keys, name=name, scope=scope, by=COMMAND_LINE, now=system_clock()
            )

    typer.echo(with_service_store(work))


@commands.command()
def revoke(name: Annotated[str, NAME]) -> None:
    """Let the key of this name open nothing from now on."""
    from core.staff.api_keys import revoke_api_key
    from core.staff.audit import COMMAND_LINE

    async def work(store: "Store", keys: "ServiceKeys", _settings: "Settings") -> None:
        async with store.write() as session:
            await revoke_api_key(session, keys, name=name, by=COMMAND_LINE, now=system_clock())

    with_service_store(work)
    typer.echo("The key opens nothing from now on.", err=True)
