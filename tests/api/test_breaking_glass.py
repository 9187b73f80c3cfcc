"""A contact that was not given for this opens to two named people, or to one of the rota where life is at risk."""

from sqlalchemy import select

from core.ids import ConcernId
from core.outbox_tables import AlertKind, Post
from core.safeguarding.breaking_glass import STAYS_OPEN
from core.safeguarding.chasing import Chaser, chase
from core.safeguarding.openings import opening_row
from core.safeguarding.record_tables import ContactOpening
from core.safeguarding.rota_tables import RotaTurn
from core.sealing import seal_json
from core.staff.audit import Deed, Sound, verify_audit
from core.staff.roles import Role
from core.staff.tables import AuditEntry
from tests.api.conftest import AREA, Browser, Site
from tests.api.test_concerns import tell
from tests.api.test_deciding import WORKER, text_of_danger
from tests.core.safeguarding.rota_of import hold_turn

NUMBER = "+447700900123"


async def come_in(site: Site, name: str) -> Browser:
    return await site.come_in(Role.SAFEGUARDING_LEAD, name)


async def ask(site: Site, browser: Browser, concern: ConcernId, *, risk: str = "") -> str:
    """Ask to open the contact, and give the address of the opening."""
    answer = await browser.post(f"/staff/concerns/{concern}/contact", reason="They may need help.", risk=risk)
    assert answer.status_code == 303
    async with site.office.store.read() as session:
        newest = select(ContactOpening.id).order_by(ContactOpening.asked_at.desc()).limit(1)
        return f"/staff/openings/{(await session.execute(newest)).scalar_one()}"


async def put_on_rota(site: Site, browser: Browser) -> None:
    async with site.office.store.write() as session:
        session.add(
            RotaTurn(
                id="t" * 32,
                staff_id=browser.staff or "",
                mobile=None,
                days="monday",
                from_minute=0,
                to_minute=60,
                place=1,
            )
        )


async def deeds(site: Site) -> list[str]:
    async with site.office.store.read() as session:
        query = select(AuditEntry.did).order_by(AuditEntry.seq)
        done = [str(each) for each in (await session.execute(query)).scalars()]
        assert isinstance(await verify_audit(session, site.office.keys), Sound)
    return [each for each in done if each not in {Deed.SIGNED_IN, Deed.OPENED_CONCERN}]


async def test_it_opens_to_two_named_people_with_a_reason_and_each_step_is_recorded(site: Site) -> None:
    _, concern = await text_of_danger(site)
    lee, sam = await come_in(site, "Lee Ash"), await come_in(site, "Sam Oak")
    opening = await ask(site, lee, concern)
    assert "They may need help." in (await sam.get(f"/staff/concerns/{concern}")).text
    assert (await lee.post(f"{opening}/show")).status_code == 403
    assert (await lee.post(f"{opening}/agree")).status_code == 409, "the same person twice is one person"
    assert (await sam.post(f"{opening}/agree")).status_code == 303
    assert (await sam.post(f"{opening}/agree")).status_code == 409
    shown = await lee.post(f"{opening}/show")
    assert NUMBER in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert NUMBER in (await sam.post(f"{opening}/show")).text
    assert NUMBER not in (await lee.get(f"/staff/concerns/{concern}")).text
    assert await deeds(site) == [
        Deed.ASKED_TO_OPEN_CONTACT,
        Deed.AGREED_TO_OPEN_CONTACT,
        Deed.SAW_CONTACT,
        Deed.SAW_CONTACT,
    ]


async def test_a_reason_is_needed_and_a_third_person_sees_nothing(site: Site) -> None:
    _, concern = await text_of_danger(site)
    lee, sam = await come_in(site, "Lee Ash"), await come_in(site, "Sam Oak")
    assert (await lee.post(f"/staff/concerns/{concern}/contact", reason=" ")).status_code == 422
    opening = await ask(site, lee, concern)
    await sam.post(f"{opening}/agree")
    ali = await come_in(site, "Ali Elm")
    assert (await ali.post(f"{opening}/show")).status_code == 403


async def test_it_shuts_after_an_hour_and_an_old_question_is_asked_anew(site: Site) -> None:
    _, concern = await text_of_danger(site)
    lee, sam = await come_in(site, "Lee Ash"), await come_in(site, "Sam Oak")
    opening = await ask(site, lee, concern)
    await sam.post(f"{opening}/agree")
    site.clock.at += STAYS_OPEN
    assert (await lee.post(f"{opening}/show")).status_code == 403
    old = await ask(site, lee, concern)
    site.clock.go_on(hours=24)
    ali = await come_in(site, "Ali Elm")
    assert "asked more than a day ago" in (await ali.post(f"{old}/agree")).text


