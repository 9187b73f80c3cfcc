"""The `safeguarding` commands: check the list of phrases, and try what is heard."""

from typing import Annotated

import typer

commands = typer.Typer(help="The phrases that mean danger or a worry.", no_args_is_help=True)

WORDS = typer.Argument(help="What a young person might say, in quotation marks.")


@commands.callback()
def main() -> None:
    """Look after the phrases that mean danger or a worry."""


@commands.command()
def check() -> None:
    """Say what is wrong in the list, with line and what to do; the exit code is then 1."""
    from core.safeguarding.phrases import load_phrases
    from core.settings import Settings

    path = Settings().data / "safeguarding_phrases.yml"
    load_phrases(path)
    typer.echo(f"{path.name} is well.")


@commands.command(name="try")
def try_words(words: Annotated[str, WORDS]) -> None:
    """Say whether danger or a worry is heard in some words, and by which phrase; nothing is kept."""
    from core.safeguarding.phrases import load_phrases
    from core.safeguarding.rules import listen
    from core.settings import Settings

    heard = listen(words, load_phrases(Settings().data / "safeguarding_phrases.yml"))
    if heard is None:
        typer.echo("Nothing is heard.")
        return
    typer.echo(f"Heard: {heard.level}")
    for match in heard.because:
        typer.echo(f"  {match.level}: {match.phrase_id} ({match.category})")
