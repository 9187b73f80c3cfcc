"""The rota is kept on a page: who is called, when, and where nobody is."""

from core.staff.roles import Role
from tests.api.conftest import Browser, Site

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
