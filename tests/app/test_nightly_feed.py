"""The feed is asked once a night; after a failure again an hour later, and nothing else of the service minds."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from app.imports import feeds_allowed, import_desk, sync_desk
from app.nightly_feed import is_due, sync_if_due
from core.local_offer.syncing import SyncDesk
from tests.builders import lists, settings_for_tests
from tests.core.local_offer.feeds import club, known
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.stub_feed import Sent, StubFeed, broken_on, serving

NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
AREA = lists().area


@pytest.fixture
async def feed() -> AsyncIterator[StubFeed]:
    async with serving(StubFeed([[club("A")]])) as made:
        yield made


def desk_of(stores: Stores, clock: FakeClock, feed: StubFeed) -> SyncDesk:
    settings = settings_for_tests(local_offer_feed_url=feed.address)
    return sync_desk(settings, import_desk(stores.service, known(), clock=clock))


async def test_it_is_asked_at_the_first_start_and_then_once_a_night(
    sqlite_stores: Stores, clock: FakeClock, feed: StubFeed
) -> None:
    desk = desk_of(sqlite_stores, clock, feed)
    await sync_if_due(desk, feed.address, AREA)
    assert len(feed.calls) == 1
    clock.go_on(hours=10)
    await sync_if_due(desk, feed.address, AREA)
    assert len(feed.calls) == 1
    clock.at = NIGHT
    await sync_if_due(desk, feed.address, AREA)
    await sync_if_due(desk, feed.address, AREA)
    assert len(feed.calls) == 2


async def test_a_machine_that_is_off_at_night_asks_when_it_is_on(
    sqlite_stores: Stores, clock: FakeClock, feed: StubFeed
) -> None:
    desk = desk_of(sqlite_stores, clock, feed)
    await sync_if_due(desk, feed.address, AREA)
    clock.go_on(hours=29)
    assert not await is_due(desk, feed.address, AREA)
    clock.go_on(hours=2)
    assert await is_due(desk, feed.address, AREA)


async def test_what_fails_is_tried_again_an_hour_later(
    sqlite_stores: Stores, clock: FakeClock, feed: StubFeed
) -> None:
    feed.instead = broken_on(1, Sent(status=403))
    desk = desk_of(sqlite_stores, clock, feed)
    await sync_if_due(desk, feed.address, AREA)
    clock.go_on(minutes=59)
    assert not await is_due(desk, feed.address, AREA)
    clock.go_on(minutes=2)
    assert await is_due(desk, feed.address, AREA)


def test_this_machine_is_asked_in_the_local_profile_only() -> None:
    url = "https://name:word@Feed.example:8443/api"
    local = feeds_allowed(settings_for_tests(local_offer_feed_url=url))
    assert (local.hosts, local.loopback) == (frozenset({"feed.example:8443"}), True)
    real = feeds_allowed(settings_for_tests(hys_profile="production", local_offer_feed_hosts="a.example"))
    assert (real.hosts, real.loopback) == (frozenset({"a.example"}), False)
