"""A group session is found by its code while it is on, kept sealed, and forgotten when it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core.group_sessions.group import Group
from core.group_sessions.sessions import (
    NoSuchGroupSession,
    end_group_session,
    find_group_session,
    give_new_code,
    list_group_sessions,
    purge_group_sessions,
)
from core.group_sessions.tables import GroupSession
from core.keys import ServiceKeys
from tests.core.group_sessions.groups import make, oak_school
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import some_keys


async def find(stores: Stores, clock: FakeClock, typed: str, keys: ServiceKeys | None = None) -> Group | None:
    async with stores.service.read() as session:
        return await find_group_session(session, keys or some_keys(), typed, clock())


async def test_its_code_finds_it_however_the_digits_are_parted(stores: Stores, clock: FakeClock) -> None:
    group = oak_school(clock())
    _, code = await make(stores.service, some_keys(), group)
    for typed in (code, f"{code[:4]} {code[4:]}", f" the code is {code[:2]}-{code[2:]}. "):
        assert await find(stores, clock, typed) == group
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for typed in (wrong, code[:7], code + "0", "", "' OR 1=1 --", code * 1000):
        assert await find(stores, clock, typed) is None


async def test_the_code_works_half_an_hour_before_and_after_and_no_more(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    began = clock()
    _, code = await make(
        sqlite_stores.service,
        some_keys(),
        replace(oak_school(began), begins_at=began, ends_at=began + timedelta(hours=1)),
    )
    for minutes, works in ((-31, False), (-30, True), (90, True), (91, False)):
        clock.at = began + timedelta(minutes=minutes)
        assert (await find(sqlite_stores, clock, code) is not None) is works, minutes


async def test_nothing_of_it_stands_in_the_clear_and_all_are_of_one_size(
    stores: Stores, clock: FakeClock
) -> None:
    keys, short = some_keys(), oak_school(clock())
    long = replace(short, setting="É" * 30, leader="x" * 60, leader_phone="0" * 60, lead="y" * 60)
    _, code = await make(stores.service, keys, short)
    await make(stores.service, keys, long)
    async with stores.service.read() as session:
        rows = (await session.execute(text("SELECT * FROM group_sessions"))).all()
    written = b"".join(each if isinstance(each, bytes) else each.encode() for row in rows for each in row)
    for secret in (code, short.setting, short.leader, short.lead_phone, "wychavon", "special"):
        assert secret.encode() not in written
    assert len({len(row.sealed_group) for row in rows}) == 1


async def test_a_new_code_ends_the_old_one_and_after_the_end_none_works(
    stores: Stores, clock: FakeClock
) -> None:
    its_id, before = await make(stores.service, some_keys(), oak_school(clock()))
    async with stores.service.write() as session:
        code = await give_new_code(session, some_keys(), its_id)
    assert await find(stores, clock, before) is None
    assert await find(stores, clock, code) is not None
    async with stores.service.write() as session:
        await end_group_session(session, its_id)
    assert await find(stores, clock, code) is None
    async with stores.service.write() as session:
        for deed in (give_new_code(session, some_keys(), its_id), end_group_session(session, its_id)):
            with pytest.raises(NoSuchGroupSession):
                await deed


async def test_a_code_still_finds_it_after_a_change_of_keys(sqlite_stores: Stores, clock: FakeClock) -> None:
    _, code = await make(sqlite_stores.service, some_keys("1"), oak_school(clock()))
    assert await find(sqlite_stores, clock, code, some_keys("2", "1")) is not None


async def test_the_night_forgets_what_is_over_and_what_no_key_opens(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    keys, now, store = some_keys(), clock(), sqlite_stores.service
    over = replace(oak_school(now), ends_at=now - timedelta(minutes=31))
    kept, _ = await make(store, keys, oak_school(now))
    await make(store, keys, over)
    await make(store, some_keys("gone"), oak_school(now))
    async with store.write() as session:
        assert [each.id for each in await list_group_sessions(session, keys, now)] == [kept]
        assert await purge_group_sessions(session, keys, now, dry_run=True) == 2
        assert await purge_group_sessions(session, keys, now) == 2
        assert (await session.scalars(select(GroupSession.id))).all() == [kept]
