"""What a key worker writes on the staff's page reaches the young person in their own conversation."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from core.conversation.house import House
from core.conversation.tables import Author, Conversation
from core.conversation.transcript import standing_choices
from core.conversation.worker_reply import reply_to_young_person
from core.signposting.requests import OpenedRequest, open_request
from core.staff.roles import Role
from tests.api.conftest import Site, make_site
from tests.api.test_queue import ROBIN
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock)


@pytest.fixture
async def real_site(stores: Stores, clock: FakeClock, house: House) -> AsyncIterator[Site]:
    made = make_site(stores, clock, keys=house.keys, reply=partial(reply_to_young_person, house))
    yield made
    await made.close()


async def ask(house: House, talk: WebTalk) -> OpenedRequest:
    async with house.service.write() as session:
        row = await session.get_one(Conversation, talk.conversation)
        key = house.keys.open_conversation_key(row.sealed_key, talk.conversation)
        return await open_request(
            session, conversation=talk.conversation, key=key, body=ROBIN, now=house.clock()
        )


async def test_a_reply_is_read_in_the_chat_with_the_first_name_of_who_wrote(
    real_site: Site, house: House
) -> None:
    talk = await WebTalk.begin(house)
    page = f"/staff/queue/{(await ask(house, talk)).id}"
    sam = await real_site.come_in(Role.KEY_WORKER, "Sam Green")
    assert "Robin" in (await sam.get(page)).text
    await sam.post(f"{page}/take")
    sent = await sam.post(f"{page}/reply", text="I can meet you on Tuesday.", step="send")
    assert sent.status_code == 303
    last = (await talk.messages())[-1]
    assert last.author is Author.WORKER
    assert "Sam" in last.text
    assert "I can meet you on Tuesday." in last.text


async def test_words_said_in_danger_stand_on_the_concerns_page_at_once(real_site: Site, house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.send("he hits me and im scared to go home")
    lee = await real_site.come_in(Role.SAFEGUARDING_LEAD, "Lee Ash")
    listed = (await lee.get("/staff/concerns")).text
    assert "Danger" in listed
    address = listed.split('<h3><a href="')[1].split('"')[0]
    assert "he hits me and im scared to go home" in (await lee.get(address)).text


async def test_a_tap_on_i_am_not_safe_stands_there_too(real_site: Site, house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.say("hello")
    lee = await real_site.come_in(Role.SAFEGUARDING_LEAD, "Lee Ash")
    choices = await standing_choices(house, talk.conversation)
    (unsafe,) = [each for each in choices if "safe" in each.label.lower()]
    await talk.send(choice=unsafe.id)
    listed = (await lee.get("/staff/concerns")).text
    address = listed.split('<h3><a href="')[1].split('"')[0]
    page = (await lee.get(address)).text
    assert unsafe.label in page
    assert "In danger now" in page


async def test_a_form_sent_twice_is_one_reply(real_site: Site, house: House) -> None:
    talk = await WebTalk.begin(house)
    page = f"/staff/queue/{(await ask(house, talk)).id}"
    sam = await real_site.come_in(Role.KEY_WORKER, "Sam Green")
    await sam.post(f"{page}/take")
    for _ in range(2):
        await sam.post(f"{page}/reply", text="See you on Tuesday.", step="send", once="form1")
    await sam.post(f"{page}/reply", text="See you on Tuesday.", step="send", once="form2")
    replies = [each for each in await talk.messages() if each.author is Author.WORKER]
    assert len(replies) == 2
