"""Move views apart from who said them, and publish a period that has closed."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom

import structlog

from app.lists import Lists
from app.stores import Stores
from core.clock import Clock, system_clock
from core.conversation.keys_of import KeysOfConversations, with_open_concern
from core.errors import Refusal
from core.ids import PeriodId
from core.job_lease import lease_job
from core.keys import service_keys, views_keys
from core.settings import Settings
from core.summaries.plan import plan_release
from core.summaries.publish import AlreadyPublished, ReleaseRules, publish_summary
from core.summaries.tables import ReleaseId
from core.views.batches import BatchRules
from core.views.move import Moved, Mover, move_views
from core.views.record import forget_tags

log = structlog.get_logger()

MOVE_JOB = "move views"
MOVE_LASTS = timedelta(minutes=30)
LOOK_EVERY_SECONDS = 3600.0


class MoveUnderWay(Refusal):
    """Another process is moving views now."""

    words = "Another process is moving views now. Try again when it is done."


@dataclass(frozen=True, slots=True)
class Desk:
    """What moving and publishing need; `owner` names this process."""

    settings: Settings
    stores: Stores
    lists: Lists
    clock: Clock
    owner: str


def build_desk(settings: Settings, stores: Stores, lists: Lists, *, clock: Clock = system_clock) -> Desk:
    """Put together what moving and publishing need."""
    return Desk(settings, stores, lists, clock, secrets.token_hex(16))


def build_mover(desk: Desk) -> Mover:
    """Give the move both stores, and the keys of each."""
    return Mover(
        service=desk.stores.service,
        views=desk.stores.views,
        keys=KeysOfConversations(service_keys(desk.settings)),
        concerns=with_open_concern,
        seals=views_keys(desk.settings),
        themes=desk.lists.themes,
        periods=desk.lists.area.periods,
        rules=BatchRules(),
    )


async def move(desk: Desk) -> Moved:
    """Move what may leave now; MoveUnderWay if another process does."""
    service = desk.stores.service
    async with lease_job(service, MOVE_JOB, owner=desk.owner, clock=desk.clock, lasting=MOVE_LASTS) as ours:
        if not ours:
            raise MoveUnderWay
        return await move_views(build_mover(desk), clock=desk.clock, rng=SystemRandom())


async def publish(desk: Desk, period: PeriodId, *, rules: ReleaseRules | None = None) -> ReleaseId:
    """Move the last views of a closed period, publish it, and forget its tags; the Refusals of publish_summary."""
    await move(desk)
    try:
        release = await publish_summary(
            desk.stores.views,
            desk.clock,
            desk.lists.area.periods,
            period=period,
            plan=plan_release(desk.lists.bank, desk.lists.themes, desk.lists.area),
            rng=SystemRandom(),
            rules=rules or ReleaseRules(),
        )
    except AlreadyPublished:
        # A crash after publishing left the tags; asking again is how they are forgotten after all.
        await _forget_tags(desk, period)
        raise
    await _forget_tags(desk, period)
    return release


async def _forget_tags(desk: Desk, period: PeriodId) -> None:
    async with desk.stores.service.write() as session:
        await forget_tags(session, period)


async def move_now_and_then(desk: Desk, stop: asyncio.Event) -> None:
    """Move what may leave, every hour, until told to stop."""
    while not stop.is_set():
        try:
            await move(desk)
        except MoveUnderWay:
            log.info("move_left_to_another")
        except Exception as error:  # noqa: BLE001 - what could not move now is moved in the next hour
            log.error("views_not_moved", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
