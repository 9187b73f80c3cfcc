"""The `safeguarding` commands: check the list of phrases, and try what is heard."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.database import Store
    from core.keys import ServiceKeys
    from core.safeguarding.phrases import Phrases
    from core.safeguarding.reviews import Missed
    from core.settings import Settings

commands = typer.Typer(
    help="What is heard as danger or a worry, and whether people read it.", no_args_is_help=True
)

WORDS = typer.Argument(help="What a young person might say, in quotation marks.")


@commands.callback()
def main() -> None:
    """Look after how danger and worries are heard, and read."""


@commands.command()
def check() -> None:
    """Say what is wrong in the list, with line and what to do; the exit code is then 1.

    A list that can be used is listened with to the everyday talk of the examples; each false alarm is shown.
    """
    from core.safeguarding.examples import load_examples
    from core.safeguarding.languages import load_languages
    from core.safeguarding.phrases import load_phrases
    from core.settings import Settings
    from core.text.people import load_names

    data = Settings().data
    phrases = load_phrases(data / "safeguarding_phrases.yml")
    ordinary = load_examples(data / "safeguarding_examples.yml").ordinary
    languages = load_languages(data / "languages.yml", load_names(data / "names.txt"))
    typer.echo("safeguarding_phrases.yml is well.")
    alarms = list(_false_alarms(ordinary, phrases))
    typer.echo(
        f"False alarms: {len(alarms)} of {len(ordinary)} everyday messages in safeguarding_examples.yml."
    )
    for alarm in alarms:
        typer.echo(f"  {alarm}")
    unchecked = [language.name for language in languages.others if language.checked_by is None]
    if unchecked:
        typer.echo(f"languages.yml: no speaker has read the line in {', '.join(unchecked)}.")


def _false_alarms(ordinary: Iterable[str], phrases: "Phrases") -> Iterable[str]:
    """Say of each everyday message that is heard at which level, by which phrases, and its words."""
    from core.safeguarding.rules import listen

    for said in ordinary:
        heard = listen(said, phrases)
        if heard is not None:
            names = ", ".join(dict.fromkeys(match.phrase_id for match in heard.because))
            yield f"{heard.level}: {names}: {said}"


@commands.command(name="try")
def try_words(words: Annotated[str, WORDS]) -> None:
    """Say whether danger or a worry is heard in some words, by which phrase or listener; nothing is kept."""
    from app.listener import open_listener
    from core.safeguarding.phrases import load_phrases
    from core.safeguarding.rules import listen
    from core.safeguarding.weighing import level_of_both
    from core.settings import Settings

    settings = Settings()
    heard = listen(words, load_phrases(settings.data / "safeguarding_phrases.yml"))
    listener = open_listener(settings)
    also = listener.hears(words) if listener else None
    level = level_of_both(heard, words, also) if listener else heard and heard.level
    typer.echo(f"Heard: {level}" if level else "Nothing is heard.")
    for match in heard.because if heard else ():
        sure = ", sure" if match.is_sure else ""
        typer.echo(f"  {match.level}: {match.phrase_id} ({match.category}{sure})")
    if heard and not level:
        typer.echo("  The second listener lets it pass: it goes to the blind review.")
    if listener is not None:
        scores, begins = listener.score(words), listener.begins_at(words)
        typer.echo(f"  second listener, worry: {scores.worry:.2f} (here it begins over {begins.worry:.2f})")
        typer.echo(f"  second listener, danger told plainly: {scores.plain:.2f} (over {begins.plain:.2f})")


@commands.command()
def drill() -> None:
    """Send a concern that is not real by the way of a real one, now; /staff/rota says how soon it was read."""
    from app.commands.by_hand import with_house
    from core.conversation.drilling import begin_drill

    with_house(begin_drill)
    typer.echo("The drill has begun, and its readers are called while the service runs. It ends by itself.")
    typer.echo("/staff/rota says how soon somebody has read it.")


@commands.command()
def review() -> None:
    """Say how much the blind review found in messages in which nothing was heard, up to the end of last week."""
    from app.commands.by_hand import with_service_store
    from core.clock import system_clock
    from core.safeguarding.reviews import how_much_is_missed

    async def work(store: "Store", _keys: "ServiceKeys", _settings: "Settings") -> "tuple[Missed, Missed]":
        async with store.read() as session:
            by_chance = await how_much_is_missed(session, system_clock())
            return by_chance, await how_much_is_missed(session, system_clock(), of_quieted=True)

    by_chance, quieted = with_service_store(work)
    _tell_missed("messages in which nothing was heard", by_chance)
    _tell_missed("messages in which a phrase was heard that the second listener let pass", quieted)


def _tell_missed(what: str, missed: "Missed") -> None:
    typer.echo(f"Reviewed: {missed.either.of} {what}.")
    for name, found in (("Danger", missed.danger), ("Danger or a worry", missed.either)):
        share = "nothing is known yet" if found.share is None else f"{found.share:.2%}"
        typer.echo(f"{name}: {found.found}, {share} (95 % interval {found.low:.2%} to {found.high:.2%})")
