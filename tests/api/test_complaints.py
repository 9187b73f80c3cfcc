"""Who answers complaints sees what waits, reads it, and answers it; it is written down who did."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import select

from core.complaints.complaints import make_complaint
from core.complaints.erasing import erase_complaints
from core.conversation.answer_complaint import answer_complaint
from core.conversation.house import House
from core.conversation.tables import Conversation
from core.ids import ComplaintId
from core.staff.roles import Role
from core.staff.tables import AuditEntry
from tests.api.conftest import Site, make_site
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock)


@pytest.fixture
async def site(stores: Stores, clock: FakeClock, house: House) -> AsyncIterator[Site]:
    made = make_site(stores, clock, keys=house.keys, answer_complaint=partial(answer_complaint, house))
    yield made
    await made.close()


async def complain(house: House, words: str = "No <b>one</b> answered me.") -> tuple[WebTalk, ComplaintId]:
    talk = await WebTalk.begin(house)
    async with house.service.write() as session:
        row = await session.get_one(Conversation, talk.conversation)
        key = house.keys.open_conversation_key(row.sealed_key, talk.conversation)
        made = await make_complaint(
            session, conversation=talk.conversation, key=key, words=words, now=house.clock()
        )
    return talk, made


async def test_the_list_says_what_waits_and_nothing_that_was_said(site: Site, house: House) -> None:
    _, complaint = await complain(house)
    site.clock.go_on(days=2)
    lee = await site.come_in(Role.COMPLAINTS_OFFICER, "Lee Moss")
    page = (await lee.get("/staff/complaints")).text
    assert f'href="/staff/complaints/{complaint}"' in page
    assert "Waiting for 2 days" in page
    assert "answered me" not in page


async def test_it_is_read_answered_and_both_are_remembered(site: Site, house: House) -> None:
    talk, complaint = await complain(house)
    lee = await site.come_in(Role.COMPLAINTS_OFFICER, "Lee Moss")
    page = f"/staff/complaints/{complaint}"
    assert "No &lt;b&gt;one&lt;/b&gt; answered me." in (await lee.get(page)).text
    checked = (await lee.post(f"{page}/answer", text="We are sorry.", step="check")).text
    assert "We are sorry." in checked
    assert "We are sorry" not in (await talk.messages())[-1].text
    sent = await lee.post(f"{page}/answer", text="We are sorry.", step="send", once="a")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}?done=sent")
    assert (await talk.messages())[-1].text == "Lee, from The complaints team, says: We are sorry."
    listed = (await lee.get("/staff/complaints")).text
    assert "Answered by Lee Moss" in listed
    async with house.service.read() as session:
        done = (await session.scalars(select(AuditEntry.did).where(AuditEntry.about == complaint))).all()
    assert done == ["opened_complaint", "answered_complaint"]


@pytest.mark.parametrize("step", ["check", "send"])
async def test_an_answer_without_words_is_not_sent(site: Site, house: House, step: str) -> None:
    talk, complaint = await complain(house)
    lee = await site.come_in(Role.COMPLAINTS_OFFICER)
    refused = await lee.post(f"/staff/complaints/{complaint}/answer", text="  ", step=step)
    assert refused.status_code == 422
    assert "Write some words first" in refused.text
    assert "says:" not in (await talk.messages())[-1].text


async def test_words_can_be_changed_before_they_go(site: Site, house: House) -> None:
    _, complaint = await complain(house)
    lee = await site.come_in(Role.COMPLAINTS_OFFICER)
    back = await lee.post(f"/staff/complaints/{complaint}/answer", text="We are srry", step="change")
    assert (back.status_code, "We are srry</textarea>" in back.text) == (200, True)


async def test_what_was_taken_back_can_be_read_by_nobody(site: Site, house: House) -> None:
    talk, complaint = await complain(house)
    async with house.service.write() as session:
        await erase_complaints(session, talk.conversation)
    lee = await site.come_in(Role.COMPLAINTS_OFFICER)
    assert (await lee.get(f"/staff/complaints/{complaint}")).status_code == 410
    assert str(complaint) not in (await lee.get("/staff/complaints")).text


async def test_words_whose_key_is_gone_are_said_to_be_gone(site: Site, house: House) -> None:
    talk, complaint = await complain(house)
    async with house.service.write() as session:
        (await session.get_one(Conversation, talk.conversation)).sealed_key = b""
    lee = await site.come_in(Role.COMPLAINTS_OFFICER)
    assert "We can not open these words any more." in (await lee.get(f"/staff/complaints/{complaint}")).text
