"""The command `haveyoursay`."""

import asyncio
import os
import sys

import typer
from rich.console import Console

from app.commands import (
    api_keys,
    audit,
    chat,
    demo,
    doctor,
    erase,
    keys,
    local_offer,
    purge,
    questions,
    releases,
    rota,
    safeguarding,
    staff,
)
from app.logs import set_up_logs

app = typer.Typer(
    help="Have Your Say: young people with special needs say what they think, and councils listen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(local_offer.commands, name="local-offer")
app.add_typer(questions.commands, name="questions")
app.add_typer(safeguarding.commands, name="safeguarding")
app.add_typer(releases.views, name="views")
app.add_typer(staff.commands, name="staff")
app.add_typer(rota.commands, name="rota")
app.add_typer(api_keys.commands, name="api-keys")
app.add_typer(audit.commands, name="audit")
app.add_typer(keys.commands, name="keys")
app.command()(releases.release)
app.command()(demo.demo)
app.command()(chat.chat)
app.command()(purge.purge)
app.command()(erase.erase)
app.command()(doctor.doctor)

console = Console(stderr=True, soft_wrap=True)


@app.command()
def run() -> None:
    """Set everything up, start the app, Rasa and the workers, and say where they are. Ctrl-C stops all."""
    from uvicorn.loops.auto import auto_loop_factory

    with asyncio.Runner(loop_factory=auto_loop_factory()) as loop:  # the quicker one, where there is one
        loop.run(_run())


async def _run() -> None:
    from app.in_use import in_use
    from app.serve import serve
    from app.stores import read_settings

    settings = read_settings()
    async with in_use(settings):
        await serve(settings, console)


@app.command()
def train() -> None:
    """Set Rasa up, and teach it if what it learns from has changed."""
    from app.stores import read_settings
    from app.training import set_up_rasa

    _, model = set_up_rasa(read_settings(), console)
    console.print(f"The bot is up to date ({model.name}).")


def main() -> None:
    """Run the command line; what we know can go wrong is said in plain words, without a trace."""
    set_up_logs()
    os.umask(0o077)  # what we write is for our own account only
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(0)
    except Exception as error:
        if not isinstance(error, _known()):
            raise
        console.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(1)


def _known() -> tuple[type[Exception], ...]:
    """Give what can go wrong without being a bug."""
    from app.rasa_environment import SetUpFailed
    from app.stores import SettingsNotReadable, StoreNotReachable
    from app.work_accounts import BadWorkSignIn
    from core.errors import Refusal
    from core.local_offer.directory import DirectoryNotReadable
    from core.sealing import BadKeys
    from core.staff.work_account import BadRoles
    from core.text.yaml_source import BrokenDataFile
    from gateways.smtp import BadMailServer

    return (
        SetUpFailed,
        SettingsNotReadable,
        StoreNotReachable,
        Refusal,
        DirectoryNotReadable,
        BadKeys,
        BadMailServer,
        BadRoles,
        BadWorkSignIn,
        BrokenDataFile,
    )


if __name__ == "__main__":
    main()
