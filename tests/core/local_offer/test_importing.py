"""An import switches all at once or changes nothing; what vanished is marked and never deleted."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refusal
from core.job_lease import lease_job
from core.local_offer.directory import Directory, ServiceId
from core.local_offer.importing import (
    IMPORT_JOB,
    IMPORT_LASTS,
    LARGEST_FILE,
    ImportDesk,
    ImportUnderWay,
    Refused,
    import_file,
    source_of,
)
from core.local_offer.joining import join, read_imported
from core.local_offer.runs import KEPT_RUNS, Run, last_run, last_runs, newest_switch, note_run
from core.local_offer.tables import ImportedService, ImportRun, Outcome
from tests.builders import lists
from tests.core.local_offer.directories import an_id
from tests.core.local_offer.feeds import club, known
from tests.fakes import MONDAY_MORNING, FakeClock
from tests.stores import Stores

SOURCE = source_of("list.json")


@pytest.fixture
def desk(stores: Stores, clock: FakeClock) -> ImportDesk:
    return ImportDesk(stores.service, clock, "this process", known())


async def take(desk: ImportDesk, *records: Any, source: str = SOURCE) -> Run:
    return await import_file(desk, json.dumps(records).encode(), name="list.json", source=source)


async def held(desk: ImportDesk) -> dict[str, bool]:
    """Give every service that is kept, and whether it is there (not removed)."""
    async with desk.store.read() as session:
        rows = (await session.scalars(select(ImportedService))).all()
    return {row.name: row.removed_at is None for row in rows}


async def directory(desk: ImportDesk, by_hand: Directory | None = None) -> Directory:
    async with desk.store.read() as session:
        rows = await read_imported(session)
    joined, wrong = join(by_hand or Directory({}, lists().directory.words), rows, desk.known)
    assert wrong == ()
    return joined


async def test_new_changed_and_vanished_services_are_told_apart_and_nothing_is_deleted(
    desk: ImportDesk,
) -> None:
    first = await take(desk, club("A"), club("B"), club("C"))
    assert (first.outcome, first.counts.new) == (Outcome.SWITCHED, 3)
    second = await take(desk, club("A"), club("B", description="New."), club("D"))
    counts = second.counts
    assert (counts.new, counts.changed, counts.removed, counts.back) == (1, 1, 1, 0)
    assert await held(desk) == {"A": True, "B": True, "C": False, "D": True}
    assert {entry.name for entry in await directory(desk)} == {"A", "B", "D"}
    third = await take(desk, club("A"), club("B"), club("C"), club("D"))
    assert (third.counts.back, third.counts.removed) == (1, 0)
    assert {entry.name for entry in await directory(desk)} == {"A", "B", "C", "D"}


async def test_the_same_again_changes_nothing(desk: ImportDesk, clock: FakeClock) -> None:
    await take(desk, club("A"), club("B"))
    async with desk.store.read() as session:
        before = await newest_switch(session)
    clock.go_on(days=1)
    again = await take(desk, club("B"), club("A"))
    assert (again.outcome, again.counts.new, again.counts.changed) == (Outcome.UNCHANGED, 0, 0)
    async with desk.store.read() as session:
        assert await newest_switch(session) == before
        rows = (await session.scalars(select(ImportedService))).all()
    assert {row.changed_at for row in rows} == {MONDAY_MORNING}


async def test_a_service_whose_new_record_is_wrong_stays_as_it_was(desk: ImportDesk) -> None:
    await take(desk, club("A"), club("B", description="As it was."))
    run = await take(desk, club("A"), club("B", email="nobody"))
    assert (run.counts.kept, run.counts.removed, run.counts.wrong) == (1, 0, 1)
    entry = (await directory(desk)).entries[ServiceId(an_id("B"))]
    assert entry.what == "As it was."


async def test_a_list_with_under_half_of_its_services_is_refused_until_someone_is_sure(
    desk: ImportDesk,
) -> None:
    await take(desk, *(club(str(number)) for number in range(10)))
    with pytest.raises(
        Refused, match=r"holds 4 services where there were 10\. Nothing was changed"
    ) as refused:
        await take(desk, *(club(str(number)) for number in range(4)))
    assert refused.value.run.counts.removed == 6
    assert all((await held(desk)).values())
    await take(desk, *(club(str(number)) for number in range(5)))
    run = await take(replace(desk, is_sure=True))
    assert run.counts.removed == 5
    assert len(await held(desk)) == 10


@pytest.mark.parametrize("records", [[], [{"name": "no id"}]])
async def test_a_first_list_without_any_service_is_refused_and_remembered(
    desk: ImportDesk, records: Any
) -> None:
    with pytest.raises(Refused, match="no service in it that can be used"):
        await take(desk, *records)
    async with desk.store.read() as session:
        run = await last_run(session, SOURCE)
        assert await newest_switch(session) == 0
    assert run is not None
    assert (run.outcome, run.counts.total, len(run.wrong) > 0) == (
        Outcome.REFUSED,
        len(records),
        bool(records),
    )


async def test_a_dry_run_says_the_same_and_leaves_no_trace(desk: ImportDesk) -> None:
    dry = replace(desk, is_dry=True)
    run = await take(dry, club("A"), club("B", url="nowhere"))
    assert (run.counts.new, run.counts.wrong) == (1, 1)
    with pytest.raises(Refused):
        await take(dry)
    assert await held(desk) == {}
    async with desk.store.read() as session:
        assert (await session.scalars(select(ImportRun))).all() == []


async def test_sources_do_not_touch_each_other_and_a_file_wins_over_a_feed(desk: ImportDesk) -> None:
    await take(desk, club("A", description="Feed."), club("B"), source="https://feed.example/services")
    await take(desk, club("A", description="File."))
    assert {entry.name: entry.what for entry in await directory(desk)} == {
        "A": "File.",
        "B": club()["description"],
    }
    async with desk.store.read() as session:
        assert [run.source for run in await last_runs(session)] == [SOURCE, "https://feed.example/services"]


async def test_what_is_kept_by_hand_wins_and_what_is_closed_by_hand_stays_closed(desk: ImportDesk) -> None:
    by_hand = lists().directory
    ours, closed = next(iter(by_hand)), an_id("Closed")
    await take(desk, club(ours.name, id=str(ours.id)), club("Closed"), club("New"))
    joined = await directory(desk, replace(by_hand, closed=frozenset({ServiceId(closed)})))
    assert joined.entries[ours.id] == ours
    assert ServiceId(closed) not in joined.entries
    assert len(joined.entries) == len(by_hand.entries) + 1


async def test_services_that_are_not_active_are_kept_and_not_shown(desk: ImportDesk) -> None:
    await take(desk, club("A"), club("B", status="temporarily closed"))
    assert {entry.name for entry in await directory(desk)} == {"A"}
    assert await held(desk) == {"A": True, "B": True}


async def test_any_sign_of_unicode_can_be_kept(desk: ImportDesk) -> None:
    run = await take(desk, club("Caf\u00e9 \U0001f600", alert="a\0b \ud800 c", fees={"x": ["\0"]}))
    assert run.counts.new == 1
    assert {entry.name for entry in await directory(desk)} == {"Caf\u00e9 \U0001f600"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"PK\x03\x04rest", "is a spreadsheet or an archive. Save the list as JSON"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xd0\xcf\x11\xe0", "is an old spreadsheet"),
        (b"a,b\0c", "is no text"),
        (b"caf\xe9,b", "is not text in UTF-8"),
        (b"name,age\nClub,3", "neither JSON nor Outpost's CSV"),
        (b"{" * 5, "is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b" " * LARGEST_FILE + b"]", "larger than 50 MB"),
    ],
)
async def test_files_that_are_no_list_are_refused_and_change_nothing(
    desk: ImportDesk, body: bytes, said: str
) -> None:
    await take(desk, club("A"))
    with pytest.raises(Refusal, match=said):
        await import_file(desk, body, name="list.json", source=SOURCE)
    assert await held(desk) == {"A": True}
    async with desk.store.read() as session:
        run = await last_run(session, SOURCE)
    assert run is not None
    assert (run.outcome, said in run.words) == (Outcome.REFUSED, True)


async def test_two_imports_never_run_at_once(desk: ImportDesk, clock: FakeClock) -> None:
    async with lease_job(desk.store, IMPORT_JOB, owner="another", clock=clock, lasting=IMPORT_LASTS):
        with pytest.raises(ImportUnderWay):
            await take(desk, club("A"))
    assert (await take(desk, club("A"))).counts.new == 1


async def test_old_runs_are_forgotten_but_the_newest_switch_is_not(desk: ImportDesk) -> None:
    await take(desk, club("A"))
    async with desk.store.write() as session:
        for _ in range(KEPT_RUNS + 5):
            await note_run(session, Run(SOURCE, desk.clock(), Outcome.FAILED, words="It did not answer."))
    async with desk.store.read() as session:
        kept = (await session.scalars(select(ImportRun.outcome).order_by(ImportRun.number))).all()
        assert await newest_switch(session) > 0
    assert kept == [Outcome.SWITCHED, *[Outcome.FAILED] * KEPT_RUNS]
