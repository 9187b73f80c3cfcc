"""Safeguarding leads review blindly, and see how much was missed."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.conversation.house import House
from core.staff.audit import Deed
from core.staff.roles import Role
from core.staff.tables import AuditEntry
from tests.api.conftest import Site
from tests.builders import WebTalk, build_test_house
from tests.fakes import FakeClock
from tests.staffed import pretend_keys
from tests.stores import Stores


@pytest.fixture
def house(sqlite_stores: Stores, clock: FakeClock) -> House:
    return replace(build_test_house(sqlite_stores, clock), keys=pretend_keys(), draw=lambda _below: 0)


NO_FIGURES = "There are no figures yet."


def review_of(page: str) -> str:
    return page.split('action="/staff/review/')[1].split('"', maxsplit=1)[0]


async def test_a_message_is_shown_without_whose_it_is_and_a_miss_becomes_a_concern(
    site: Site, house: House, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    await talk.say("my name is Zebedee and <b>sorry mum</b>")
    lead = await site.come_in(Role.SAFEGUARDING_LEAD)
    page = (await lead.get("/staff/review")).text
    assert "sorry mum&lt;/b&gt;" in page
    for theirs in ("Zebedee", talk.conversation, "2026"):
        assert theirs not in page
    assert page.count(NO_FIGURES) == 2
    review = review_of(page)
    async with house.service.read() as session:
        seen = await session.scalars(select(AuditEntry.about).where(AuditEntry.did == Deed.SAW_MESSAGE))
        assert list(seen) == [review]
    wrong = await lead.post(f"/staff/review/{review}", verdict="maybe")
    assert wrong.status_code == 422
    assert "Please pick what you hear in it." in wrong.text
    assert (await lead.post(f"/staff/review/{review}", verdict="danger")).status_code == 303
    page = (await lead.get("/staff/review")).text
    assert "No message waits for a review." in page
    assert page.count(NO_FIGURES) == 2, "what rose at once would tell why it was there"
    concerns = (await lead.get("/staff/concerns")).text
    concern = concerns.split('href="/staff/concerns/')[1].split('"')[0]
    assert "sorry mum" in (await lead.get(f"/staff/concerns/{concern}")).text
    assert (await lead.post(f"/staff/review/{review}", verdict="nothing")).status_code == 409
    clock.go_on(days=7)
    page = (await (await site.come_in(Role.SAFEGUARDING_LEAD, "Lee Ash")).get("/staff/review")).text
    assert "Danger: 1 of 1 messages" in page
    assert "between 20.7 and 100.0 in 100" in page
    assert "up to the end of last week" in page
    assert page.count(NO_FIGURES) == 1


async def test_a_very_long_message_is_cut_and_says_so(site: Site, house: House) -> None:
    await (await WebTalk.begin(house)).say("i like art and cats. " * 400)
    lead = await site.come_in(Role.SAFEGUARDING_LEAD)
    assert "There is more of it than we show here." in (await lead.get("/staff/review")).text


async def test_the_page_says_for_how_many_days_the_oldest_message_waits(
    site: Site, house: House, clock: FakeClock
) -> None:
    await (await WebTalk.begin(house)).say("i like art and cats")
    for hours, said in ((11, "came less than a day ago"), (14, "has waited for 1 day."), (24, "for 2 days.")):
        clock.go_on(hours=hours)
        lead = await site.come_in(Role.SAFEGUARDING_LEAD, f"Lead {hours}")
        assert said in (await lead.get("/staff/review")).text


async def test_the_page_of_concerns_says_that_messages_let_pass_wait_too_long(
    site: Site, house: House, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(replace(house, second_listener=lambda _words: None))
    await talk.say("he locks me in my room")
    lead, late = await site.come_in(Role.SAFEGUARDING_LEAD), "Messages wait too long"
    assert late not in (await lead.get("/staff/concerns")).text
    clock.go_on(hours=28)
    lead = await site.come_in(Role.SAFEGUARDING_LEAD, "Lee Ash")
    page = (await lead.get("/staff/concerns")).text
    assert late in page
    assert 'href="/staff/review"' in page
