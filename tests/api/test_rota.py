"""The rota is kept on a page: who is called, when, and where nobody is."""

from dataclasses import replace

from core.conversation.drilling import begin_drill, end_drills
from core.conversation.house import House
from core.staff.roles import Role
from tests.api.conftest import Browser, Site
from tests.builders import build_test_house
from tests.fakes import FakeClock
from tests.staffed import pretend_keys
from tests.stores import Stores

TURN = {"mobile": "07700 900123", "days": "monday", "from": "09:00", "to": "17:00", "place": "1"}


async def planner(site: Site) -> Browser:
    return await site.come_in(Role.ADMINISTRATOR, "Ada Oak")


async def test_a_turn_is_added_shown_and_removed(site: Site) -> None:
    lee = await site.hire(Role.SAFEGUARDING_LEAD, "Lee Ash")
    ada = await planner(site)
    assert "The rota is empty." in (await ada.get("/staff/rota")).text
    assert (await ada.post("/staff/rota", person=lee, **TURN)).status_code == 303
    page = (await ada.get("/staff/rota")).text
    assert "+447700900123" in page
    assert "Monday: 00:00 to 09:00, 17:00 to 24:00" in page
    turn = page.split('action="/staff/rota/')[1].split("/")[0]
    assert (await ada.post(f"/staff/rota/{turn}/remove")).status_code == 303
    assert (await ada.post(f"/staff/rota/{turn}/remove")).status_code == 404


async def test_who_is_here_now_is_shown(site: Site) -> None:
    lee = await site.hire(Role.SAFEGUARDING_LEAD, "Lee Ash")
    ada = await planner(site)
    await ada.post("/staff/rota", person=lee, **TURN)  # the clock stands at Monday, 10 am
    page = (await ada.get("/staff/rota")).text
    assert page.index("Lee Ash") < page.index("Turns")


async def test_a_mistake_is_said_beside_its_field_and_what_was_typed_stays(site: Site) -> None:
    lee = await site.hire(Role.SAFEGUARDING_LEAD, "Lee Ash")
    ada = await planner(site)
    answer = await ada.post("/staff/rota", person=lee, **{**TURN, "mobile": "01905 822666"})
    assert answer.status_code == 422
    assert "Please write a UK mobile number" in answer.text
    assert 'value="01905 822666"' in answer.text
    assert f'value="{lee}" checked' in answer.text


async def test_drills_are_marked_and_how_soon_they_were_read_is_shown(
    site: Site, sqlite_stores: Stores, clock: FakeClock
) -> None:
    house = replace(build_test_house(sqlite_stores, clock), keys=pretend_keys())
    lead = await site.come_in(Role.SAFEGUARDING_LEAD)
    assert "There was no drill yet." in (await lead.get("/staff/rota")).text
    await begin_drill(house)
    await end_drills(house)
    page = (await lead.get("/staff/rota")).text
    assert "It is on now." in page
    assert "We called once." in page
    concerns = (await lead.get("/staff/concerns")).text
    assert '<span class="tag">Drill</span>' in concerns
    address = concerns.split('href="/staff/concerns/')[1].split('"')[0]
    assert "This is a drill." in (await lead.get(f"/staff/concerns/{address}")).text
    clock.go_on(minutes=4)
    await lead.post(f"/staff/concerns/{address}/acknowledge", seen="1", level="danger")
    await end_drills(house)
    assert "Someone read it after 4 minutes." in (await lead.get("/staff/rota")).text
    await begin_after(house, clock)
    lead = await site.come_in(Role.SAFEGUARDING_LEAD, "Jo Marsh")  # the other was idle for too long
    assert "No one read it within an hour." in (await lead.get("/staff/rota")).text


async def begin_after(house: House, clock: FakeClock) -> None:
    """Let a drill go, and another that nobody reads."""
    clock.go_on(hours=2)
    await end_drills(house)
    await begin_drill(house)
    clock.go_on(hours=1)
    await end_drills(house)
