"""Many small writes share a commit, one bad one sinks nobody, and danger is never turned away."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Store
from core.errors import Refusal
from core.group_commit import Alike, GroupCommit, TooBusy
from core.job_lease import JobLease
from tests.fakes import MONDAY_MORNING
from tests.stores import Stores


class NotThis(Refusal):
    """What a write may say."""


def keep(name: str) -> Callable[[AsyncSession], Awaitable[str]]:
    async def write(session: AsyncSession) -> str:
        until = MONDAY_MORNING + timedelta(minutes=1)
        await session.execute(insert(JobLease).values(job=name, owner="someone", until=until))
        return name

    return write


async def refuse(session: AsyncSession) -> None:
    await keep("refused")(session)
    raise NotThis


async def kept(store: Store) -> set[str]:
    async with store.read() as session:
        return set((await session.execute(select(JobLease.job))).scalars())


@contextmanager
def commits_of(store: Store, *, first_fails: bool = False) -> Iterator[list[int]]:
    """Count what is committed; the first commit may fail as on a full disk."""
    counted: list[int] = []

    def count(_connection: object) -> None:
        counted.append(len(counted))
        if first_fails and len(counted) == 1:
            raise OperationalError("COMMIT", None, Exception("database or disk is full"))

    event.listen(store.writer.sync_engine, "commit", count)
    try:
        yield counted
    finally:
        event.remove(store.writer.sync_engine, "commit", count)


async def test_writes_that_wait_together_share_one_commit_in_their_order(stores: Stores) -> None:
    group, order = GroupCommit(stores.service), []

    def noting(name: str) -> Callable[[AsyncSession], Awaitable[str]]:
        async def write(session: AsyncSession) -> str:
            order.append(name)
            return await keep(name)(session)

        return write

    names = [f"job {number:02}" for number in range(10)]
    with commits_of(stores.service) as counted:
        told = await asyncio.gather(*(group.write(noting(name), is_urgent=False) for name in names))
    assert told == order == names
    assert len(counted) == 1
    assert await kept(stores.service) == set(names)


async def test_a_bad_write_sinks_nobody_and_says_its_own_error(stores: Stores) -> None:
    group = GroupCommit(stores.service)
    told = await asyncio.gather(
        group.write(keep("one"), is_urgent=False),
        group.write(keep("one"), is_urgent=False),
        group.write(refuse, is_urgent=False),
        group.write(keep("two"), is_urgent=False),
        return_exceptions=True,
    )
    assert [told[0], told[3]] == ["one", "two"]
    assert isinstance(told[1], IntegrityError)
    assert isinstance(told[2], NotThis)
    assert await kept(stores.service) == {"one", "two"}


async def test_when_the_shared_commit_fails_each_is_tried_alone(stores: Stores) -> None:
    group = GroupCommit(stores.service)
    with commits_of(stores.service, first_fails=True) as counted:
        told = await asyncio.gather(*(group.write(keep(name), is_urgent=False) for name in ("a", "b", "c")))
    assert told == ["a", "b", "c"]
    assert len(counted) == 4
    assert await kept(stores.service) == {"a", "b", "c"}


async def test_nobody_is_told_before_it_is_kept(stores: Stores) -> None:
    group = GroupCommit(stores.service)
    seen: list[bool] = []

    async def write_and_look(name: str) -> None:
        await group.write(keep(name), is_urgent=False)
        seen.append(name in await kept(stores.service))

    await asyncio.gather(*(write_and_look(f"job {number}") for number in range(20)))
    assert seen == [True] * 20


async def test_a_full_queue_turns_the_ordinary_away_and_never_the_urgent(stores: Stores) -> None:
    group = GroupCommit(stores.service, most_waiting=3)
    ordinary = [group.write(keep(f"ordinary {number}"), is_urgent=False) for number in range(5)]
    urgent = [group.write(keep(f"urgent {number}"), is_urgent=True) for number in range(5)]
    told = await asyncio.gather(*ordinary, *urgent, return_exceptions=True)
    assert [isinstance(each, TooBusy) for each in told] == [False] * 3 + [True] * 2 + [False] * 5
    async with stores.service.read() as session:
        assert (await session.execute(select(func.count()).select_from(JobLease))).scalar_one() == 8


async def test_a_sender_who_left_takes_nobody_with_them(stores: Stores) -> None:
    group = GroupCommit(stores.service)
    left = asyncio.create_task(group.write(keep("left"), is_urgent=False))
    stayed = asyncio.create_task(group.write(keep("stayed"), is_urgent=False))
    await asyncio.sleep(0)
    left.cancel()
    assert await stayed == "stayed"
    with pytest.raises(asyncio.CancelledError):
        await left
    assert await kept(stores.service) == {"left", "stayed"}


async def keep_all_but_odd(session: AsyncSession, names: Sequence[str]) -> list[str | None]:
    """Write together those whose name is no odd number, and leave the others."""
    even = [None if int(name) % 2 else name for name in names]
    for name in even:
        if name is not None:
            await keep(name)(session)
    return [name and f"{name} together" for name in even]


async def test_what_is_alike_is_written_together_and_the_rest_one_by_one(stores: Stores) -> None:
    group = GroupCommit(stores.service)
    with commits_of(stores.service) as counted:
        told = await asyncio.gather(
            *(
                group.write(keep(name), is_urgent=False, alike=Alike(keep_all_but_odd, name))
                for name in ("2", "3", "4")
            ),
            group.write(keep("other"), is_urgent=False),
        )
    assert told == ["2 together", "3", "4 together", "other"]
    assert len(counted) == 1
    assert await kept(stores.service) == {"2", "3", "4", "other"}


async def test_alike_writes_do_not_pass_another_that_came_between_them(stores: Stores) -> None:
    group, runs = GroupCommit(stores.service), []

    async def note(_session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        runs.append(list(names))
        return names

    async def other(_session: AsyncSession) -> str:
        runs.append(["other"])
        return "other"

    told = await asyncio.gather(
        group.write(keep("a"), is_urgent=False, alike=Alike(note, "a")),
        group.write(keep("b"), is_urgent=False, alike=Alike(note, "b")),
        group.write(other, is_urgent=False),
        group.write(keep("c"), is_urgent=False, alike=Alike(note, "c")),
    )
    assert runs == [["a", "b"], ["other"], ["c"]]
    assert list(told) == ["a", "b", "other", "c"]


async def test_a_bad_one_among_what_is_alike_sinks_nobody(stores: Stores) -> None:
    group = GroupCommit(stores.service)

    async def together(session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        for name in names:
            await keep(name)(session)
        return names

    told = await asyncio.gather(
        *(
            group.write(keep(name), is_urgent=False, alike=Alike(together, name))
            for name in ("one", "one", "two")
        ),
        return_exceptions=True,
    )
    assert [told[0], told[2]] == ["one", "two"]
    assert isinstance(told[1], IntegrityError)
    assert await kept(stores.service) == {"one", "two"}


async def test_a_group_ends_where_something_urgent_waits(stores: Stores) -> None:
    group, ended = GroupCommit(stores.service), []

    async def write(name: str, *, is_urgent: bool = False) -> None:
        await group.write(keep(name), is_urgent=is_urgent)
        ended.append(name)

    async def while_others_are_written(session: AsyncSession) -> str:
        urgent.append(asyncio.create_task(write("urgent", is_urgent=True)))
        return await keep("first")(session)

    urgent: list[asyncio.Task[None]] = []
    with commits_of(stores.service) as counted:
        await asyncio.gather(
            group.write(while_others_are_written, is_urgent=False),
            *(write(f"ordinary {number}") for number in range(10)),
        )
        await asyncio.gather(*urgent)
    assert ended[0] == "urgent"
    assert len(counted) == 3
    assert len(await kept(stores.service)) == 12
