"""Put together what importing into the Local Offer needs, and say how an import went."""

import secrets
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import urlsplit

from core.area import load_area
from core.clock import Clock, system_clock
from core.database import Store
from core.local_offer.importing import ImportDesk
from core.local_offer.open_referral import Problem
from core.local_offer.runs import Run
from core.local_offer.syncing import SyncDesk
from core.local_offer.tables import Outcome
from core.local_offer.taking_in import Known
from core.local_offer.words import load_words
from core.settings import Profile, Settings
from gateways.guarded_network import Allowed, read_hosts
from gateways.open_referral_feed import open_feed

SHOWN_PROBLEMS = 50


def read_known(settings: Settings) -> Known:
    """Read the words for needs and the area; BrokenDataFile says what is wrong in them."""
    return Known(load_words(settings.data / "local_offer"), load_area(settings.area_file))


def import_desk(
    store: Store, known: Known, *, clock: Clock = system_clock, is_sure: bool = False, is_dry: bool = False
) -> ImportDesk:
    """Give an import what it needs, under a name of its own."""
    return ImportDesk(store, clock, secrets.token_hex(16), known, is_sure=is_sure, is_dry=is_dry)


def feeds_allowed(settings: Settings) -> Allowed:
    """Say which feeds may be asked: those listed, or else the one that is set. On one machine also itself."""
    listed = read_hosts(settings.local_offer_feed_hosts)
    own = urlsplit(settings.local_offer_feed_url).netloc.rpartition("@")[2].lower()
    return Allowed(listed or frozenset({own} - {""}), loopback=settings.hys_profile is Profile.LOCAL)


def sync_desk(settings: Settings, imports: ImportDesk) -> SyncDesk:
    """Give a sync what it needs."""
    return SyncDesk(imports, partial(open_feed, feeds_allowed(settings)))


def say_run(run: Run, *, is_dry: bool = False) -> Iterator[str]:
    """Say how an import went, line by line: every bad record with what to do."""
    counts = run.counts
    yield f"Records read: {counts.total:,}. Services to use: {counts.taken:,}. Problems: {counts.wrong:,}."
    yield from _say(run.wrong, counts.wrong)
    if counts.notes:
        yield f"Taken all the same, but look at these: {counts.notes:,}"
        yield from _say(run.notes, counts.notes)
    if run.words:
        return
    yield (
        f"New: {counts.new:,}. Changed: {counts.changed:,}. Back again: {counts.back:,}. "
        f"Marked as removed: {counts.removed:,}."
    )
    if counts.kept:
        yield f"Kept as before, because the new record can not be used: {counts.kept:,}."
    if is_dry:
        yield "Nothing was changed: this was a dry run."
    elif run.outcome is Outcome.SWITCHED:
        yield "A running service finds them in a few seconds."


def _say(problems: Sequence[Problem], total: int) -> Iterator[str]:
    shown = problems[:SHOWN_PROBLEMS]
    yield from (f"  {problem}" for problem in shown)
    if total > len(shown):
        yield f"  ... and {total - len(shown):,} more."
