"""The `questions` commands: look after the bank of questions."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(help="The bank of questions.", no_args_is_help=True)

FILE = typer.Argument(help="A file of questions; ours, when none is named.")


@commands.callback()
def main() -> None:
    """Look after the bank of questions."""


@commands.command()
def check(file: Annotated[Path | None, FILE] = None) -> None:
    """Say what is wrong in the file, with line and what to do; the exit code is then 1."""
    from core.settings import Settings
    from core.views.questions import check_questions

    path = file or Settings().data / "questions.yml"
    problems = check_questions(path)
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo(f"{path.name} is well.")