async def test_where_life_may_be_at_risk_one_of_the_rota_opens_it_and_another_reviews_it(site: Site) -> None:
    _, concern = await text_of_danger(site)
    lee, sam = await come_in(site, "Lee Ash"), await come_in(site, "Sam Oak")
    page = f"/staff/concerns/{concern}"
    refused = await lee.post(f"{page}/contact", reason="They may be dying.", risk="life")
    assert refused.status_code == 403, "alone only a member of the rota"
    await put_on_rota(site, lee)
    opening = await ask(site, lee, concern, risk="life")
    assert NUMBER in (await lee.post(f"{opening}/show")).text
    async with site.office.store.read() as session:
        told = select(Post.address).where(Post.alert == AlertKind.REVIEW)
        assert list((await session.execute(told)).scalars()) == ["sam.oak@council.example"]
    assert (
        "Another lead must look at this by Tuesday 24 November 2026, 12:00 pm."
        in (await sam.get("/staff/concerns")).text
    )
    assert (await lee.post(f"{opening}/review", said="right")).status_code == 409
    assert (await sam.post(f"{opening}/review", said="wrong")).status_code == 303
    assert (await sam.post(f"{opening}/review", said="right")).status_code == 409
    assert "Sam Oak found that it was not right." in (await sam.get(page)).text
    assert await deeds(site) == [Deed.OPENED_CONTACT_ALONE, Deed.SAW_CONTACT, Deed.REVIEWED_OPENING]


async def test_a_review_that_is_late_is_called_about_once_a_day(site: Site) -> None:
    _, concern = await text_of_danger(site)
    lee = await come_in(site, "Lee Ash")
    await put_on_rota(site, lee)
    async with site.office.store.write() as session:
        await hold_turn(session, "Sam Oak", 1)
    await ask(site, lee, concern, risk="life")
    await lee.post(f"/staff/concerns/{concern}/acknowledge", seen="1", level="danger")
    chaser = Chaser(site.office.store, AREA, site.clock, "one")

    async def calls() -> int:
        async with site.office.store.read() as session:
            query = select(Post.address).where(Post.alert == AlertKind.REVIEW)
            return len(list((await session.execute(query)).scalars()))

    before = await calls()
    site.clock.go_on(hours=25)
    await chase(chaser)
    assert await calls() == before
    site.clock.go_on(hours=1)
    for _ in range(3):
        await chase(chaser)
    assert await calls() == before + 1


async def test_who_may_be_meant_neither_asks_nor_agrees(site: Site) -> None:
    _, concern = await tell(site, heard=WORKER)
    lee, sam = await come_in(site, "Lee Ash"), await come_in(site, "Sam Oak")
    await lee.post(f"/staff/concerns/{concern}/about-me", said="not-me")
    opening = await ask(site, lee, concern)
    assert (await sam.post(f"{opening}/agree")).status_code == 403
    await sam.post(f"/staff/concerns/{concern}/about-me", said="may-be-me")
    assert (await sam.post(f"{opening}/agree")).status_code == 403


async def test_where_nothing_is_kept_it_says_so_and_a_closed_concern_opens_nothing(site: Site) -> None:
    _, concern = await tell(site)
    lee, sam = await come_in(site, "Lee Ash"), await come_in(site, "Sam Oak")
    opening = await ask(site, lee, concern)
    await sam.post(f"{opening}/agree")
    assert "They talk with us on the web page only." in (await lee.post(f"{opening}/show")).text
    page = f"/staff/concerns/{concern}"
    await lee.post(f"{page}/acknowledge", seen="1", level="danger")
    await lee.post(f"{page}/close", seen="1", level="danger", outcome="front-door")
    assert (await lee.post(f"{opening}/show")).status_code == 409
    assert (await lee.post(f"{page}/contact", reason="Again.")).status_code == 409


async def test_a_reason_that_was_changed_afterwards_shows(site: Site) -> None:
    talk, concern = await text_of_danger(site)
    lee = await come_in(site, "Lee Ash")
    opening = (await ask(site, lee, concern)).rpartition("/")[2]
    page = f"/staff/concerns/{concern}"
    assert "Someone changed this reason" not in (await lee.get(page)).text
    async with site.office.store.write() as session:
        row = await session.get_one(ContactOpening, opening)
        other = {"salt": "", "reason": "They asked me to."}
        row.sealed_reason = seal_json(other, talk.key, row=opening_row(opening))
    assert "Someone changed this reason" in (await lee.get(page)).text
