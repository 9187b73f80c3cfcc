"""Begin each month's drill in the safety team's hours, measure the drills under way, and end them."""

import asyncio

import structlog

from core.conversation.drilling import DrillUnderWay, begin_drill, end_drills
from core.conversation.house import House
from core.job_lease import lease_job
from core.safeguarding.chasing import JOB_LASTS
from core.safeguarding.drills import is_drill_due

log = structlog.get_logger()

JOB = "drill"
LOOK_EVERY_SECONDS = 15.0


async def look_after_drills(house: House, *, is_monthly: bool) -> None:
    """Do once what is due, whichever process comes first."""
    async with lease_job(
        house.service, JOB, owner=house.owner, clock=house.clock, lasting=JOB_LASTS
    ) as is_ours:
        if not is_ours:
            return
        await end_drills(house)
        _, key = house.keys.staff.derive("drills").newest
        async with house.service.read() as session:
            is_due = is_monthly and await is_drill_due(session, house.area, key, house.clock())
        if is_due:
            await begin_drill(house)


async def keep_drilling(house: House, stop: asyncio.Event, *, is_monthly: bool) -> None:
    """Look after drills until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            await look_after_drills(house, is_monthly=is_monthly)
        except DrillUnderWay:
            log.info("drill_put_off")
        except Exception as error:  # noqa: BLE001 - a drill is looked after again when it is over
            log.error("drill_broke_off", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
