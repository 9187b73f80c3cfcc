"""A sync with a feed on this machine, and all the ways in which feeds fail: then nothing is changed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from core.job_lease import lease_job
from core.local_offer.feed import FeedFailed
from core.local_offer.importing import IMPORT_JOB, IMPORT_LASTS, ImportDesk, ImportUnderWay, Refused
from core.local_offer.runs import Run, last_run, newest_switch
from core.local_offer.syncing import SyncDesk, source_of_feed, sync_feed
from core.local_offer.tables import ImportedService, Outcome
from gateways.guarded_network import Allowed
from gateways.open_referral_feed import Limits, open_feed
from tests.core.local_offer.feeds import club, known, old_club
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.stub_feed import Sent, StubFeed, as_json, broken_on, serving

HERE = Allowed(frozenset({"127.0.0.1"}), loopback=True)
SMALL = Limits(answer_bytes=200_000, total_bytes=500_000, answer_seconds=5.0)
FAILURES = {
    "a server that is broken": (Sent(status=500), "answers /api/services with 500"),
    "a server that is busy": (Sent(status=429, headers={"Retry-After": "7"}), "with 429"),
    "a page that is gone": (Sent(status=404), "has nothing at /api/services"),
    "a page for others": (Sent(status=403), "with 403"),
    "no JSON": (Sent(b"<html>Sorry</html>"), "is not JSON"),
    "half a page": (Sent(b'{"contents": [{"id"'), "is not JSON"),
    "another JSON": (as_json({"message": "hello"}), "holds no services"),
    "nested too deeply": (Sent(b"[" * 100_000), "nested too deeply"),
    "a page that is too large": (Sent(b"[" + b" " * 300_000 + b"]"), "is larger than 200,000 bytes"),
    "a squeezed page": (Sent(b"x", headers={"Content-Encoding": "gzip"}), "squeezed"),
    "a way to the machine's secrets": (
        Sent(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
        "leads where it may not: http://169.254.169.254 is not https",
    ),
    "the same way with https": (
        Sent(status=302, headers={"Location": "https://169.254.169.254/"}),
        "leads where it may not: 169.254.169.254",
    ),
    "a way to a file": (
        Sent(status=302, headers={"Location": "file:///etc/passwd"}),
        "leads where it may not: file://",
    ),
    "a way with a book behind it, in a circle": (
        Sent(
            b"x" * 2_000_000,
            status=302,
            headers={"Location": "/api/services?page=2", "Content-Encoding": "gzip"},
        ),
        "leads on and on",
    ),
    "a way in a circle": (Sent(status=302, headers={"Location": "/api/services?page=2"}), "leads on and on"),
    "not changed, unasked": (Sent(status=304), "with 304"),
}


class Waits:
    """A pause that takes no time and is remembered."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
async def feed() -> AsyncIterator[StubFeed]:
    async with serving(StubFeed([[club("A"), club("B")], [club("C")], [club("D")]])) as made:
        yield made


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def desk(stores: Stores, clock: FakeClock, waits: Waits) -> SyncDesk:
    imports = ImportDesk(stores.service, clock, "this process", known())
    return SyncDesk(imports, partial(open_feed, HERE, limits=SMALL, pause=waits))


def nobody(_what: str, _done: int, _total: int) -> None:
    pass


async def sync(desk: SyncDesk, feed: StubFeed, told: Callable[[str, int, int], None] = nobody) -> Run:
    return await sync_feed(desk, feed.address, told=told)


async def held(desk: SyncDesk) -> dict[str, bool]:
    async with desk.imports.store.read() as session:
        rows = (await session.scalars(select(ImportedService))).all()
    return {row.name: row.removed_at is None for row in rows}


async def last(desk: SyncDesk, feed: StubFeed) -> Run:
    async with desk.imports.store.read() as session:
        run = await last_run(session, source_of_feed(feed.address))
    assert run is not None
    return run


async def test_all_pages_are_read_and_switched_at_once_and_progress_is_told(
    desk: SyncDesk, feed: StubFeed
) -> None:
    told: list[tuple[str, int, int]] = []
    run = await sync(desk, feed, lambda *each: told.append(each))
    assert (run.outcome, run.counts.new) == (Outcome.SWITCHED, 4)
    assert [call.page for call in feed.calls] == [1, 2, 3]
    assert told == [("pages", 1, 3), ("pages", 2, 3), ("pages", 3, 3)]
    assert await held(desk) == {"A": True, "B": True, "C": True, "D": True}


async def test_a_sync_again_changes_nothing_and_what_vanished_is_marked(
    desk: SyncDesk, feed: StubFeed
) -> None:
    await sync(desk, feed)
    assert (await sync(desk, feed)).outcome is Outcome.UNCHANGED
    feed.pages = [[club("A"), club("B", description="New.")], [club("D")]]
    run = await sync(desk, feed)
    assert (run.counts.changed, run.counts.removed) == (1, 1)
    assert await held(desk) == {"A": True, "B": True, "C": False, "D": True}


