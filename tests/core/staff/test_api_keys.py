"""Another system reads with a key that is shown once, and no more once it is revoked."""

import pytest
from sqlalchemy import select

from core.staff.api_keys import (
    ApiKeyNeedsName,
    NoSuchApiKey,
    add_api_key,
    find_api_key,
    revoke_api_key,
)
from core.staff.roles import Scope
from core.staff.tables import ApiKey
from tests.fakes import FakeClock
from tests.staffed import pretend_keys
from tests.stores import Stores

KEYS = pretend_keys()


async def add(stores: Stores, clock: FakeClock, name: str = "dashboard") -> str:
    async with stores.service.write() as session:
        return await add_api_key(
            session, KEYS, name=name, scope=Scope.SUMMARIES, by="command-line", now=clock()
        )


async def test_a_key_is_found_by_its_secret_until_it_is_revoked(stores: Stores, clock: FakeClock) -> None:
    secret = await add(stores, clock)
    async with stores.service.read() as session:
        found = await find_api_key(session, secret)
    assert found is not None
    assert (found.name, found.scope) == ("dashboard", Scope.SUMMARIES)
    async with stores.service.write() as session:
        await revoke_api_key(session, KEYS, name="dashboard", by="command-line", now=clock())
    async with stores.service.read() as session:
        assert await find_api_key(session, secret) is None


async def test_the_store_does_not_hold_the_secret(sqlite_stores: Stores, clock: FakeClock) -> None:
    secret = await add(sqlite_stores, clock)
    async with sqlite_stores.service.read() as session:
        (kept,) = (await session.scalars(select(ApiKey))).all()
        assert await find_api_key(session, kept.secret_hash.hex()) is None
    assert secret.encode() not in kept.secret_hash


async def test_a_name_in_use_or_no_name_is_refused(sqlite_stores: Stores, clock: FakeClock) -> None:
    await add(sqlite_stores, clock)
    for name in ("dashboard", "  "):
        with pytest.raises(ApiKeyNeedsName):
            await add(sqlite_stores, clock, name)


async def test_only_a_key_in_use_can_be_revoked(sqlite_stores: Stores, clock: FakeClock) -> None:
    with pytest.raises(NoSuchApiKey):
        async with sqlite_stores.service.write() as session:
            await revoke_api_key(session, KEYS, name="none", by="command-line", now=clock())
