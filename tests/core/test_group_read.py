"""Look-ups that wait share one statement, each gets its own, and an error takes only those who shared it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import bindparam, column, delete, insert, select, table, update

from core.database import Store, open_store
from core.group_read import AnyRow, AnySelect, GroupRead
from core.job_lease import JobLease
from core.store_away import StoreAway
from tests.fakes import MONDAY_MORNING
from tests.stores import Stores, glances_of

OWNERS: Final = (
    select(JobLease.job, JobLease.owner)
    .where(JobLease.job.in_(bindparam("names", expanding=True)))
    .order_by(JobLease.until)
)
JOBS: Final = (
    select(JobLease.owner, JobLease.job)
    .where(JobLease.owner.in_(bindparam("names", expanding=True)))
    .order_by(JobLease.until)
)
NOWHERE: Final[AnySelect] = (
    select(column("job"))
    .select_from(table("no_such_table"))
    .where(column("job").in_(bindparam("names", expanding=True)))
)


@pytest.fixture
async def store(stores: Stores) -> Store:
    """Ten jobs; each two that follow each other have the same owner."""
    async with stores.service.write() as session:
        for number in range(10):
            until = MONDAY_MORNING + timedelta(minutes=number)
            row = {"job": f"job {number}", "owner": f"owner {number // 2}", "until": until}
            await session.execute(insert(JobLease).values(row))
    return stores.service


@dataclass
class SlowStore:
    """A store whose glances, when they have read, wait until they are let go: as with a database that is far away."""

    store: Store
    has_read: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    groups: list[list[str]] = field(default_factory=list)

    async def glance(self, wanted: AnySelect, *, names: list[str]) -> Sequence[AnyRow]:
        """Note what is asked, and that no other is under way."""
        self.under_way += 1
        assert self.under_way == 1
        self.groups.append(sorted(names))
        rows = await self.store.glance(wanted, names=names)
        self.has_read.set()
        await self.let_go.wait()
        self.under_way -= 1
        return rows


def second(row: AnyRow | None) -> Any:
    return None if row is None else row[1]


async def ask(reads: GroupRead, wanted: AnySelect, *names: str) -> Any:
    return second(await reads.find(wanted, *names))


async def test_those_that_wait_share_one_statement_and_each_gets_its_own(store: Store) -> None:
    reads = GroupRead(store)
    with glances_of(store) as asked:
        told = await asyncio.gather(
            *(ask(reads, OWNERS, f"job {number}") for number in range(10)), ask(reads, OWNERS, "no such job")
        )
    assert told == [f"owner {number // 2}" for number in range(10)] + [None]
    assert len(asked) == 1


async def test_what_asks_otherwise_has_a_statement_of_its_own(store: Store) -> None:
    reads = GroupRead(store)
    with glances_of(store) as asked:
        told = await asyncio.gather(
            *(
                ask(reads, wanted, name)
                for _ in range(5)
                for wanted, name in ((OWNERS, "job 4"), (JOBS, "owner 1"))
            )
        )
    assert told == ["owner 2", "job 3"] * 5  # of the two jobs of an owner the last one counts
    assert len(asked) == 2


async def test_of_several_names_the_first_that_is_known_counts(store: Store) -> None:
    reads = GroupRead(store)
    assert await ask(reads, OWNERS, "job 9", "job 1") == "owner 4"
    assert await ask(reads, OWNERS, "no such job", "job 1") == "owner 0"


async def test_many_go_in_groups(store: Store) -> None:
    reads = GroupRead(store, most_together=3)
    with glances_of(store) as asked:
        told = await asyncio.gather(*(ask(reads, OWNERS, f"job {number}") for number in range(10)))
    assert told == [f"owner {number // 2}" for number in range(10)]
    assert len(asked) == 4


async def test_what_comes_while_one_is_under_way_gathers_and_sees_what_was_written_since(
    store: Store,
) -> None:
    slow = SlowStore(store)
    reads = GroupRead(slow)  # type: ignore[arg-type]
    first = asyncio.create_task(ask(reads, OWNERS, "job 1"))
    await slow.has_read.wait()
    others = [asyncio.create_task(ask(reads, OWNERS, f"job {number}")) for number in (1, 2, 1)]
    async with store.write() as session:
        await session.execute(update(JobLease).where(JobLease.job == "job 1").values(owner="another"))
    slow.let_go.set()
    assert [await first, *[await other for other in others]] == ["owner 0", "another", "owner 1", "another"]
    assert slow.groups == [["job 1"], ["job 1", "job 2"]]


async def test_nothing_is_kept_of_what_was_read(store: Store) -> None:
    reads = GroupRead(store)
    assert await ask(reads, OWNERS, "job 1") == "owner 0"
    async with store.write() as session:
        await session.execute(delete(JobLease))
    assert await ask(reads, OWNERS, "job 1") is None


async def test_an_error_is_told_to_each_who_shared_it_and_to_nobody_else(store: Store) -> None:
    reads = GroupRead(store)
    told = await asyncio.gather(
        ask(reads, NOWHERE, "job 1"),
        ask(reads, OWNERS, "job 1"),
        ask(reads, NOWHERE, "job 2"),
        return_exceptions=True,
    )
    assert told[1] == "owner 0"
    assert isinstance(told[0], Exception)
    assert told[0] is told[2]
    assert await ask(reads, OWNERS, "job 2") == "owner 1"


async def test_a_store_that_is_away_is_told_to_each_in_plain_words() -> None:
    reads = GroupRead(open_store("sqlite+aiosqlite:////no/such/folder/none.db"))
    told = await asyncio.gather(*(ask(reads, OWNERS, "job 1") for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in told] == [StoreAway] * 3


async def test_an_asker_who_left_is_not_asked_for_and_takes_nobody_with_them(store: Store) -> None:
    slow = SlowStore(store)
    reads = GroupRead(slow)  # type: ignore[arg-type]
    left, stayed = (asyncio.create_task(ask(reads, OWNERS, name)) for name in ("job 1", "job 3"))
    await slow.has_read.wait()
    left_early, came = (asyncio.create_task(ask(reads, OWNERS, name)) for name in ("job 5", "job 7"))
    await asyncio.sleep(0)
    left.cancel()
    left_early.cancel()
    slow.let_go.set()
    assert [await stayed, await came] == ["owner 1", "owner 3"]
    assert slow.groups == [["job 1", "job 3"], ["job 7"]]
    for gone in (left, left_early):
        with pytest.raises(asyncio.CancelledError):
            await gone
