"""Look every few seconds for what nobody has read or reviewed, and have its readers called, or called again."""

import asyncio

import structlog

from core.conversation.late_reviews import tell_of_late_reviews
from core.doorbell import Doorbell
from core.outbox import OUTBOX_BELL
from core.safeguarding.chasing import Chaser, chase

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 15.0


async def keep_chasing(chaser: Chaser, doorbell: Doorbell, stop: asyncio.Event) -> None:
    """Chase until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            if await chase(chaser) + await tell_of_late_reviews(chaser):
                doorbell.ring(OUTBOX_BELL)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may stay uncalled when it is over
            log.error("chase_failed", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
