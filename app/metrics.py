"""`GET /metrics` for Prometheus: how the process is, and how long what waits has waited.

Nothing that counts people or what they do: a number that ticks by one tells who was typing.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import ClassVar, Final

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, Gauge, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.ext.asyncio import AsyncSession

from api.doors import api_key_door
from core.conversation.claim import oldest_waiting_at
from core.conversation.house import House
from core.outbox import oldest_unsent_at
from core.settings import Settings
from core.staff.roles import Scope
from core.store_away import StoreAway

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
TOLD_FROM: Final = timedelta(minutes=1)
"""What waits for less is told as no wait at all, so that no single message shows."""
IS_READ = "haveyoursay_store_read"
WAITED = "haveyoursay_oldest_wait_seconds"


class MetricsDoor:
    """Who asks from this machine where the world comes to us directly; else who has a key of the scope metrics."""

    door: ClassVar[str] = "metrics"

    def __init__(self, settings: Settings) -> None:
        self._is_direct = not settings.is_https
        self._by_key = api_key_door(Scope.METRICS)

    async def __call__(self, http_request: Request) -> None:
        """Refuse anybody else: NoApiKey or KeyNotForThis."""
        host = http_request.client.host if http_request.client else ""
        if not (self._is_direct and host in LOOPBACK):
            await self._by_key(http_request)


def metrics_routes(settings: Settings, house: House) -> APIRouter:
    """Make the route /metrics."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(MetricsDoor(settings))])

    @router.get("/metrics")
    async def tell_metrics() -> Response:
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        await _measure(registry, house)
        return Response(generate_latest(registry), HTTPStatus.OK, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router


async def _measure(registry: CollectorRegistry, house: House) -> None:
    is_read = Gauge(IS_READ, "1 when the service store can be read, else 0.", registry=registry)
    waited = Gauge(WAITED, "Seconds that the oldest waits; 0 under a minute.", ["what"], registry=registry)
    try:
        async with house.service.read() as session:
            for what, since in (await _oldest(session)).items():
                waited.labels(what).set(_seconds(house.clock(), since))
        is_read.set(1)
    except StoreAway:
        is_read.set(0)


async def _oldest(session: AsyncSession) -> dict[str, datetime | None]:
    return {
        "answer": await oldest_waiting_at(session),
        "text": await oldest_unsent_at(session, is_alert=False),
        "alert": await oldest_unsent_at(session, is_alert=True),
    }


def _seconds(now: datetime, since: datetime | None) -> float:
    waited = now - since if since else timedelta(0)
    return waited.total_seconds() if waited >= TOLD_FROM else 0.0
