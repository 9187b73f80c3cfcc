"""A safeguarding lead notes, raises, hands over, and closes many; some concerns open only after a question."""

from sqlalchemy import update

from core.conversation.rows import add_conversation, add_said, lock_conversation
from core.conversation.say import Said
from core.conversation.tables import Channel, Kind
from core.ids import ConcernId, ContactId, ConversationId, MessageId
from core.outbox import post_text
from core.outbox_tables import Post, Status
from core.safeguarding.check_in import Reply
from core.safeguarding.concerns import note_check_in
from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.signposting.requests import open_request
from core.staff.roles import Role
from core.young_people.contact import keep_contact
from tests.api.conftest import Site
from tests.api.test_concerns import FED, lead, tell
from tests.api.test_queue import ROBIN
from tests.staffed import Talk, pretend_keys

WORKER = Heard(
    Level.DANGER,
    (Category.ADULT_WHO_WORKS_WITH_CHILDREN,),
    (Match("worker_harms", Category.ADULT_WHO_WORKS_WITH_CHILDREN, Level.DANGER),),
)


async def test_a_concern_about_a_worker_shows_no_words_before_the_reader_says_it_is_not_about_them(
    site: Site,
) -> None:
    _, concern = await tell(site, "my driver hits me", WORKER)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    gate = (await lee.get(page)).text
    assert "About an adult at work" in gate
    assert "my driver" not in gate
    assert "worker_harms" not in gate
    for form in ("acknowledge", "close", "notes", "escalate", "key-worker", "hand-over"):
        fields = {
            "seen": "1",
            "level": "danger",
            "outcome": "safe-now",
            "note": "x",
            "reference": "x",
            "reader": "x",
        }
        assert (await lee.post(f"{page}/{form}", **fields)).status_code == 403, form
    await lee.post(f"{page}/about-me", said="not-me")
    assert "my driver hits me" in (await lee.get(page)).text
    sam = await site.come_in(Role.SAFEGUARDING_LEAD, "Sam Oak")
    await sam.post(f"{page}/about-me", said="may-be-me")
    await sam.post(f"{page}/about-me", said="not-me")
    shut = (await sam.get(page)).text
    assert "Another lead reads it." in shut
    assert "my driver" not in shut
    assert (await sam.post(f"{page}/acknowledge", seen="1", level="danger")).status_code == 403


async def test_a_note_stands_on_the_page_with_who_wrote_it(site: Site) -> None:
    _, concern = await tell(site)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    assert (await lee.post(f"{page}/notes", note=" ")).status_code == 422
    assert (await lee.post(f"{page}/notes", note="I <rang> the school.")).status_code == 303
    shown = (await lee.get(page)).text
    assert "I &lt;rang&gt; the school." in shown
    assert "Lee Ash, Monday 23 November 2026" in shown


async def test_a_worry_shows_by_when_it_is_read_and_that_it_is_late(site: Site) -> None:
    await tell(site, "mum forgets my feed", FED)
    lee = await lead(site)
    assert "Read this by Monday 23 November 2026, 5:00 pm." in (await lee.get("/staff/concerns")).text
    site.clock.go_on(hours=7)
    later = await site.come_in(Role.SAFEGUARDING_LEAD, "Sam Oak")
    assert (
        "Late. It was due by Monday 23 November 2026, 5:00 pm." in (await later.get("/staff/concerns")).text
    )


async def test_what_they_answered_to_the_check_in_is_shown(site: Site) -> None:
    talk, concern = await tell(site, "mum forgets my feed", FED)
    async with site.office.store.write() as session:
        await note_check_in(session, talk.id, Reply.SAFE, site.clock())
    page = (await (await lead(site)).get(f"/staff/concerns/{concern}")).text
    assert "They said: I feel safe." in page


async def test_a_person_makes_it_danger(site: Site) -> None:
    _, concern = await tell(site, "mum forgets my feed", FED)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    assert (await lee.post(f"{page}/escalate")).status_code == 303
    assert '<span class="tag danger">' in (await lee.get(page)).text


