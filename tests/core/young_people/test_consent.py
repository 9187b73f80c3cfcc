"""What stopping promises."""

from sqlalchemy import delete

from core.young_people.consent import is_opted_out, opt_in, opt_out
from core.young_people.contact import keep_contact, pseudonym_of, pseudonyms_of
from core.young_people.tables import Contact
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import ALEX, SAM, some_keys

KEYS = some_keys("1")
ROTATED = some_keys("2", "1")


async def test_stop_stays_stopped_until_start(stores: Stores, clock: FakeClock) -> None:
    sam, alex = pseudonym_of(SAM, KEYS), pseudonym_of(ALEX, KEYS)
    async with stores.service.write() as session:
        await opt_out(session, sam, clock())
        await opt_out(session, sam, clock())
        assert await is_opted_out(session, sam)
        assert not await is_opted_out(session, alex)
        await opt_in(session, sam)
        assert not await is_opted_out(session, sam)


async def test_a_stop_outlives_the_contact(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        await keep_contact(session, SAM, KEYS, clock())
        await opt_out(session, pseudonym_of(SAM, KEYS), clock())
        await session.execute(delete(Contact))
        assert await is_opted_out(session, *pseudonyms_of(SAM, KEYS))


async def test_a_stop_by_whatsapp_covers_text_messages(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        await opt_out(session, pseudonym_of(f"whatsapp:{SAM}", KEYS), clock())
        assert await is_opted_out(session, pseudonym_of(SAM, KEYS))


async def test_a_stop_outlives_a_change_of_keys(stores: Stores, clock: FakeClock) -> None:
    async with stores.service.write() as session:
        await opt_out(session, pseudonym_of(SAM, KEYS), clock())
        assert await is_opted_out(session, *pseudonyms_of(SAM, ROTATED))
        await opt_in(session, *pseudonyms_of(SAM, ROTATED))
        assert not await is_opted_out(session, *pseudonyms_of(SAM, KEYS))