async def test_a_feed_of_the_profile_1_0_is_read(desk: SyncDesk, feed: StubFeed) -> None:
    feed.is_first, feed.pages = True, [[old_club(1, "A")], [old_club(2, "B")]]
    assert (await sync(desk, feed)).counts.new == 2


async def test_a_feed_that_is_one_plain_list_is_read(desk: SyncDesk, feed: StubFeed) -> None:
    feed.instead = lambda _call: as_json([club("A"), club("B")])
    assert (await sync(desk, feed)).counts.new == 2
    assert len(feed.calls) == 1


async def test_good_records_are_taken_and_bad_ones_are_remembered_with_their_page(
    desk: SyncDesk, feed: StubFeed
) -> None:
    feed.pages[1] = [club("C", url="nowhere")]
    await sync(desk, feed)
    run = await last(desk, feed)
    assert (run.counts.taken, run.counts.wrong) == (3, 1)
    assert (run.wrong[0].place, run.wrong[0].record) == ("page 2, record 1", "'C'")


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_half_way_changes_nothing_and_says_so(
    desk: SyncDesk, feed: StubFeed, failure: str
) -> None:
    await sync(desk, feed)
    async with desk.imports.store.read() as session:
        before = await newest_switch(session)
    sent, said = FAILURES[failure]
    feed.pages = [[club("A"), club("New")], [club("C")], [club("D")]]
    feed.instead = broken_on(2, sent)
    with pytest.raises(FeedFailed, match="Nothing was changed") as failed:
        await sync(desk, feed)
    assert said in failed.value.said
    assert await held(desk) == {"A": True, "B": True, "C": True, "D": True}
    run = await last(desk, feed)
    assert (run.outcome, run.words) == (Outcome.FAILED, failed.value.said)
    async with desk.imports.store.read() as session:
        assert await newest_switch(session) == before


async def test_a_stumble_is_asked_again_after_a_while(desk: SyncDesk, feed: StubFeed, waits: Waits) -> None:
    feed.instead = broken_on(2, Sent(status=503, headers={"Retry-After": "7"}), times=2)
    assert (await sync(desk, feed)).counts.new == 4
    assert waits.waits == [7.0, 7.0]
    feed.instead = broken_on(2, Sent(status=500))
    with pytest.raises(FeedFailed, match="It was asked 4 times"):
        await sync(desk, feed)
    assert waits.waits[2:] == [1.0, 3.0, 10.0]


async def test_an_answer_that_drips_is_given_up(desk: SyncDesk, feed: StubFeed, waits: Waits) -> None:
    slow = partial(open_feed, HERE, limits=replace(SMALL, answer_seconds=0.2), pause=waits)
    feed.instead = broken_on(2, Sent(b"[" + b" " * 1000 + b"]", drip=0.05))
    with pytest.raises(FeedFailed, match=r"took longer than 0.2 seconds"):
        await sync(replace(desk, open_feed=slow), feed)
    assert await held(desk) == {}


async def test_a_feed_that_never_ends_is_given_up(desk: SyncDesk, feed: StubFeed) -> None:
    feed.instead = broken_on(2, Sent(b" " * 1000, drip=0.05))
    with pytest.raises(FeedFailed, match=r"took longer than 0\.005 minutes\. Nothing was changed"):
        await sync(replace(desk, longest=timedelta(seconds=0.3)), feed)
    assert (await last(desk, feed)).outcome is Outcome.FAILED


async def test_pages_that_go_round_in_a_circle_are_given_up(desk: SyncDesk, feed: StubFeed) -> None:
    feed.pages = [[club("A")], [club("B")], [club("A")], [club("B")]]
    with pytest.raises(FeedFailed, match="goes round in a circle"):
        await sync(desk, feed)


async def test_a_feed_that_sends_without_end_is_given_up(desk: SyncDesk, feed: StubFeed) -> None:
    feed.pages = [[club(str(number), alert="x" * 150_000)] for number in range(10)]
    with pytest.raises(FeedFailed, match="more than 500,000 bytes"):
        await sync(desk, feed)


async def test_50_megabytes_are_given_up_after_20(desk: SyncDesk, feed: StubFeed, waits: Waits) -> None:
    feed.instead = broken_on(1, Sent(b"[" + b" " * 50_000_000 + b"]"))
    with pytest.raises(FeedFailed, match="is larger than 20,000,000 bytes"):
        await sync(replace(desk, open_feed=partial(open_feed, HERE, pause=waits)), feed)


