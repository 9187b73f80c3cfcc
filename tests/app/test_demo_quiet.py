"""Nobody real is called about invented people: not while the demo plays, and not when the service starts then."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, or_, select

from app.demo.demo import play_demo
from app.demo.quiet import DemoCutOff, refuse_if_cut_off
from app.demo.remove import remove_demo
from app.serve import serve
from app.stores import Stores as AppStores
from app.stores import bring_up_to_date, open_stores
from core.conversation.tables import IS_UNHEARD, IS_WAITING, Message
from core.database import Store
from core.ids import ConcernId, new_id
from core.outbox import post_alert
from core.outbox_tables import AlertKind, Post, Route, Status
from core.safeguarding.chasing import Chaser, chase
from core.safeguarding.concerns import acknowledge_concern, close_concern
from core.safeguarding.listing import list_concerns
from core.safeguarding.tables import Concern, ConcernOutcome
from core.settings import Settings
from tests.app.test_demo import NOWHERE, ClockThatStops, CutOff, count, play
from tests.builders import lists, settings_for_tests
from tests.core.safeguarding.rota_of import hold_rota
from tests.fakes import FakeClock
from tests.stores import Stores

UNTIL_ONE_WORRIES = 110
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "var").mkdir()
    return settings_for_tests(hys_home=tmp_path)


@pytest.fixture
def both(sqlite_stores: Stores) -> AppStores:
    return AppStores(sqlite_stores.service, sqlite_stores.views)


@pytest.fixture
async def chaser(both: AppStores, clock: FakeClock) -> Chaser:
    """The chaser of a house in which people have turns at all hours."""
    clock.at = MONDAY_NOON
    async with both.service.write() as session:
        await hold_rota(session)
    return Chaser(both.service, lists().area, clock, new_id())


async def play_until_cut_off(settings: Settings, both: AppStores, clock: FakeClock, looks: int) -> None:
    stops = ClockThatStops(looks)
    with pytest.raises(CutOff):
        await play_demo(settings, both, NOWHERE, people=2 * UNTIL_ONE_WORRIES, clock=clock, played_at=stops)


async def called_in_an_hour(chaser: Chaser, clock: FakeClock) -> int:
    """Count what the chaser posts, and what else leaves, in the hour after the service starts."""
    for _ in range(5):
        await chase(chaser)
        clock.go_on(minutes=15)
    return await count(chaser.store, Post, Post.status != Status.WITHHELD)


async def left_for_the_bot(store: Store) -> int:
    async with store.read() as session:
        waits = select(func.count()).select_from(Message).where(or_(IS_WAITING, IS_UNHEARD))
        return await session.scalar(waits) or 0


async def test_after_the_demo_nobody_is_called_and_nothing_is_left_to_be_heard(
    both: AppStores, settings: Settings, chaser: Chaser, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=UNTIL_ONE_WORRIES)
    assert await count(both.service, Concern, Concern.closed_at.is_(None)) >= 1
    assert await called_in_an_hour(chaser, clock) == 0
    assert await left_for_the_bot(both.service) == 0
    await refuse_if_cut_off(both.service)


async def test_after_a_demo_that_was_cut_off_nobody_is_called(
    both: AppStores, settings: Settings, chaser: Chaser, clock: FakeClock
) -> None:
    await play_until_cut_off(settings, both, clock, looks=4000)
    assert await count(both.service, Concern, Concern.closed_at.is_(None)) == 1
    assert await called_in_an_hour(chaser, clock) == 0


async def test_its_concerns_are_shown_and_can_be_read_and_closed_by_hand(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    await play(settings, both, clock, people=UNTIL_ONE_WORRIES)
    async with both.service.write() as session:
        staff = (await hold_rota(session))["one"]
        (shown,) = await list_concerns(session)
        read = partial(acknowledge_concern, session, shown.id, staff=staff, now=clock())
        await read(seen=shown.messages, level=shown.level)
        close = partial(close_concern, session, shown.id, staff=staff, now=clock())
        await close(outcome=ConcernOutcome.NO_CONCERN, seen=shown.messages, level=shown.level)
    async with both.service.read() as session:
        assert await list_concerns(session) == []


async def test_an_alert_about_something_else_that_waited_before_still_leaves(
    both: AppStores, settings: Settings, clock: FakeClock
) -> None:
    async with both.service.write() as session:
        complaint = await post_alert(
            session,
            concern=ConcernId(new_id()),
            kind=AlertKind.COMPLAINT,
            route=Route.EMAIL,
            address="lee@example.org",
            now=clock(),
        )
    await play(settings, both, clock, people=10)
    assert await count(both.service, Post, Post.id == complaint, Post.status == Status.WAITING) == 1


async def test_the_service_does_not_start_while_invented_people_wait_for_its_bot(
    settings: Settings, clock: FakeClock
) -> None:
    stores = open_stores(settings)
    await bring_up_to_date(stores)
    await play_until_cut_off(settings, stores, clock, looks=60)
    assert await left_for_the_bot(stores.service) > 0
    with pytest.raises(DemoCutOff, match="demo --remove"):
        await serve(settings, NOWHERE)
    await remove_demo(stores, settings)
    await refuse_if_cut_off(stores.service)
    await stores.close()