async def test_the_key_worker_of_the_same_person_sees_that_a_lead_is_involved_and_no_more(
    site: Site,
) -> None:
    talk, concern = await tell(site)
    async with site.office.store.write() as session:
        now = site.clock()
        opened = await open_request(session, conversation=talk.id, key=talk.key, body=ROBIN, now=now)
    sam, lee = await site.come_in(Role.KEY_WORKER, "Sam Green"), await lead(site)
    request = f"/staff/queue/{opened.id}"
    await sam.post(f"{request}/take")
    assert "A safeguarding lead" not in (await sam.get(request)).text
    await lee.post(f"/staff/concerns/{concern}/key-worker", may_know="yes")
    shown = (await sam.get(request)).text
    assert "A safeguarding lead is part of this." in shown
    assert "hits me" not in shown
    await lee.post(f"/staff/concerns/{concern}/key-worker", may_know="no")
    assert "A safeguarding lead" not in (await sam.get(request)).text


async def test_the_hand_over_is_recorded_after_the_closing(site: Site) -> None:
    _, concern = await tell(site)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    copy = {"reference": "C-123", "reader": "Jo Bell"}
    assert (await lee.post(f"{page}/hand-over", **copy)).status_code == 409
    await lee.post(f"{page}/acknowledge", seen="1", level="danger")
    await lee.post(f"{page}/close", seen="1", level="danger", outcome="front-door")
    empty = await lee.post(f"{page}/hand-over", reference="", reader="Jo Bell")
    assert empty.status_code == 422
    assert 'value="Jo Bell"' in empty.text
    await lee.post(f"{page}/hand-over", **copy)
    assert "Case C-123, read by Jo Bell." in (await lee.get(page)).text


async def test_many_are_closed_and_another_lead_looks_again(site: Site) -> None:
    found = [(await tell(site, "mum forgets my feed", FED))[1] for _ in range(3)]
    lee = await lead(site)
    picked = {"picked": [f"{each}:1" for each in found]}
    assert (await lee.post("/staff/close-concerns", reason="A prank.")).status_code == 422
    assert (await lee.post("/staff/close-concerns", reason="", **picked)).status_code == 422
    assert (await lee.post("/staff/close-concerns", reason="A prank.", **picked)).status_code == 303
    shown = (await lee.get("/staff/concerns")).text
    assert "There are no open concerns." in shown
    again = _first_link(shown, "To look at again")
    assert (await lee.post(f"{again}/second-look", said="right")).status_code == 409
    sam = await site.come_in(Role.SAFEGUARDING_LEAD, "Sam Oak")
    assert "Was that right?" in (await sam.get(again)).text
    await sam.post(f"{again}/second-look", said="wrong")
    assert "There are no open concerns." not in (await sam.get("/staff/concerns")).text


async def test_by_text_it_says_what_reached_the_phone_and_whether_the_number_is_proven(site: Site) -> None:
    talk, concern = await text_of_danger(site)
    lee, page = await lead(site), f"/staff/concerns/{concern}"
    shown = (await lee.get(page)).text
    assert "Number not proven" in shown
    assert "We sent nothing: they said STOP before." in shown
    await answer_by_text(site, talk)
    lost = "Our text could not come to their phone. <strong>Their phone is off or has no signal.</strong>"
    assert f"{lost} (twilio_30003)" in (await lee.get(page)).text


async def text_of_danger(site: Site) -> tuple[Talk, ConcernId]:
    """Hold a conversation by text in which danger was heard and nothing was sent."""
    async with site.office.store.write() as session:
        keys = pretend_keys()
        contact = await keep_contact(session, "+447700900123", keys, site.clock())
        row, _, key = await add_conversation(
            session, keys, channel=Channel.SMS, mirrored=False, now=site.clock(), contact=contact
        )
    talk = Talk(ConversationId(row.id), key)
    return await tell(site, talk=talk)


async def answer_by_text(site: Site, talk: Talk) -> None:
    """Say the numbers, in a text that could not be delivered."""
    async with site.office.store.write() as session:
        row = await lock_conversation(session, talk.id)
        said = Said("Call 999.", "Call 999.", kind=Kind.SAFETY, level="danger")
        (message,) = add_said(session, row, talk.key, [said], site.clock())
        await session.flush()
        await post_text(
            session,
            contact=ContactId(row.contact_id or ""),
            message=MessageId(message.id),
            text="Call 999.",
            key=talk.key,
            now=site.clock(),
        )
        lost = update(Post).where(Post.message_id == message.id)
        await session.execute(lost.values(status=Status.UNDELIVERABLE, reason="twilio_30003"))


def _first_link(page: str, after: str) -> str:
    return page.split(after)[1].split('<h3><a href="')[1].split('"', maxsplit=1)[0]