async def test_a_feed_that_gives_less_than_it_says_is_not_believed(desk: SyncDesk, feed: StubFeed) -> None:
    less = as_json({"total_items": 9, "total_pages": 1, "contents": [club("A")]})
    feed.instead = broken_on(1, less)
    with pytest.raises(FeedFailed, match="says that it has 9 services, and gave 1"):
        await sync(desk, feed)


async def test_a_feed_that_lost_most_of_its_services_wants_a_yes(desk: SyncDesk, feed: StubFeed) -> None:
    await sync(desk, feed)
    feed.pages = [[club("A")]]
    with pytest.raises(Refused, match=r"It holds 1 services where there were 4\. Nothing was changed"):
        await sync(desk, feed)
    assert (await last(desk, feed)).outcome is Outcome.REFUSED
    sure = replace(desk, imports=replace(desk.imports, is_sure=True))
    assert (await sync(sure, feed)).counts.removed == 3


async def test_a_feed_that_names_its_pages_is_not_read_again_when_none_has_changed(
    desk: SyncDesk, feed: StubFeed
) -> None:
    feed.has_etags = True
    feed.pages[1] = [club("C", url="nowhere")]
    await sync(desk, feed)
    feed.calls.clear()
    run = await sync(desk, feed)
    assert (run.outcome, run.counts.new, run.counts.wrong) == (Outcome.UNCHANGED, 0, 1)
    assert all("if-none-match" in call.headers for call in feed.calls)
    feed.pages[2] = [club("D"), club("E")]
    assert (await sync(desk, feed)).counts.new == 1
    assert (await sync(desk, feed)).outcome is Outcome.UNCHANGED


async def test_where_a_list_tells_only_heads_each_service_is_asked_for_by_itself(
    desk: SyncDesk, feed: StubFeed
) -> None:
    heads = [{name: club(each)[name] for name in ("id", "name", "status")} for each in "AB"]
    feed.pages, feed.whole = [heads], {club(each)["id"]: club(each) for each in "AB"}
    await sync(desk, feed)
    async with desk.imports.store.read() as session:
        records = (await session.scalars(select(ImportedService.record))).all()
    assert all("01632 960002" in record for record in records)
    del feed.whole[club("B")["id"]]
    run = await sync(desk, feed)
    assert (run.counts.kept, run.counts.removed) == (1, 0)
    assert "can not be read at its own address" in run.wrong[0].what


async def test_where_heads_are_all_there_is_they_are_taken(desk: SyncDesk, feed: StubFeed) -> None:
    feed.pages = [[{name: club("A")[name] for name in ("id", "name", "status")}]]
    assert (await sync(desk, feed)).counts.new == 1


async def test_a_service_by_itself_that_fails_is_a_failure_of_all(desk: SyncDesk, feed: StubFeed) -> None:
    feed.pages = [[{name: club("A")[name] for name in ("id", "name", "status")}]]
    feed.instead = lambda call: Sent(status=500) if call.path != "/api/services" else None
    with pytest.raises(FeedFailed, match=r"with 500\. It was asked 4 times\. Nothing was changed"):
        await sync(desk, feed)


async def test_an_id_leads_nowhere_else(desk: SyncDesk, feed: StubFeed) -> None:
    feed.pages, feed.is_first = [[{"id": "../../admin?x=", "name": "A", "status": "active"}]], True
    await sync(desk, feed)
    assert feed.calls[-1].path == "/api/services/..%2F..%2Fadmin%3Fx%3D"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "no address", "ftp://127.0.0.1/", "http://[::"]
)
async def test_an_address_that_may_not_be_asked_is_refused(desk: SyncDesk, address: str) -> None:
    with pytest.raises(FeedFailed, match="Nothing was changed"):
        await sync_feed(desk, address, told=nobody)


async def test_a_feed_that_is_not_there_is_said(desk: SyncDesk) -> None:
    with pytest.raises(FeedFailed, match=r"can not be reached \(ConnectError\)"):
        await sync_feed(desk, "http://127.0.0.1:9/", told=nobody)


async def test_two_syncs_never_run_at_once(desk: SyncDesk, feed: StubFeed, clock: FakeClock) -> None:
    store = desk.imports.store
    async with lease_job(store, IMPORT_JOB, owner="another", clock=clock, lasting=IMPORT_LASTS):
        with pytest.raises(ImportUnderWay):
            await sync(desk, feed)
    assert feed.calls == []


async def test_a_crash_half_way_leaves_what_was_there(desk: SyncDesk, feed: StubFeed) -> None:
    await sync(desk, feed)
    feed.pages[0] = [club("New")]
    feed.instead = broken_on(3, Sent(b" " * 10_000, drip=0.1))
    running = asyncio.create_task(sync(desk, feed))
    while not any(call.page == 3 for call in feed.calls[3:]):  # noqa: ASYNC110 - the feed rings no bell
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await held(desk) == {"A": True, "B": True, "C": True, "D": True}
