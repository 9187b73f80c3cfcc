"""The command `haveyoursay`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from app.commands import api_keys, audit, local_offer, staff
from app.logs import set_up_logs

app = typer.Typer(
    help="Have Your Say: young people with special needs say what they think, and councils listen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(local_offer.commands, name="local-offer")
app.add_typer(staff.commands, name="staff")
app.add_typer(api_keys.commands, name="api-keys")
app.add_typer(audit.commands, name="audit")

console = Console(stderr=True, soft_wrap=True)


@app.command()
def run() -> None:
    """Set everything up, start the app, Rasa and the workers, and say where they are. Ctrl-C stops all."""
    from app.serve import serve
    from app.stores import read_settings

    set_up_logs()
    with plain_words():
        asyncio.run(serve(read_settings(), console))


@app.command()
def train() -> None:
    """Set Rasa up, and teach it if what it learns from has changed."""
    from app.stores import read_settings
    from app.training import set_up_rasa

    with plain_words():
        _, model = set_up_rasa(read_settings(), console)
        console.print(f"The bot is up to date ({model.name}).")


@contextmanager
def plain_words() -> Iterator[None]:
    """Say what went wrong in plain words, without a trace, where we know what it is; exit code 1."""
    from app.rasa_environment import SetUpFailed
    from app.stores import SettingsNotReadable
    from core.errors import Refusal
    from core.local_offer.directory import DirectoryNotReadable
    from core.sealing import BadKeys
    from core.text.yaml_source import BrokenDataFile

    known = (SetUpFailed, SettingsNotReadable, Refusal, DirectoryNotReadable, BadKeys, BrokenDataFile)
    try:
        yield
    except known as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
