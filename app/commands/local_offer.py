"""The `local-offer` commands: look after the directory of help."""

from pathlib import Path
from typing import Annotated

import typer

from core.clock import system_clock
from core.local_offer.check import check_directory, say_findings
from core.settings import Settings
from core.text.yaml_source import BrokenDataFile

commands = typer.Typer(help="The directory of help (Local Offer).", no_args_is_help=True)

FOLDER = typer.Argument(help="A folder of Open Referral UK services; ours, when none is named.")
STRICT = typer.Option("--strict", help="Fail for what is old or unchecked too.")


@commands.callback()
def main() -> None:
    """Look after the directory of help."""


@commands.command()
def check(folder: Annotated[Path | None, FOLDER] = None, *, strict: Annotated[bool, STRICT] = False) -> None:
    """List the services that cannot be read, are old or are unchecked.

    The exit code is 1 when a record cannot be read (with --strict: also when one is old or unchecked).
    """
    try:
        findings = check_directory(folder or Settings().data / "local_offer", today=system_clock().date())
    except BrokenDataFile as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for line in say_findings(findings):
        typer.echo(line)
    if findings.invalid or (strict and findings.needs_a_look):
        raise typer.Exit(1)
