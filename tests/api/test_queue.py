"""A key worker finds who waits longest, takes the request, writes, plans and closes it."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from core.conversation.tables import Conversation
from core.signposting.requests import OpenedRequest, RequestBody, open_request, request_statuses
from core.signposting.tables import RequestKind, RequestState
from core.staff.audit import Deed, Sound, verify_audit
from core.staff.roles import Role
from core.staff.tables import AuditEntry
from tests.api.conftest import Browser, Site
from tests.staffed import Talk, hold_conversation

ROBIN = RequestBody(
    about="getting to <college>",
    first_name="Robin",
    reach="Text 07700 900123",
    when="after school",
    helper=None,
    permission="A key worker can read this.",
)


PAGE = replace(
    ROBIN,
    about="My page for my meeting",
    where="Hill School",
    page={"like": "I am kind to <dogs>", "matters": "", "helps": "", "hope": "", "say": "Talk to me"},
)


async def ask(
    site: Site, body: RequestBody = ROBIN, kind: RequestKind = RequestKind.HELP
) -> tuple[Talk, OpenedRequest]:
    async with site.office.store.write() as session:
        talk = await hold_conversation(session)
        opened = await open_request(
            session, conversation=talk.id, key=talk.key, body=body, now=site.clock(), kind=kind
        )
    return talk, opened


async def sam_takes(site: Site) -> tuple[Browser, Talk, OpenedRequest, str]:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    talk, opened = await ask(site)
    page = f"/staff/queue/{opened.id}"
    assert (await sam.post(f"{page}/take")).status_code == 303
    return sam, talk, opened, page


async def test_the_queue_says_who_waits_and_how_long_and_nothing_that_was_said(site: Site) -> None:
    _, first = await ask(site)
    site.clock.go_on(hours=2)
    _, second = await ask(site)
    page = (await (await site.come_in(Role.KEY_WORKER)).get("/staff/queue")).text
    assert page.index(first.words) < page.index(second.words)
    assert "Waits 2 hours" in page
    assert "Robin" not in page
    assert "college" not in page


async def test_a_waiting_request_shows_what_the_young_person_agreed_to_show(site: Site) -> None:
    _, opened = await ask(site)
    page = (await (await site.come_in(Role.KEY_WORKER)).get(f"/staff/queue/{opened.id}")).text
    for words in ("getting to &lt;college&gt;", "Robin", "Text 07700 900123", "after school", "No one"):
        assert words in page


async def test_the_second_key_worker_is_told_that_another_is_helping(site: Site) -> None:
    _, talk, _, page = await sam_takes(site)
    ali = await site.come_in(Role.KEY_WORKER, "Ali Brown")
    refused = await ali.post(f"{page}/take")
    assert refused.status_code == 409
    assert "Another key worker is already helping with this." in refused.text
    seen = (await ali.get(page)).text
    assert "Sam Green is helping with this." in seen
    assert "Robin" not in seen
    async with site.office.store.read() as session:
        (status,) = await request_statuses(session, talk.id)
    assert status.seen_by == "Sam"


async def test_a_reply_is_shown_once_more_before_it_goes(site: Site) -> None:
    sam, _, opened, page = await sam_takes(site)
    check = await sam.post(f"{page}/reply", text="Hello Robin.\r\nI am Sam.", step="check")
    assert "Is this right?" in check.text
    assert site.replies.sent == []
    change = await sam.post(f"{page}/reply", text="Hello Robin.\nI am Sam.", step="change")
    assert ">Hello Robin.\nI am Sam.</textarea>" in change.text
    sent = await sam.post(f"{page}/reply", text="Hello Robin.\r\nI am Sam.", step="send")
    assert sent.status_code == 303
    assert site.replies.sent == [(opened.id, sam.staff, "Hello Robin.\nI am Sam.")]
    assert "Your words are on their way." in (await sam.get(sent.headers["location"])).text


@pytest.mark.parametrize(
    ("text", "words"), [("  ", "write some words first"), ("a" * 1001, "You wrote 1001")]
)
async def test_a_reply_that_can_not_go_is_kept_to_be_changed(site: Site, text: str, words: str) -> None:
    sam, _, _, page = await sam_takes(site)
    answer = await sam.post(f"{page}/reply", text=text, step="send")
    assert answer.status_code == 422
    assert words in answer.text
    assert text.strip() in answer.text
    assert site.replies.sent == []


async def test_only_the_key_worker_who_took_it_writes_and_only_while_it_is_open(site: Site) -> None:
    sam, _, _, page = await sam_takes(site)
    ali = await site.come_in(Role.KEY_WORKER, "Ali Brown")
    assert (await ali.post(f"{page}/reply", text="Hello", step="send")).status_code == 409
    await sam.post(f"{page}/close", outcome="helped")
    assert (await sam.post(f"{page}/reply", text="Hello", step="send")).status_code == 409
    assert site.replies.sent == []


async def test_a_day_is_planned_from_today_on(site: Site) -> None:
    sam, talk, _, page = await sam_takes(site)
    for day in ("", "nonsense", "2026-11-22"):
        assert (await sam.post(f"{page}/plan", day=day)).status_code == 422
    assert (await sam.post(f"{page}/plan", day="2026-12-01")).status_code == 303
    assert "Tuesday 1 December 2026" in (await sam.get(page)).text
    async with site.office.store.read() as session:
        (status,) = await request_statuses(session, talk.id)
    assert status.state is RequestState.PLANNED


async def test_a_request_is_closed_with_how_it_ended(site: Site) -> None:
    sam, _, opened, page = await sam_takes(site)
    unsaid = await sam.post(f"{page}/close")
    assert unsaid.status_code == 422
    assert "Please pick how it ended." in unsaid.text
    assert (await sam.post(f"{page}/close", outcome="passed-on")).status_code == 303
    assert "We passed it on, and they agreed" in (await sam.get(page)).text
    assert opened.words in (await sam.get("/staff/queue")).text


async def test_a_request_whose_words_were_erased_says_so(site: Site) -> None:
    talk, opened = await ask(site)
    async with site.office.store.write() as session:
        await session.execute(update(Conversation).where(Conversation.id == talk.id).values(sealed_key=b""))
    page = (await (await site.come_in(Role.KEY_WORKER)).get(f"/staff/queue/{opened.id}")).text
    assert "They asked us to delete them." in page


async def test_every_deed_is_recorded_in_order_and_without_words(site: Site) -> None:
    sam, _, opened, page = await sam_takes(site)
    await sam.get(page)
    await sam.post(f"{page}/reply", text="Hello", step="send")
    await sam.post(f"{page}/plan", day="2026-12-01")
    await sam.post(f"{page}/close", outcome="helped")
    async with site.office.store.read() as session:
        entries = (await session.execute(select(AuditEntry).order_by(AuditEntry.seq))).scalars().all()
        assert isinstance(await verify_audit(session, site.office.keys), Sound)
    assert [(each.did, each.about) for each in entries] == [
        (Deed.SIGNED_IN, None),
        (Deed.TOOK_REQUEST, opened.id),
        (Deed.OPENED_REQUEST, opened.id),
        (Deed.REPLIED_TO_REQUEST, opened.id),
        (Deed.PLANNED_REQUEST, opened.id),
        (Deed.CLOSED_REQUEST, opened.id),
    ]
    assert {each.who for each in entries} == {sam.staff}


async def test_a_request_that_is_given_back_waits_at_its_old_place(site: Site) -> None:
    sam, talk, first, page = await sam_takes(site)
    site.clock.go_on(hours=1)
    _, second = await ask(site)
    ali = await site.come_in(Role.KEY_WORKER, "Ali Brown")
    assert (await ali.post(f"{page}/give-back")).status_code == 409
    assert (await sam.post(f"{page}/give-back")).status_code == 303
    queue = (await ali.get("/staff/queue")).text
    assert queue.index(first.words) < queue.index(second.words)
    async with site.office.store.read() as session:
        (status,) = await request_statuses(session, talk.id)
    assert (status.state, status.seen_by) == (RequestState.WAITING, None)
    assert (await ali.post(f"{page}/take")).status_code == 303


async def test_a_page_shows_whose_it_is_and_only_who_opens_it_sees_the_page(site: Site) -> None:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    ali = await site.come_in(Role.KEY_WORKER, "Ali Brown")
    _, opened = await ask(site, PAGE, RequestKind.PAGE)
    address = f"/staff/queue/{opened.id}"
    assert "A page for a meeting" in (await sam.get("/staff/queue")).text
    waiting = (await sam.get(address)).text
    assert "Robin" in waiting
    assert "Hill School" in waiting
    assert "Open and read this page" in waiting
    assert "kind to" not in waiting
    await sam.post(f"{address}/take")
    mine = (await sam.get(address)).text
    assert "I am kind to &lt;dogs&gt;" in mine
    assert mine.count("<h3>") == 5
    assert "Talk to me" not in (await ali.get(address)).text


async def test_who_read_a_page_is_told_also_after_giving_it_back(site: Site) -> None:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    talk, opened = await ask(site, PAGE, RequestKind.PAGE)
    await sam.post(f"/staff/queue/{opened.id}/take")
    await sam.post(f"/staff/queue/{opened.id}/give-back")
    assert "kind to" not in (await sam.get(f"/staff/queue/{opened.id}")).text
    async with site.office.store.read() as session:
        (status,) = await request_statuses(session, talk.id)
    assert (status.state, status.seen_by) == (RequestState.WAITING, "Sam")
