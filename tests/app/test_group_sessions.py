"""From the key worker's form to the lead's page: a group session, who comes with its code, and a concern of theirs."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import select, text

from core.staff.audit import Deed
from core.staff.roles import Role
from core.staff.tables import AuditEntry
from tests.app.whole_site import ORIGIN, WholeSite, open_site
from tests.channels.web_chat.test_pages import fields_of
from tests.fakes import FakeClock
from tests.stores import Stores

PAGE = "/staff/groups"
FORM = {
    "setting": "Oak School",
    "leader": "Pat Nowak",
    "leader-phone": "01632 960001",
    "lead": "Samira King",
    "lead-phone": "01632 960002",
    "day": "2026-11-23",
    "from": "09:30",
    "to": "11:00",
    "place": "school/special",
    "town": "wychavon",
}
NUMBERS = ("01632 960001", "01632 960002")
DANGER = "he hits me and im scared to go home"


@pytest.fixture
async def site(sqlite_stores: Stores, clock: FakeClock, tmp_path: Path) -> AsyncIterator[WholeSite]:
    async with open_site(sqlite_stores, clock, hys_home=tmp_path) as made:
        yield made


async def by(site: WholeSite, role: Role, path: str, **fields: str) -> Response:
    """Send a form as somebody of this role; without fields, open the page."""
    headers, csrf = await site.come_in(role)
    how = {"data": {"csrf": csrf, **fields}} if fields else {}
    answer = await site.ask("POST" if fields else "GET", path, headers=headers, **how)
    assert answer is not None
    return answer


async def make(site: WholeSite, **change: str) -> str:
    """Make a session, and give its code as it stands on the screen."""
    return code_on(await by(site, Role.KEY_WORKER, PAGE, **{**FORM, **change}))


async def new_code(site: WholeSite, its_id: str) -> str:
    return code_on(await by(site, Role.KEY_WORKER, f"{PAGE}/{its_id}/code", again="yes"))


def code_on(page: Response) -> str:
    found = re.search(r'class="secret">(\d{4} \d{4})<', page.text)
    assert found, page.text
    return found[1]


async def id_of(site: WholeSite) -> str:
    """Give the id of the one session, from its buttons."""
    page = (await by(site, Role.KEY_WORKER, PAGE)).text
    return str(re.findall(rf'action="{PAGE}/(\w+)/end"', page)[0])


@asynccontextmanager
async def young_person(site: WholeSite) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(site.app, raise_app_exceptions=False)
    async with AsyncClient(
        transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=True
    ) as browser:
        yield browser


async def tell(site: WholeSite, code: str, *words: str) -> str:
    """Come with a code and say something that is heard; give the address of its concern."""
    async with young_person(site) as browser:
        page = (await browser.post("/group", data={"text": code})).text
        for each in words:
            page = (await browser.post("/chat/say", data={**fields_of(page, "say"), "text": each})).text
        assert "999" in page
    listed = (await by(site, Role.SAFEGUARDING_LEAD, "/staff/concerns")).text
    return str(re.findall(r'href="(/staff/concerns/\w+)"', listed)[0])


async def test_a_concern_says_which_group_session_it_was_and_whom_to_ring(site: WholeSite) -> None:
    concern = await tell(site, await make(site), DANGER)
    page = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert (
        "Group session: Oak School, Monday 23 November 2026, 9:30 am to Monday 23 November 2026, 11:00 am."
        in page
    )
    assert "Ring its safeguarding lead: Samira King, 01632 960002." in page
    assert "Who led the session: Pat Nowak, 01632 960001." in page


@pytest.mark.parametrize("words", ["pat nowak hits me and im scared", "the teacher hits me and im scared"])
async def test_where_staff_are_meant_the_reader_sees_the_setting_alone_first_and_never_its_numbers(
    site: WholeSite, words: str
) -> None:
    concern = await tell(site, await make(site), words)
    gate = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert "The setting: Oak School." in gate
    assert not any(each in gate for each in (*NUMBERS, "Nowak", "Samira", "hits me"))
    await by(site, Role.SAFEGUARDING_LEAD, f"{concern}/about-me", said="not-me")
    page = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert "Do not ring the setting. Follow the LADO path." in page
    assert not any(each in page for each in NUMBERS)


@pytest.mark.parametrize(
    "words",
    [
        ("i dont like pat nowak", DANGER),
        (DANGER, "it is nowak"),
        (DANGER, "its miss", "king"),
    ],
)
async def test_staff_who_are_named_in_another_message_are_noticed_too(
    site: WholeSite, words: tuple[str, ...]
) -> None:
    concern = await tell(site, await make(site), *words)
    gate = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert "The setting: Oak School." in gate
    assert not any(each in gate for each in (*NUMBERS, "Nowak", "hits me"))
    await by(site, Role.SAFEGUARDING_LEAD, f"{concern}/about-me", said="not-me")
    page = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert "Do not ring the setting. Follow the LADO path." in page
    assert not any(each in page for each in NUMBERS)


async def test_a_closed_concern_shows_no_number_after_staff_were_named(site: WholeSite) -> None:
    async with young_person(site) as browser:
        page = (await browser.post("/group", data={"text": await make(site)})).text
        page = (await browser.post("/chat/say", data={**fields_of(page, "say"), "text": DANGER})).text
        listed = (await by(site, Role.SAFEGUARDING_LEAD, "/staff/concerns")).text
        concern = re.findall(r'href="(/staff/concerns/\w+)"', listed)[0]
        seen = {"seen": "1", "level": "danger"}
        await by(site, Role.SAFEGUARDING_LEAD, f"{concern}/acknowledge", **seen)
        await by(site, Role.SAFEGUARDING_LEAD, f"{concern}/close", **seen, outcome="safe-now")
        assert NUMBERS[1] in (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
        await browser.post("/chat/say", data={**fields_of(page, "say"), "text": "it was pat nowak"})
    after = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert "Do not ring the setting. Follow the LADO path." in after
    assert not any(each in after for each in NUMBERS)


async def test_who_is_locked_in_is_not_referred_to_those_who_may_have_done_it(site: WholeSite) -> None:
    concern = await tell(site, await make(site), "they lock me in a room and i cant get out")
    page = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    if "The setting: Oak School." in page:
        await by(site, Role.SAFEGUARDING_LEAD, f"{concern}/about-me", said="not-me")
        page = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert "Do not ring the setting." in page
    assert not any(each in page for each in NUMBERS)


async def test_where_no_phrase_says_who_is_meant_no_number_of_the_setting_is_shown(site: WholeSite) -> None:
    concern = await tell(site, await make(site), "nie chce wracac do domu boje sie taty")
    page = (await by(site, Role.SAFEGUARDING_LEAD, concern)).text
    assert "Do not ring the setting." in page
    assert not any(each in page for each in NUMBERS)


async def test_a_concern_without_a_group_says_nothing_of_one(site: WholeSite) -> None:
    async with young_person(site) as browser:
        page = (await browser.post("/chat/start")).text
        await browser.post("/chat/say", data={**fields_of(page, "say"), "text": DANGER})
    listed = (await by(site, Role.SAFEGUARDING_LEAD, "/staff/concerns")).text
    concern = re.findall(r'href="(/staff/concerns/\w+)"', listed)[0]
    assert "Group session" not in (await by(site, Role.SAFEGUARDING_LEAD, concern)).text


async def test_wrong_old_ended_and_early_codes_get_the_very_same_answer(
    site: WholeSite, clock: FakeClock
) -> None:
    await make(site)
    its_id = await id_of(site)
    old, ended = await new_code(site, its_id), await new_code(site, its_id)
    assert (await by(site, Role.KEY_WORKER, f"{PAGE}/{its_id}/end", sure="yes")).status_code == 303
    early, over = await make(site, day="2026-11-24"), await make(site, to="10:05")
    clock.go_on(minutes=36)
    answers = set()
    async with young_person(site) as browser:
        for typed in ("1234 5678", old, ended, early, over):
            answer = await browser.post("/group", data={"text": typed})
            answers.add((answer.status_code, answer.text.replace(typed, "")))
        assert {status for status, _ in answers} == {422}
        assert len(answers) == 1
        for _ in range(26):
            await browser.post("/group", data={"text": "1234 5678"})
        refused = await browser.post("/group", data={"text": "1234 5678"})
        assert refused.status_code == 429
        assert "call 999" in refused.text
        not_safe = await browser.post("/chat/start", data={"first": "not_safe"})
        assert "999" in not_safe.text


async def test_the_page_for_the_screen_names_the_address_without_what_nobody_types(site: WholeSite) -> None:
    page = await by(site, Role.KEY_WORKER, PAGE, **FORM)
    assert "<dd>127.0.0.1:8000/group</dd>" in page.text


async def test_the_code_is_shown_once_and_the_page_tells_nothing_of_who_came(site: WholeSite) -> None:
    code = await make(site)
    before = (await by(site, Role.KEY_WORKER, PAGE)).text
    assert "Oak School" in before
    assert code not in before
    await tell(site, code, DANGER)
    tokens = r'name="csrf" value="[^"]+"'
    after = (await by(site, Role.KEY_WORKER, PAGE)).text
    assert re.sub(tokens, "", after) == re.sub(tokens, "", before)


async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(site: WholeSite) -> None:
    for field, wrong in (
        ("setting", ""),
        ("lead-phone", "none"),
        ("place", "moon"),
        ("town", ""),
        ("to", "9"),
    ):
        page = await by(site, Role.KEY_WORKER, PAGE, **{**FORM, field: wrong})
        assert page.status_code == 422, field
        assert f'id="{"from" if field == "to" else field}-wrong"' in page.text
        assert 'value="Pat Nowak"' in page.text
    assert "There is no session to come." in (await by(site, Role.KEY_WORKER, PAGE)).text


async def test_a_group_of_many_places_leaves_both_to_be_asked(site: WholeSite) -> None:
    code = await make(site, place="ask-each", town="ask-each")
    async with young_person(site) as browser:
        assert 'role="log"' in (await browser.post("/group", data={"text": code})).text


async def test_each_step_is_recorded_and_no_row_holds_the_code_or_the_setting(site: WholeSite) -> None:
    code = await make(site)
    its_id = await id_of(site)
    await tell(site, await new_code(site, its_id), DANGER)
    await by(site, Role.KEY_WORKER, f"{PAGE}/{its_id}/end", sure="yes")
    async with site.house.service.read() as session:
        wanted = select(AuditEntry.did).where(AuditEntry.about == its_id).order_by(AuditEntry.seq)
        assert list(await session.scalars(wanted)) == [
            Deed.MADE_GROUP_SESSION,
            Deed.GAVE_NEW_GROUP_CODE,
            Deed.ENDED_GROUP_SESSION,
        ]
        for table in ("conversations", "messages", "concerns", "concern_messages"):
            rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()
            written = " ".join(str(each) for row in rows for each in row)
            assert not any(each in written for each in (code.replace(" ", ""), "Oak School", its_id)), table
