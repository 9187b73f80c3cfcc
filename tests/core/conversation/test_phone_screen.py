"""A phone shows what it sent and what left for it, and nothing else."""

import pytest

from core.conversation.phone_screen import read_phone
from core.outbox import mark_sent
from core.outbox_claim import Claimant, claim_due
from core.young_people.consent import opt_out
from core.young_people.contact import pseudonym_of
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import ALEX, SAM, Texting, some_keys


@pytest.fixture
def texting(stores: Stores, clock: FakeClock) -> Texting:
    return Texting(stores.service, clock, some_keys())


async def send_next(texting: Texting) -> None:
    claimant = Claimant("one", texting.recipients, limit=1)
    for due in (await claim_due(texting.store, claimant, texting.clock())).due:
        await mark_sent(texting.store, [due.id], owner="one", provider_id=due.id, now=texting.clock())


async def shown(texting: Texting, number: str) -> list[tuple[str, bool]]:
    async with texting.store.read() as session:
        texts = await read_phone(session, number, texting.keys)
    return [(each.text, each.is_mine) for each in texts]


async def test_texts_stand_in_the_order_in_which_the_phone_had_them(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    await texting.hear(sam, "hi")
    await texting.post(sam, "Hello.")
    await texting.post(sam, "How are you?")
    texting.clock.go_on(seconds=1)
    await send_next(texting)
    texting.clock.go_on(seconds=1)
    await texting.hear(sam, "fine")
    assert await shown(texting, SAM) == [("hi", True), ("Hello.", False), ("fine", True)]


async def test_what_was_withheld_after_stop_is_not_on_the_phone(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    await texting.post(sam, "too late")
    async with texting.store.write() as session:
        await opt_out(session, pseudonym_of(SAM, texting.keys), texting.clock())
    await send_next(texting)
    assert await shown(texting, SAM) == []


async def test_another_phone_shows_nothing_of_it(texting: Texting) -> None:
    await texting.hear(await texting.young_person(SAM), "hi")
    assert await shown(texting, ALEX) == []
