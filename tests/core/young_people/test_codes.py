"""How often a code may be tried, and what a code becomes before it is kept."""

import pytest

from core.database import Store
from core.text.code_words import CodeKind
from core.young_people import codes
from core.young_people.codes import CodeStretcher, may_try
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import some_keys

CODE = ("acorn", "badger", "lantern", "meadow")


async def tries(
    store: Store, clock: FakeClock, *whose: str, kind: CodeKind = CodeKind.DELETE, times: int = 1
) -> list[bool]:
    allowed = []
    for _ in range(times):
        async with store.write() as session:
            allowed.append(await may_try(session, some_keys(), kind=kind, whose=whose, now=clock()))
    return allowed


@pytest.mark.parametrize(("kind", "most"), [(CodeKind.LINK, 5), (CodeKind.DELETE, 10), (CodeKind.RETURN, 10)])
async def test_each_has_so_many_tries_an_hour(
    sqlite_stores: Stores, clock: FakeClock, kind: CodeKind, most: int
) -> None:
    store = sqlite_stores.service
    assert await tries(store, clock, "one", kind=kind, times=most + 1) == [True] * most + [False]
    assert await tries(store, clock, "another", kind=kind) == [True]
    clock.go_on(minutes=61)
    assert await tries(store, clock, "one", kind=kind) == [True]


async def test_a_conversation_and_its_address_are_counted_each(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    store = sqlite_stores.service
    await tries(store, clock, "one", "192.0.2.7", times=10)
    assert await tries(store, clock, "another", "192.0.2.7") == [False]
    assert await tries(store, clock, "one", "192.0.2.8") == [False]
    assert await tries(store, clock, "another", "192.0.2.8") == [True]


async def test_everybody_together_has_so_many_tries(
    sqlite_stores: Stores, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "TRIES_OVER_ALL", 4)
    store = sqlite_stores.service
    allowed = [(await tries(store, clock, f"talk {n}", f"192.0.2.{n}"))[0] for n in range(5)]
    assert allowed == [True] * 4 + [False]


async def test_who_has_no_try_left_takes_none_from_everybody(
    sqlite_stores: Stores, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "TRIES_OVER_ALL", 20)
    store = sqlite_stores.service
    assert (await tries(store, clock, "one", times=200)).count(True) == 10
    assert await tries(store, clock, "another") == [True]


async def test_the_same_words_are_the_same_code_and_an_older_key_still_finds_it() -> None:
    stretcher = CodeStretcher(cost=2**4)
    before = await stretcher.stretch(CODE, some_keys("1"))
    now = await stretcher.stretch(CODE, some_keys("2", "1"))
    assert before.names[0] in now.names[1:]
    assert before.key == now.key
    assert before.names[0] not in (await stretcher.stretch(CODE[::-1], some_keys("1"))).names
