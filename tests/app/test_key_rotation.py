"""After `keys rotate` the old key can be thrown away, and everything opens."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.key_rotation import rotate_keys, sealed_columns
from app.stores import Stores as AppStores
from core.conversation.house import House
from core.conversation.tables import Conversation
from core.conversation.transcript import messages_after
from core.ids import ConversationId
from core.kept_keys import with_kept_keys
from core.keys import ServiceKeys
from core.reseal import Resealed, count_old, reseal_some
from core.sealing import BadKeys, CannotOpen, Keyring, unpad, unseal
from core.staff.audit import Deed, Sound, record_deed, verify_audit
from core.views.held import seal_text, view_row
from core.views.tables import HeldView
from core.young_people.consent import is_opted_out, opt_out
from core.young_people.contact import address_of, find_contact, pseudonyms_of
from tests.builders import PhoneTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import ALEX, SAM, some_keys

OLD, BOTH, NEW = some_keys("2025"), some_keys("2026", "2025"), some_keys("2026")
OLD_SEALS = Keyring((("2025", b"o" * 32),))
BOTH_SEALS = Keyring((("2026", b"n" * 32), *OLD_SEALS.keys))
NEW_SEALS = Keyring(BOTH_SEALS.keys[:1])


async def fill(stores: Stores, clock: FakeClock) -> House:
    """Two phones that talk, one of them stopped; a stop of which nothing else is kept; a view; a deed."""
    house = replace(build_test_house(stores, clock), keys=OLD)
    await PhoneTalk(house, SAM).text("the bus is late")
    await PhoneTalk(house, ALEX).text("STOP")
    async with stores.service.write() as session:
        await opt_out(session, pseudonyms_of("+447700900999", OLD)[0], clock())
        await record_deed(session, OLD, who="somebody", did=Deed.SIGNED_IN, about=None, now=clock())
    async with stores.views.write() as session:
        session.add(
            HeldView(
                id="1" * 32,
                period="2026-autumn",
                person="2" * 32,
                measure="said",
                themes="[]",
                sealed_text=seal_text("it is loud", OLD_SEALS, "1" * 32),
                anchored=False,
            )
        )
    return house


async def rotate(stores: Stores, keys: ServiceKeys = BOTH, seals: Keyring = BOTH_SEALS) -> int:
    """Rotate, and say how many values are left under an older key."""
    both = AppStores(stores.service, stores.views)
    rotated = await rotate_keys(both, keys, seals, told=lambda *_: None)
    return sum(each.left for each in rotated)


async def assert_all_opens(house: House, stores: Stores) -> None:
    """Look at everything with the new keys alone."""
    keys = await with_kept_keys(stores.service, NEW)
    alone = replace(house, keys=keys)
    async with stores.service.read() as session:
        for conversation in await session.scalars(select(Conversation.id)):
            assert await messages_after(alone, ConversationId(conversation), 0)
        for number in (SAM, ALEX):
            contact = await find_contact(session, number, NEW)
            assert contact is not None
            assert await address_of(session, contact, keys) == number
        assert await is_opted_out(session, *pseudonyms_of(ALEX, NEW))
        assert await is_opted_out(session, *pseudonyms_of("+447700900999", keys))
        assert isinstance(await verify_audit(session, keys), Sound)
    async with stores.views.read() as session:
        view = (await session.scalars(select(HeldView))).one()
        assert unpad(unseal(view.sealed_text or b"", NEW_SEALS, row=view_row(view.id))) == b"it is loud"


async def test_after_rotating_the_old_key_can_go_and_everything_opens(
    stores: Stores, clock: FakeClock
) -> None:
    house = await fill(stores, clock)
    assert await rotate(stores) == 0
    await assert_all_opens(house, stores)


async def test_a_rotation_that_died_half_way_goes_on_where_it_stopped(
    stores: Stores, clock: FakeClock
) -> None:
    house = await fill(stores, clock)
    first, *others = sealed_columns(AppStores(stores.service, stores.views), BOTH, BOTH_SEALS)
    assert await reseal_some(first, Resealed()) is not None
    assert await count_old(first) == 0
    assert any([await count_old(each) for each in others])
    assert await rotate(stores) == 0
    await assert_all_opens(house, stores)


async def test_rotating_twice_changes_nothing_the_second_time(stores: Stores, clock: FakeClock) -> None:
    await fill(stores, clock)
    await rotate(stores)
    both = AppStores(stores.service, stores.views)
    again = await rotate_keys(both, BOTH, BOTH_SEALS, told=lambda *_: None)
    assert {each.done for each in again} == {0}


async def test_the_young_person_goes_on_talking_while_keys_rotate(stores: Stores, clock: FakeClock) -> None:
    house = replace(await fill(stores, clock), keys=BOTH)
    await rotate(stores)
    accepted = await PhoneTalk(house, SAM).text("and it is cold")
    shown = await messages_after(replace(house, keys=NEW), accepted.conversation, accepted.seq - 1)
    assert shown[0].text == "and it is cold"
    async with stores.service.read() as session:
        assert (await session.scalars(select(func.count()).select_from(Conversation))).one() == 2


async def test_with_a_wrong_old_key_nothing_is_changed_and_it_says_what_is_left(
    stores: Stores, clock: FakeClock
) -> None:
    house = await fill(stores, clock)
    wrong = replace(
        BOTH,
        conversations=Keyring((BOTH.conversations.keys[0], ("2025", b"w" * 32))),
        addresses=NEW.addresses,
    )
    assert await rotate(stores, wrong) == 4
    async with stores.service.read() as session:
        row = (await session.scalars(select(Conversation))).first()
        assert row is not None
        with pytest.raises(CannotOpen):
            NEW.open_conversation_key(row.sealed_key, ConversationId(row.id))
        assert house.keys.open_conversation_key(row.sealed_key, ConversationId(row.id))


async def test_settings_without_the_newest_key_are_refused_in_plain_words(
    stores: Stores, clock: FakeClock
) -> None:
    await fill(stores, clock)
    await rotate(stores)
    with pytest.raises(BadKeys, match="SERVICE_KEYS"):
        await with_kept_keys(stores.service, OLD)
