"""A key worker sees if their words came to the phone, and why not; nothing on the page tells of a concern."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import select, update

from api.sent_texts import UNKNOWN, WHY, SentText
from core.conversation.house import House
from core.conversation.tables import Conversation
from core.conversation.worker_reply import reply_to_young_person
from core.outbox_tables import Post, Status
from core.signposting.requests import open_request
from core.staff.roles import Role
from tests.api.conftest import WORDS, Browser, Site, make_site
from tests.api.test_queue import ROBIN
from tests.builders import PhoneTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock)


@pytest.fixture
async def site(stores: Stores, clock: FakeClock, house: House) -> AsyncIterator[Site]:
    made = make_site(stores, clock, keys=house.keys, reply=partial(reply_to_young_person, house))
    yield made
    await made.close()


async def worker_who_wrote(site: Site, house: House) -> tuple[Browser, str]:
    """A phone whose owner asked for a key worker, heard of danger too, and got the key worker's words."""
    phone = PhoneTalk(house)
    talk = (await phone.text("hello")).conversation
    await phone.text("he hits me")
    async with house.service.write() as session:
        row = await session.get_one(Conversation, talk)
        key = house.keys.open_conversation_key(row.sealed_key, talk)
        asked = await open_request(session, conversation=talk, key=key, body=ROBIN, now=house.clock())
    page = f"/staff/queue/{asked.id}"
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    await sam.post(f"{page}/take")
    await sam.post(f"{page}/reply", text="See you on Tuesday.", step="send", once="one")
    return sam, page


async def end_texts(house: House, status: Status, reason: str) -> None:
    async with house.service.write() as session:
        await session.execute(update(Post).values(status=status, reason=reason))


async def test_the_page_of_a_request_says_how_far_the_words_came_and_why_no_further(
    site: Site, house: House
) -> None:
    sam, page = await worker_who_wrote(site, house)
    assert "Our text has not left yet." in (await sam.get(page)).text
    await end_texts(house, Status.UNDELIVERABLE, "twilio_30006")
    shown = (await sam.get(page)).text
    assert "Our text could not come to their phone." in shown
    assert "This number can not get texts." in shown
    await end_texts(house, Status.WITHHELD, "said_stop")
    shown = (await sam.get(page)).text
    assert "We held our text back." in shown
    assert "They said STOP. We may not text them." in shown
    await end_texts(house, Status.DELIVERED, "twilio_30008")
    assert "We do not know why." not in (await sam.get(page)).text


async def test_only_the_key_workers_own_texts_are_told(site: Site, house: House) -> None:
    sam, page = await worker_who_wrote(site, house)
    async with house.service.read() as session:
        all_texts = list(await session.scalars(select(Post.id).where(Post.contact_id.is_not(None))))
    shown = (await sam.get(page)).text
    assert len(all_texts) > 1
    assert shown.count("Our text has not left yet.") == 1
    ada = await site.come_in(Role.KEY_WORKER, "Ada Oak")
    assert "Our text" not in (await ada.get(page)).text


@pytest.mark.parametrize("reason", [*WHY, "twilio_99999", "", None])
def test_every_reason_has_words(reason: str | None) -> None:
    text = SentText(Status.UNDELIVERABLE, reason)
    assert WORDS.say(text.why)
    assert (text.why == UNKNOWN) is (WHY.get(reason or "", UNKNOWN) == UNKNOWN)
