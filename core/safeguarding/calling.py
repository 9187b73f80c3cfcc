"""Call the people who read concerns: the rota by e-mail and text, and every lead when nobody has a turn.

A call says nothing of what was said, and is in the caller's transaction: it leaves through the outbox.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.area import Area
from core.ids import ConcernId, StaffId
from core.outbox import post_alert
from core.outbox_tables import AlertKind, Route
from core.safeguarding.rota import leads, read_rota
from core.safeguarding.rota_rules import Turn, on_duty, whom_to_call

log = structlog.get_logger()

LOUDEST = 3
"""From this step on every lead is told as well, whoever has a turn."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a call is about (a concern, a drill), how often it was made before, and whom it must not reach."""

    about: ConcernId
    kind: AlertKind
    step: int = 0
    not_to: frozenset[StaffId] = frozenset()


async def call_readers(session: AsyncSession, area: Area, call: Call, now: datetime) -> int:
    """Post alerts to whom this step reaches, by every way each has; every lead when nobody has a turn.

    Gives how many people were called.
    """
    there = [turn for turn in on_duty(await read_rota(session), area, now) if turn.staff not in call.not_to]
    called = whom_to_call(there, call.step)
    await call_people(session, call, called, now)
    told = {turn.staff for turn in called}
    if not called or call.step >= LOUDEST:
        told |= await tell_leads(session, call, now, but_not=told)
    log.info("readers_called", concern=call.about, attempt=call.step, count=len(told))
    return len(told)


async def call_people(session: AsyncSession, call: Call, people: Iterable[Turn], now: datetime) -> None:
    """Post an e-mail and, where there is a mobile, a text to each."""
    for turn in people:
        routes = [(Route.EMAIL, turn.email), *([(Route.SMS, turn.mobile)] if turn.mobile else [])]
        for route, address in routes:
            await post_alert(
                session, concern=call.about, kind=call.kind, route=route, address=address, now=now
            )


async def tell_leads(
    session: AsyncSession, call: Call, now: datetime, *, but_not: Iterable[StaffId] = ()
) -> set[StaffId]:
    """Post an e-mail to every safeguarding lead who was not called; give who was told."""
    left_out = {*but_not, *call.not_to}
    told = [(staff, email) for staff, _, email in await leads(session) if staff not in left_out]
    for _, email in told:
        await post_alert(
            session, concern=call.about, kind=call.kind, route=Route.EMAIL, address=email, now=now
        )
    return {staff for staff, _ in told}
