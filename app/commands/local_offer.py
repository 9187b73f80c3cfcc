"""The `local-offer` commands: look after the directory of help."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.by_hand import with_service_store
from core.clock import system_clock
from core.errors import Refusal
from core.local_offer.check import check_directory, say_findings
from core.settings import Settings
from core.text.yaml_source import BrokenDataFile

if TYPE_CHECKING:
    from core.database import Store
    from core.keys import ServiceKeys
    from core.local_offer.runs import Run

commands = typer.Typer(help="The directory of help (Local Offer).", no_args_is_help=True)

FOLDER = typer.Argument(help="A folder of Open Referral UK services; ours, when none is named.")
STRICT = typer.Option("--strict", help="Fail for what is old or unchecked too.")
FILE = typer.Argument(
    help="Open Referral UK (JSON, 3.0 or 1.0), or Outpost's CSV.", exists=True, dir_okay=False
)
SOURCE = typer.Option("--source", help="Whose list this is; the file's name, when none is named.")
DRY_RUN = typer.Option("--dry-run", help="Only say what would happen.")
URL = typer.Argument(help="The feed's address; LOCAL_OFFER_FEED_URL, when none is named.")
YES = typer.Option("--yes", help="Switch also when under half of the services are left.")


class NoFeed(Refusal):
    """No feed is set, and none was named."""

    words = "No feed is set. Set LOCAL_OFFER_FEED_URL, or name its address here."


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


@commands.command("import")
def import_(
    file: Annotated[Path, FILE],
    *,
    source: Annotated[str, SOURCE] = "",
    dry_run: Annotated[bool, DRY_RUN] = False,
    yes: Annotated[bool, YES] = False,
) -> None:
    """Import services from a file; what the file held before and holds no more is marked as removed.

    The exit code is 1 when nothing was changed, or when a record can not be used; the good ones are taken.
    """
    from app.imports import import_desk, read_known
    from core.local_offer.importing import LARGEST_FILE, Refused, import_file, source_of

    with file.open("rb") as opened:
        body = opened.read(LARGEST_FILE + 1)

    async def work(store: "Store", _keys: "ServiceKeys", settings: Settings) -> "Run":
        desk = import_desk(store, read_known(settings), is_sure=yes, is_dry=dry_run)
        try:
            return await import_file(desk, body, name=file.name, source=source_of(source or file.name))
        except Refused as refused:
            return replace(refused.run, words=refused.said)

    _end_with(with_service_store(work), is_dry=dry_run)


@commands.command()
def sync(url: Annotated[str, URL] = "", *, yes: Annotated[bool, YES] = False) -> None:
    """Take in what a feed of Open Referral UK (3.0 or 1.0) holds now; it happens each night by itself.

    All of it is read and checked before anything changes. The exit code is 1 when nothing was changed, or when a
    record can not be used; the good ones are taken.
    """
    from app.imports import import_desk, read_known, sync_desk
    from core.local_offer.importing import Refused
    from core.local_offer.syncing import sync_feed

    async def work(store: "Store", _keys: "ServiceKeys", settings: Settings) -> "Run":
        feed = url or settings.local_offer_feed_url
        if not feed:
            raise NoFeed
        desk = sync_desk(settings, import_desk(store, read_known(settings), is_sure=yes))
        try:
            return await sync_feed(desk, feed, told=_tell)
        except Refused as refused:
            return replace(refused.run, words=refused.said)

    _end_with(with_service_store(work), is_dry=False)


def _tell(what: str, done: int, total: int) -> None:
    of_all = f" of {total:,}" if total else ""
    typer.echo(f"  {what}: {done:,}{of_all}", err=True)


def _end_with(run: "Run", *, is_dry: bool) -> None:
    """Say how it went; the exit code is 1 when nothing was changed, or a record could not be used."""
    from app.imports import say_run

    for line in say_run(run, is_dry=is_dry):
        typer.echo(line)
    if run.words:
        typer.echo(run.words, err=True)
    if run.words or run.wrong:
        raise typer.Exit(1)
