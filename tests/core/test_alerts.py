"""Alerts reach the people who read concerns: none dropped, none in a flood, and no words in them."""

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from core.alerts import AlertDesk, send_alerts, send_due_alerts
from core.database import Store
from core.doorbell import Doorbell
from core.ids import ConcernId, OutboxId, new_id
from core.outbox import OUTBOX_BELL, post_alert
from core.outbox_tables import AlertKind, Post, Route, Status
from core.sending import TryAgain, Undeliverable
from tests.fakes import FakeClock
from tests.stores import Stores

LEAD, MANAGER, PHONE = "lead@council.example", "manager@council.example", "+447700900777"
SUBJECT, BODY = "Have Your Say: please look", "1 new thing."


def say(count: int, is_loud: bool) -> str:  # noqa: FBT001 - as the desk asks it
    return f"{count} {'things nobody looked at' if is_loud else 'new thing'}."


@dataclass
class Provider:
    """A mail server and a text provider that keep what they take, or fail as they are told to."""

    sent: list[tuple[str, ...]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    @property
    def mail(self) -> "Mail":
        return Mail(self)

    @property
    def texts(self) -> "Texts":
        return Texts(self)

    def take(self, *given: str) -> str:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(given)
        return new_id()


@dataclass
class Mail:
    provider: Provider

    async def send(self, to: str, subject: str, body: str) -> str:
        return self.provider.take(to, subject, body)


@dataclass
class Texts:
    provider: Provider

    async def send(self, to: str, body: str, *, reference: OutboxId) -> str:
        assert reference
        return self.provider.take(to, body)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def desk(stores: Stores, clock: FakeClock, provider: Provider) -> AlertDesk:
    return AlertDesk(
        store=stores.service,
        clock=clock,
        doorbell=Doorbell(),
        owner="one",
        jitter=lambda: 0.0,
        subject=SUBJECT,
        body=say,
        mail=provider.mail,
        texts=provider.texts,
    )


async def alert(
    desk: AlertDesk, address: str = LEAD, route: Route = Route.EMAIL, kind: AlertKind = AlertKind.DANGER
) -> OutboxId:
    async with desk.store.write() as session:
        return await post_alert(
            session,
            concern=ConcernId(new_id()),
            kind=kind,
            route=route,
            address=address,
            now=desk.clock(),
        )


async def statuses(store: Store) -> set[str]:
    async with store.read() as session:
        return set((await session.execute(select(Post.status))).scalars())


async def test_an_alert_goes_by_each_route_with_constant_words(desk: AlertDesk, provider: Provider) -> None:
    await alert(desk)
    await alert(desk, PHONE, Route.SMS)
    await send_due_alerts(desk)
    assert sorted(provider.sent) == [(PHONE, BODY), (LEAD, SUBJECT, BODY)]
    assert await statuses(desk.store) == {Status.SENT}


async def test_a_flood_is_one_alert_a_minute_for_each_reader_and_none_is_dropped(
    desk: AlertDesk, provider: Provider, clock: FakeClock
) -> None:
    for _ in range(5):
        await alert(desk)
    await alert(desk, MANAGER)
    await send_due_alerts(desk)
    assert sorted(to for to, *_ in provider.sent) == [LEAD, MANAGER]
    await alert(desk)
    await send_due_alerts(desk)
    assert len(provider.sent) == 2
    clock.go_on(minutes=1)
    await send_due_alerts(desk)
    assert [to for to, *_ in provider.sent[2:]] == [LEAD]
    assert provider.sent[0][-1].startswith("5 ")
    assert await statuses(desk.store) == {Status.SENT}


async def test_an_alert_is_louder_when_nobody_answered_the_last(desk: AlertDesk, provider: Provider) -> None:
    await alert(desk)
    await alert(desk, kind=AlertKind.AGAIN)
    await send_due_alerts(desk)
    assert provider.sent == [(LEAD, SUBJECT, "2 things nobody looked at.")]


async def test_an_alert_is_tried_until_it_leaves_however_long_that_takes(
    desk: AlertDesk, provider: Provider, clock: FakeClock
) -> None:
    await alert(desk)
    for _ in range(200):
        provider.fails = [TryAgain("smtp_451")]
        await send_due_alerts(desk)
        clock.go_on(minutes=15)
    provider.fails = []
    await send_due_alerts(desk)
    assert provider.sent == [(LEAD, SUBJECT, BODY)]


async def test_an_address_that_is_not_there_is_shown_with_its_reason(
    desk: AlertDesk, provider: Provider
) -> None:
    await alert(desk)
    provider.fails = [Undeliverable("smtp_550")]
    await send_due_alerts(desk)
    async with desk.store.read() as session:
        post = (await session.execute(select(Post))).scalar_one()
    assert (post.status, post.reason) == (Status.UNDELIVERABLE, "smtp_550")


async def test_one_reader_that_fails_does_not_keep_the_others_from_theirs(
    desk: AlertDesk, provider: Provider, clock: FakeClock
) -> None:
    await alert(desk)
    clock.go_on(seconds=1)
    await alert(desk, MANAGER)
    provider.fails = [TryAgain("down")]
    await send_due_alerts(desk)
    assert [to for to, *_ in provider.sent] == [MANAGER]
    assert await statuses(desk.store) == {Status.WAITING, Status.SENT}


@pytest.mark.parametrize(("route", "address"), [(Route.EMAIL, LEAD), (Route.SMS, PHONE)])
async def test_an_alert_without_its_route_waits_and_says_why(
    stores: Stores, clock: FakeClock, route: Route, address: str
) -> None:
    desk = AlertDesk(stores.service, clock, Doorbell(), "one", lambda: 0.0, SUBJECT, say, None, None)
    await alert(desk, address, route)
    await send_due_alerts(desk)
    async with desk.store.read() as session:
        post = (await session.execute(select(Post))).scalar_one()
    assert post.status == Status.WAITING
    assert (post.reason or "").startswith("no_")


async def test_the_loop_sends_when_the_bell_rings_and_stops_when_told(
    desk: AlertDesk, provider: Provider
) -> None:
    stop = asyncio.Event()
    loop = asyncio.create_task(send_alerts(desk, stop))
    await alert(desk)
    async with asyncio.timeout(30):
        while not provider.sent:
            desk.doorbell.ring(OUTBOX_BELL)
            await asyncio.sleep(0.01)
        stop.set()
        desk.doorbell.ring(OUTBOX_BELL)
        await loop
