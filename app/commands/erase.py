"""The command `erase`: delete all that one young person said, when they asked a person for it."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.by_hand import with_service_store
from core.clock import system_clock

if TYPE_CHECKING:
    from core.database import Store
    from core.keys import ServiceKeys
    from core.settings import Settings

REFERENCE = typer.Option("--reference", help='The words of their request, as in "blue fox 42".')
NUMBER = typer.Option("--number", help="Their phone number, as in +447700900123.")
CONVERSATION = typer.Option("--conversation", help="The id of their conversation.")
SURE = typer.Option("--yes", help="Do not ask again.")
DONE = (
    "Erased what can be, in {count} of their conversations. What keeps people safe stays. Views that have left go in "
    "the night, or now with `haveyoursay purge`."
)
"""The same whether or not there is a concern: who runs this is not told."""


def erase(
    reference: Annotated[str | None, REFERENCE] = None,
    number: Annotated[str | None, NUMBER] = None,
    conversation: Annotated[str | None, CONVERSATION] = None,
    *,
    yes: Annotated[bool, SURE] = False,
) -> None:
    """Erase all that a young person said, in every conversation of theirs that is joined; it is recorded."""
    from core.conversation.erase_by_hand import Whose, erase_by_hand
    from core.staff.audit import COMMAND_LINE

    if sum(bool(each and each.strip()) for each in (reference, number, conversation)) != 1:
        typer.echo("Say whose: one of --reference, --number or --conversation.", err=True)
        raise typer.Exit(2)
    if not yes:
        typer.confirm(
            "This can not be undone. Did they ask for it themselves, or may you decide it?", abort=True
        )

    async def work(store: "Store", keys: "ServiceKeys", _settings: "Settings") -> int:
        whose = Whose(reference, number, conversation)
        return await erase_by_hand(store, keys, whose, by=COMMAND_LINE, now=system_clock())

    typer.echo(DONE.format(count=with_service_store(work)))
