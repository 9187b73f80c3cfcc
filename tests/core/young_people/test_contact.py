"""What a contact promises."""

import pytest
from sqlalchemy import select, update

from core.sealing import CannotOpen
from core.young_people.contact import (
    address_of,
    find_contact,
    is_only_theirs,
    is_proven,
    keep_contact,
    prove_contact,
    pseudonym_of,
    pseudonyms_of,
    say_whose_phone,
)
from core.young_people.tables import Contact
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import ALEX, SAM, some_keys

KEYS = some_keys("1")
ROTATED = some_keys("2", "1")


async def test_a_number_is_one_contact_by_text_and_by_whatsapp(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        by_text = await keep_contact(session, SAM, KEYS, clock())
        by_whatsapp = await keep_contact(session, f"whatsapp:{SAM}", KEYS, clock())
        another = await keep_contact(session, ALEX, KEYS, clock())
    assert by_text == by_whatsapp != another


async def test_a_contact_opens_to_the_number_it_was_made_of(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        contact = await keep_contact(session, SAM, KEYS, clock())
        assert await address_of(session, contact, KEYS) == SAM


async def test_no_column_holds_the_number_or_its_unkeyed_hash(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        await keep_contact(session, SAM, KEYS, clock())
        row = (await session.scalars(select(Contact))).one()
    assert SAM.encode() not in row.sealed_address
    assert row.pseudonym == pseudonym_of(SAM, KEYS) != pseudonym_of(SAM, some_keys("other"))


async def test_an_address_moved_to_another_contact_does_not_open(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        sam = await keep_contact(session, SAM, KEYS, clock())
        alex = await keep_contact(session, ALEX, KEYS, clock())
        sams = select(Contact.sealed_address).where(Contact.id == sam).scalar_subquery()
        await session.execute(update(Contact).where(Contact.id == alex).values(sealed_address=sams))
        with pytest.raises(CannotOpen):
            await address_of(session, alex, KEYS)


async def test_a_contact_is_still_found_and_opened_after_the_keys_were_changed(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        before = await keep_contact(session, SAM, KEYS, clock())
        assert await keep_contact(session, SAM, ROTATED, clock()) == before
        assert await address_of(session, before, ROTATED) == SAM
    assert pseudonyms_of(SAM, ROTATED)[1] == pseudonym_of(SAM, KEYS)


async def test_an_unknown_number_has_no_contact(stores: Stores) -> None:
    async with stores.service.read() as session:
        assert await find_contact(session, SAM, KEYS) is None


async def test_a_number_is_proven_once_it_has_answered_us(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        contact = await keep_contact(session, SAM, KEYS, clock())
        assert not await is_proven(session, contact)
        first = clock()
        await prove_contact(session, contact, first)
        clock.go_on(days=1)
        await prove_contact(session, contact, clock())
        assert await is_proven(session, contact)
        assert (await session.scalars(select(Contact.proven_at))).one() == first


async def test_whose_phone_it_is_stays_unknown_until_they_say(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        contact = await keep_contact(session, SAM, KEYS, clock())
        assert await is_only_theirs(session, contact) is None
        await say_whose_phone(session, contact, is_only_theirs=False)
        assert await is_only_theirs(session, contact) is False
        await say_whose_phone(session, contact, is_only_theirs=True)
        assert await is_only_theirs(session, contact) is True
