"""Purge each night: what has been kept long enough goes, and the wishes of the day are done."""

import asyncio
import secrets
from datetime import timedelta

import structlog

from app.lists import Lists
from app.releases import MOVE_JOB, MOVE_LASTS
from app.stores import Stores
from core.area_file import Area
from core.clock import Clock, system_clock
from core.conversation.house import House
from core.conversation.purge import Purged, Purger, purge
from core.errors import Refusal
from core.job_lease import last_done, lease_job, note_done
from core.keys import ServiceKeys
from core.sealing import Keyring

log = structlog.get_logger()

PURGE_JOB = "purge"
PURGE_LASTS = timedelta(hours=2)
NIGHT = range(2, 5)
"""The hours of the area's clock in which it runs."""
OVERDUE = timedelta(hours=30)
"""A machine that is off at night purges when it is on."""
ONCE_A_NIGHT = timedelta(hours=12)
LOOK_EVERY_SECONDS = 600.0


class PurgeUnderWay(Refusal):
    """Another process purges now, or moves views, which must not meet it."""

    words = "Another process is purging or moving views now. Try again when it is done."


def build_purger(
    stores: Stores,
    keys: ServiceKeys,
    area: Area,
    *,
    seals: Keyring,
    clock: Clock = system_clock,
    dry_run: bool = False,
) -> Purger:
    """Put together what a purge needs."""
    return Purger(
        service=stores.service,
        views=stores.views,
        keys=keys,
        seals=seals,
        clock=clock,
        retention=area.retention,
        periods=area.periods,
        dry_run=dry_run,
    )


async def purge_now(purger: Purger) -> list[Purged]:
    """Purge; PurgeUnderWay if another process does. Views under way are waited out: none may arrive after it."""
    owner, store, clock = secrets.token_hex(16), purger.service, purger.clock
    async with lease_job(store, PURGE_JOB, owner=owner, clock=clock, lasting=PURGE_LASTS) as ours:
        if not ours:
            raise PurgeUnderWay
        async with lease_job(store, MOVE_JOB, owner=owner, clock=clock, lasting=MOVE_LASTS) as still:
            if not still:
                raise PurgeUnderWay
            done = await purge(purger)
        if not purger.dry_run:
            await note_done(store, PURGE_JOB, owner=owner, clock=clock)
        return done


async def is_due(purger: Purger, area: Area) -> bool:
    """Say whether tonight's purge is still to be done, or one was missed."""
    now, last = purger.clock(), await last_done(purger.service, PURGE_JOB)
    is_night = now.astimezone(area.zone).hour in NIGHT
    if last is None:
        return True
    return now - last > OVERDUE or (is_night and now - last > ONCE_A_NIGHT)


async def purge_each_night(house: House, stores: Stores, lists: Lists, stop: asyncio.Event) -> None:
    """Purge once a night, whichever process comes first, until told to stop."""
    purger = build_purger(stores, house.keys, lists.area, seals=house.codes.seals)
    while not stop.is_set():
        try:
            if await is_due(purger, lists.area):
                await purge_now(purger)
        except PurgeUnderWay:
            log.info("purge_left_to_another")
        except Exception as error:  # noqa: BLE001 - what was not deleted now is deleted ten minutes later
            log.error("purge_broke_off", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
