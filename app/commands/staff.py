"""The `staff` commands: who may sign in."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.by_hand import read_secret_line, with_service_store
from core.clock import system_clock
from core.staff.roles import Role

if TYPE_CHECKING:
    from core.database import Store
    from core.keys import ServiceKeys
    from core.settings import Settings

commands = typer.Typer(help="Staff accounts: who may sign in.", no_args_is_help=True)

EMAIL = typer.Argument(help="The person's work e-mail; they sign in with it.")
ROLE = typer.Option("--role", help="The one job of this account.")
NAME = typer.Option("--name", help="The person's name; young people are told the first name.")
FROM_STDIN = typer.Option("--password-stdin", help="Read the password from standard input, and print none.")


@commands.callback()
def main() -> None:
    """Look after staff accounts."""


@commands.command()
def add(
    email: Annotated[str, EMAIL],
    role: Annotated[Role, ROLE],
    name: Annotated[str, NAME] = "",
    *,
    password_stdin: Annotated[bool, FROM_STDIN] = False,
) -> None:
    """Add an account and print its password, alone and only this once."""
    from core.staff.accounts import NewStaff, add_staff, check_password
    from core.staff.audit import COMMAND_LINE
    from core.staff.passwords import Passwords, draw_password

    said = read_secret_line() if password_stdin else None

    async def work(store: "Store", keys: "ServiceKeys", _settings: "Settings") -> str:
        password = draw_password() if said is None else check_password(said, email, name)
        kept = await Passwords().hash(password)
        new = NewStaff(email, name or _name_of(email), role, kept)
        async with store.write() as session:
            await add_staff(session, keys, new, by=COMMAND_LINE, now=system_clock())
        return password

    password = with_service_store(work)
    if not password_stdin:
        typer.echo(password)


@commands.command()
def reset(email: Annotated[str, EMAIL]) -> None:
    """Give a person a new password, printed alone and only this once; they set up their second step anew."""
    from core.staff.accounts import find_staff
    from core.staff.audit import COMMAND_LINE
    from core.staff.own_account import give_new_password
    from core.staff.passwords import Passwords, draw_password

    async def work(store: "Store", keys: "ServiceKeys", _settings: "Settings") -> str:
        password = draw_password()
        kept = await Passwords().hash(password)
        async with store.write() as session:
            staff = await find_staff(session, email)
            await give_new_password(session, keys, staff, kept, by=COMMAND_LINE, now=system_clock())
        return password

    typer.echo(with_service_store(work))


@commands.command()
def free(email: Annotated[str, EMAIL]) -> None:
    """End an account with a password and let its e-mail go, so that the person's work account can have it."""
    from core.staff.accounts import find_staff, free_email
    from core.staff.audit import COMMAND_LINE

    async def work(store: "Store", keys: "ServiceKeys", _settings: "Settings") -> None:
        async with store.write() as session:
            staff = await find_staff(session, email)
            await free_email(session, keys, staff, by=COMMAND_LINE, now=system_clock())

    with_service_store(work)
    typer.echo("That account has ended. The person can sign in with their work account now.")


def _name_of(email: str) -> str:
    """Make a name of an e-mail: "sam.green@..." is Sam Green."""
    return email.partition("@")[0].replace(".", " ").replace("_", " ").strip().title()
