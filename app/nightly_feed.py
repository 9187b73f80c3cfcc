"""Sync with the feed each night, beside the running service."""

import asyncio
from datetime import timedelta

import structlog

from app.imports import import_desk, sync_desk
from app.lists import Lists
from app.nightly import NIGHT, ONCE_A_NIGHT, OVERDUE
from core.area import Area
from core.conversation.house import House
from core.errors import Refusal
from core.local_offer.runs import last_run
from core.local_offer.syncing import WENT_WELL, SyncDesk, source_of_feed, sync_feed
from core.local_offer.taking_in import Known
from core.settings import Settings

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 600.0
AFTER_A_FAILURE = timedelta(hours=1)


async def sync_each_night(settings: Settings, house: House, lists: Lists, stop: asyncio.Event) -> None:
    """Sync once a night, whichever process comes first, until told to stop; without a feed there is nothing to do."""
    feed = settings.local_offer_feed_url
    if not feed:
        return
    known = Known(lists.directory.words, lists.area)
    desk = sync_desk(settings, import_desk(house.service, known, clock=house.clock))
    while not stop.is_set():
        await sync_if_due(desk, feed, lists.area)
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


async def sync_if_due(desk: SyncDesk, feed: str, area: Area) -> None:
    """Sync if tonight's is still to be done or one was missed; what fails is tried again an hour later."""
    try:
        if await is_due(desk, feed, area):
            await sync_feed(desk, feed, told=_tell_nobody)
    except Refusal as refused:
        log.warning("feed_not_read", problem=type(refused).__name__)
    except Exception as error:  # noqa: BLE001 - the feed is one thing of many: it is asked again later
        log.error("feed_not_read", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace


async def is_due(desk: SyncDesk, feed: str, area: Area) -> bool:
    """Say whether it is time to ask the feed."""
    now, source = desk.imports.clock(), source_of_feed(feed)
    async with desk.imports.store.read() as session:
        tried = await last_run(session, source)
        good = await last_run(session, source, *WENT_WELL)
    if tried is not None and now - tried.ended_at < AFTER_A_FAILURE:
        return False
    if good is None or now - good.ended_at > OVERDUE:
        return True
    return now.astimezone(area.zone).hour in NIGHT and now - good.ended_at > ONCE_A_NIGHT


def _tell_nobody(_what: str, _done: int, _total: int) -> None:
    pass
