"""What runs beside the application while it is up: answering, sending, alerting, moving views."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI

from app.site import Lifespan

log = structlog.get_logger()

SECONDS_TO_STOP = 10.0


def beside(jobs: Sequence[Coroutine[Any, Any, None]], stop: asyncio.Event) -> Lifespan:
    """Run the jobs from the start of the application to its end; each ends soon after `stop` is set."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        running = [asyncio.create_task(job) for job in jobs]
        for each in running:
            each.add_done_callback(_note_end)
        yield
        stop.set()
        _, late = await asyncio.wait(running, timeout=SECONDS_TO_STOP) if running else (set(), set())
        for each in late:
            each.cancel()

    return lifespan


def _note_end(job: "asyncio.Task[None]") -> None:
    if not job.cancelled() and (error := job.exception()) is not None:
        log.error("job_ended", problem=type(error).__name__)
