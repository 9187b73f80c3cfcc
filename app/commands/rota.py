"""The `rota` command: who is called at which hours, before the first start lets anybody onto the page."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.by_hand import with_service_store
from core.clock import system_clock

if TYPE_CHECKING:
    from core.database import Store
    from core.keys import ServiceKeys
    from core.settings import Settings

commands = typer.Typer(help="The rota: who is called about a concern.", no_args_is_help=True)

EMAIL = typer.Argument(help="The e-mail of a safeguarding lead who has an account.")
DAYS = typer.Option(
    "--day", help="monday to sunday, or bank_holiday; once for each day. Without it: all days."
)
FROM = typer.Option("--from", help="When the turn begins, like 09:00.")
TO = typer.Option("--to", help="When it ends, like 17:00; midnight is 24:00.")
PLACE = typer.Option("--place", help="1 is called first, then 2, then 3; 0 is the duty manager.")
MOBILE = typer.Option("--mobile", help="A UK mobile number for alerts by text, like 07700 900123.")


@commands.callback()
def main() -> None:
    """Look after the rota; when the service runs, leads and administrators do it on /staff/rota."""


@commands.command()
def add(
    email: Annotated[str, EMAIL],
    day: Annotated[list[str] | None, DAYS] = None,
    from_: Annotated[str, FROM] = "00:00",
    to: Annotated[str, TO] = "24:00",
    place: Annotated[int, PLACE] = 1,
    mobile: Annotated[str, MOBILE] = "",
) -> None:
    """Put a turn of a safeguarding lead on the rota."""
    from core.safeguarding.rota import NewTurn, add_turn
    from core.safeguarding.rota_rules import Day
    from core.staff.accounts import find_staff
    from core.staff.audit import COMMAND_LINE

    async def work(store: "Store", keys: "ServiceKeys", _settings: "Settings") -> None:
        async with store.write() as session:
            staff = await find_staff(session, email)
            new = NewTurn(staff, mobile, day or list(Day), from_, to, str(place))
            await add_turn(session, keys, new, by=COMMAND_LINE, now=system_clock())

    with_service_store(work)
    typer.echo("The turn is on the rota.")
