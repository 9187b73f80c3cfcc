"""Alerts leave the house: at most one a minute for each reader, none dropped, always the same words."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

import structlog
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.clock import Clock
from core.database import Store
from core.doorbell import Doorbell
from core.failpoint import Failpoint, pass_by
from core.ids import OutboxId
from core.outbox import OUTBOX_BELL, Jitter, give_up, glance_for, is_due, lease, mark_sent, put_off
from core.outbox_tables import AlertKind, Post, Route
from core.sending import AlertMail, TextSender, TryAgain, Undeliverable

log = structlog.get_logger()

QUIET = timedelta(minutes=1)
"""A reader gets at most one alert in this time; those in between join the next."""

IS_ALERT = Post.contact_id.is_(None)
_MAY_BE_DUE = glance_for(IS_ALERT)
LOUD = frozenset({AlertKind.AGAIN, AlertKind.FLOOD})
MOST_AT_ONCE = 100
LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class DueAlert:
    """One alert to send now, which stands for all that wait for this reader: about how many things.

    It is loud when nobody has answered before.
    """

    posts: tuple[OutboxId, ...]
    route: Route
    address: str
    count: int
    is_loud: bool


@dataclass(frozen=True, slots=True)
class AlertDesk:
    """What sending alerts needs. A route may be missing.

    `subject` is constant; `body` makes neutral words of how many things wait and whether nobody has answered.
    """

    store: Store
    clock: Clock
    doorbell: Doorbell
    owner: str
    jitter: Jitter
    subject: str
    body: Callable[[int, bool], str]
    mail: AlertMail | None
    texts: TextSender | None


async def send_alerts(desk: AlertDesk, stop: asyncio.Event) -> None:
    """Send alerts as they come due, until told to stop; whatever happens meanwhile, it is tried again."""
    while not stop.is_set():
        try:
            sent = await send_due_alerts(desk)
        except Exception as error:  # noqa: BLE001 - whatever it is, alerts must leave when it is over
            log.error("alerts_not_looked_at", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
            sent = 0
        if not sent:
            await desk.doorbell.wait(OUTBOX_BELL, LOOK_AGAIN_SECONDS)


async def send_due_alerts(desk: AlertDesk) -> int:
    """Send what is due now, and say how many alerts were taken up."""
    due = await claim_alerts(desk.store, owner=desk.owner, now=desk.clock())
    for ended in await asyncio.gather(*(_send(desk, alert) for alert in due), return_exceptions=True):
        if isinstance(ended, BaseException):  # the others went; this one goes when its lease is over
            log.warning("alert_broke_off", problem=type(ended).__name__)
    return len(due)


async def claim_alerts(store: Store, *, owner: str, now: datetime) -> list[DueAlert]:
    """Take the alerts that are due, all of one reader as one, oldest reader first."""
    if not await store.glance(_MAY_BE_DUE, now=now):
        return []
    lately = aliased(Post)
    disturbed = (
        select(lately.id)
        .where(lately.contact_id.is_(None), lately.address == Post.address, lately.sent_at > now - QUIET)
        .exists()
    )
    query = select(Post).where(IS_ALERT, is_due(now), ~disturbed)
    async with store.write() as session:
        ordered = query.order_by(Post.posted_at).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
        readers: dict[tuple[Route, str], list[Post]] = {}
        for post in (await session.execute(ordered)).scalars():
            lease(post, owner, now)
            readers.setdefault((Route(post.route), post.address or ""), []).append(post)
        return [_as_one(route, address, posts) for (route, address), posts in readers.items()]


def _as_one(route: Route, address: str, posts: Sequence[Post]) -> DueAlert:
    return DueAlert(
        posts=tuple(OutboxId(post.id) for post in posts),
        route=route,
        address=address,
        count=len({post.concern_id for post in posts}),
        is_loud=any(post.alert in LOUD for post in posts),
    )


async def _send(desk: AlertDesk, alert: DueAlert) -> None:
    pass_by(Failpoint.ALERT_CLAIMED)
    try:
        provider_id = await _give(desk, alert)
    except TryAgain as problem:
        log.warning("alert_put_off", posts=alert.posts, reason=problem.reason)
        await put_off(
            desk.store, alert.posts, owner=desk.owner, problem=problem, jitter=desk.jitter, now=desk.clock()
        )
    except Undeliverable as problem:
        log.critical("alert_given_up", posts=alert.posts, reason=problem.reason)
        await give_up(desk.store, alert.posts, owner=desk.owner, problem=problem)
    else:
        log.info("alert_sent", posts=alert.posts, route=alert.route)
        pass_by(Failpoint.ALERT_TAKEN)
        await mark_sent(desk.store, alert.posts, owner=desk.owner, provider_id=provider_id, now=desk.clock())
        pass_by(Failpoint.ALERT_NOTED)


async def _give(desk: AlertDesk, alert: DueAlert) -> str:
    body = desk.body(alert.count, alert.is_loud)
    match alert.route:
        case Route.EMAIL:
            if desk.mail is None:
                raise TryAgain("no_mail_server")
            return await desk.mail.send(alert.address, desk.subject, body)
        case Route.SMS:
            if desk.texts is None:
                raise TryAgain("no_text_provider")
            return await desk.texts.send(alert.address, body, reference=alert.posts[0])
        case _:
            assert_never(alert.route)
