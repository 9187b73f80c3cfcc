"""Nobody who can write the database changes the record of deeds unseen."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.keys import ServiceKeys
from core.sealing import Keyring
from core.staff.audit import Broken, Deed, Root, Sound, record_deed, verify_audit
from core.staff.audit_roots import BadRootsFile, note_root, read_roots
from core.staff.tables import AuditEntry, AuditHead
from tests.fakes import FakeClock
from tests.staffed import ROOT, pretend_keys
from tests.stores import Stores

KEYS = pretend_keys()
ENTRIES = 6
AWAY = 1000


async def do_deeds(stores: Stores, clock: FakeClock, count: int = ENTRIES) -> None:
    for number in range(count):
        clock.go_on(seconds=1)
        async with stores.service.write() as session:
            about = f"request{number}"
            await record_deed(session, KEYS, who="sam", did=Deed.TOOK_REQUEST, about=about, now=clock())


async def verify(stores: Stores, roots: tuple[Root, ...] = ()) -> Sound | Broken:
    async with stores.service.read() as session:
        return await verify_audit(session, KEYS, roots)


async def edit_one(session: AsyncSession) -> None:
    await session.execute(update(AuditEntry).where(AuditEntry.seq == 3).values(who="ali"))


async def delete_one(session: AsyncSession) -> None:
    await session.execute(delete(AuditEntry).where(AuditEntry.seq == 3))


async def delete_one_and_close_the_gap(session: AsyncSession) -> None:
    await delete_one(session)
    for seq in range(4, ENTRIES + 1):
        await session.execute(update(AuditEntry).where(AuditEntry.seq == seq).values(seq=seq - 1))


async def swap_two(session: AsyncSession) -> None:
    for seq, to in ((3, AWAY), (4, 3), (AWAY, 4)):
        await session.execute(update(AuditEntry).where(AuditEntry.seq == seq).values(seq=to))


async def cut_the_tail(session: AsyncSession) -> None:
    await session.execute(delete(AuditEntry).where(AuditEntry.seq > 4))


async def cut_the_tail_and_set_the_head_back(session: AsyncSession) -> None:
    await cut_the_tail(session)
    last = await session.get_one(AuditEntry, 4)
    await session.execute(update(AuditHead).values(seq=4, mac=last.mac))


async def delete_the_head(session: AsyncSession) -> None:
    await session.execute(delete(AuditHead))


async def delete_everything(session: AsyncSession) -> None:
    await session.execute(delete(AuditEntry))


@pytest.mark.parametrize(
    "tamper",
    [
        edit_one,
        delete_one,
        delete_one_and_close_the_gap,
        swap_two,
        cut_the_tail,
        cut_the_tail_and_set_the_head_back,
        delete_the_head,
        delete_everything,
    ],
)
async def test_tampering_shows(
    stores: Stores, clock: FakeClock, tamper: Callable[[AsyncSession], Awaitable[None]]
) -> None:
    await do_deeds(stores, clock)
    assert isinstance(await verify(stores), Sound)
    async with stores.service.write() as session:
        await tamper(session)
    assert isinstance(await verify(stores), Broken)


async def test_deeds_at_once_make_one_chain(stores: Stores, clock: FakeClock) -> None:
    async def take() -> None:
        async with stores.service.write() as session:
            await record_deed(session, KEYS, who="sam", did=Deed.SIGNED_IN, about=None, now=clock())

    await asyncio.gather(*(take() for _ in range(12)))
    sound = await verify(stores)
    assert isinstance(sound, Sound)
    assert sound.root.seq == 12


async def test_an_empty_record_is_sound(sqlite_stores: Stores) -> None:
    assert isinstance(await verify(sqlite_stores), Sound)


async def test_a_record_set_back_to_an_old_day_shows_against_a_noted_root(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path
) -> None:
    roots = tmp_path / "roots"
    await do_deeds(sqlite_stores, clock, 2)
    async with sqlite_stores.service.read() as session:
        head = await session.get_one(AuditHead, 1)
        old = {"seq": head.seq, "mac": head.mac, "seal": head.seal}
    await do_deeds(sqlite_stores, clock, 2)
    sound = await verify(sqlite_stores)
    assert isinstance(sound, Sound)
    note_root(roots, sound.root, clock())
    async with sqlite_stores.service.write() as session:
        await session.execute(delete(AuditEntry).where(AuditEntry.seq > 2))
        await session.execute(update(AuditHead).values(**old))
    assert isinstance(await verify(sqlite_stores), Sound)
    assert isinstance(await verify(sqlite_stores, read_roots(roots)), Broken)


async def test_a_record_goes_on_under_a_new_key(sqlite_stores: Stores, clock: FakeClock) -> None:
    await do_deeds(sqlite_stores, clock, 2)
    both = Keyring((("newer", b"n" * 32), *ROOT.keys)).derive("staff")
    old = pretend_keys()
    newer = ServiceKeys(
        old.conversations, old.addresses, old.pseudonyms, Keyring((both.keys[0], *old.staff.keys))
    )
    async with sqlite_stores.service.write() as session:
        await record_deed(session, newer, who="sam", did=Deed.SIGNED_OUT, about=None, now=clock())
        assert isinstance(await verify_audit(session, newer), Sound)
        assert isinstance(await verify_audit(session, old), Broken)


def test_a_broken_line_among_the_roots_is_named(tmp_path: Path) -> None:
    (tmp_path / "roots").write_text("2026-11-23 1 00\nnonsense\n")
    with pytest.raises(BadRootsFile, match="line 2"):
        read_roots(tmp_path / "roots")
    assert read_roots(tmp_path / "none") == ()
