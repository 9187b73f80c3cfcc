"""A safeguarding lead reads a concern in the young person's own words, and says what was done."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from core.conversation.tables import Conversation
from core.ids import ConcernId, MessageId
from core.safeguarding.concerns import raise_concern
from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.safeguarding.tables import ConcernMessage
from core.staff.roles import Role
from tests.api.conftest import AREA, WORDS, Browser, Site
from tests.staffed import Talk, hold_conversation, hold_message

HIT = Heard(
    Level.DANGER,
    (Category.PHYSICAL_ABUSE,),
    (Match("hits_me", Category.PHYSICAL_ABUSE, Level.DANGER),),
)
FED = Heard(Level.WORRY, (Category.NEGLECT,), (Match("forgets_feed", Category.NEGLECT, Level.WORRY),))


async def tell(
    site: Site, words: str = "he hits me & im scared", heard: Heard = HIT, talk: Talk | None = None
) -> tuple[Talk, ConcernId]:
    async with site.office.store.write() as session:
        said_in = talk or await hold_conversation(session)
        message = await hold_message(session, said_in, words)
        concern = await raise_concern(
            session, AREA, conversation=said_in.id, message=message, heard=heard, now=site.clock()
        )
    return said_in, concern


async def lead(site: Site) -> Browser:
    return await site.come_in(Role.SAFEGUARDING_LEAD, "Lee Ash")


async def test_danger_stands_first_and_the_list_repeats_no_words(site: Site) -> None:
    _, worry = await tell(site, "mum forgets my feed", FED)
    _, danger = await tell(site)
    page = (await (await lead(site)).get("/staff/concerns")).text
    assert page.index(danger) < page.index(worry)
    assert "Not read yet" in page
    assert "hits me" not in page


async def test_a_concern_shows_the_words_and_why_they_were_heard(site: Site) -> None:
    _, concern = await tell(site)
    page = (await (await lead(site)).get(f"/staff/concerns/{concern}")).text
    assert "he hits me &amp; im scared" in page
    assert "Physical abuse, level Danger. Rule: hits_me" in page


async def test_a_concern_is_read_and_then_closed_with_what_was_done(site: Site) -> None:
    _, concern = await tell(site)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    assert (await lee.post(f"{page}/close", seen="1", level="danger", outcome="safe-now")).status_code == 409
    assert (await lee.post(f"{page}/acknowledge", seen="1", level="danger")).status_code == 303
    assert "Read by Lee Ash" in (await lee.get(page)).text
    assert (await lee.post(f"{page}/close", seen="1", level="danger")).status_code == 422
    assert (
        await lee.post(f"{page}/close", seen="1", level="danger", outcome="front-door")
    ).status_code == 303
    closed = (await lee.get(page)).text
    assert "Closed by Lee Ash" in closed
    assert "There are no open concerns." in (await lee.get("/staff/concerns")).text


async def test_words_that_came_while_the_page_was_open_must_be_read_first(site: Site) -> None:
    talk, concern = await tell(site)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    await tell(site, "now he is here", talk=talk)
    refused = await lee.post(f"{page}/acknowledge", seen="1", level="danger")
    assert refused.status_code == 409
    assert "There are new words. Please read them first." in refused.text
    shown = (await lee.get(page)).text
    assert shown.index("he hits me") < shown.index("now he is here")
    assert (await lee.post(f"{page}/acknowledge", seen="2", level="danger")).status_code == 303


async def test_danger_heard_late_in_a_worry_must_be_read_before_it_is_acknowledged_or_closed(
    site: Site,
) -> None:
    talk, concern = await tell(site, "mum forgets my feed", FED)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    assert 'name="level" value="worry"' in (await lee.get(page)).text
    async with site.office.store.write() as session:
        message = (await session.scalars(select(ConcernMessage.message_id))).one()
        await raise_concern(
            session,
            AREA,
            conversation=talk.id,
            message=MessageId(message),
            heard=replace(FED, level=Level.DANGER),
            now=site.clock(),
        )
    refused = await lee.post(f"{page}/acknowledge", seen="1", level="worry")
    assert refused.status_code == 409
    assert "There are new words. Please read them first." in refused.text
    assert 'name="level" value="danger"' in (await lee.get(page)).text
    assert (await lee.post(f"{page}/acknowledge", seen="1", level="danger")).status_code == 303
    stale = await lee.post(f"{page}/close", seen="1", level="worry", outcome="front-door")
    assert stale.status_code == 409
    assert (await lee.post(f"{page}/acknowledge", seen="1")).status_code == 422


async def test_words_that_were_erased_are_said_to_be_gone(site: Site) -> None:
    talk, concern = await tell(site)
    async with site.office.store.write() as session:
        gone = update(Conversation).where(Conversation.id == talk.id).values(sealed_key=b"")
        await session.execute(gone)
    page = (await (await lead(site)).get(f"/staff/concerns/{concern}")).text
    assert "These words are gone." in page


async def test_a_broken_form_is_said_in_plain_words(site: Site) -> None:
    _, concern = await tell(site)
    answer = await (await lead(site)).post(
        f"/staff/concerns/{concern}/acknowledge", seen="many", level="danger"
    )
    assert answer.status_code == 422
    assert "Some of the form is not filled in right." in answer.text


@pytest.mark.parametrize(
    "category", [each for each in Category if each is not Category.ADULT_WHO_WORKS_WITH_CHILDREN]
)
async def test_the_page_names_whatever_was_heard(site: Site, category: Category) -> None:
    match = Match("a phrase", category, Level.WORRY)
    _, concern = await tell(site, heard=Heard(Level.WORRY, (category,), (match,)))
    page = await (await lead(site)).get(f"/staff/concerns/{concern}")
    assert page.status_code == 200
    assert WORDS.say(f"staff_category_{category}") in page.text
