"""A password alone opens nothing where a second step is needed, and a code opens once."""

import re
from collections.abc import AsyncIterator

import pytest
from pyotp import TOTP

from core.staff.roles import Role
from tests.api.conftest import PASSWORD, Browser, Site, make_site
from tests.fakes import FakeClock
from tests.stores import Stores

CODES = re.compile(r'<li class="secret">([a-z0-9-]+)</li>')
SECRET = re.compile(r'<p class="secret">([A-Z2-7]+)</p>')


@pytest.fixture
async def strict(sqlite_stores: Stores, clock: FakeClock) -> AsyncIterator[Site]:
    site = make_site(sqlite_stores, clock, needs_second_step=True)
    yield site
    await site.close()


def csrf_of(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"', maxsplit=1)[0]


async def knock(site: Site, email: str = "sam.green@council.example") -> Browser:
    """Sign in with the password alone."""
    browser = site.open_browser()
    answer = await browser.post("/staff/sign-in", email=email, password=PASSWORD)
    assert answer.status_code == 303
    browser.csrf = csrf_of((await browser.get("/staff/second-step")).text)
    return browser


async def set_up(site: Site, browser: Browser) -> tuple[TOTP, list[str]]:
    """Set the code app up, and give it with the recovery codes."""
    app = TOTP(SECRET.findall((await browser.post("/staff/second-step/set-up")).text)[0])
    done = await browser.post("/staff/second-step/finish", code=app.at(site.clock()))
    assert done.status_code == 200
    return app, CODES.findall(done.text)


async def test_a_password_alone_opens_no_page_and_leads_to_the_second_step(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    browser = await knock(strict)
    answer = await browser.get("/staff/queue")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/staff/second-step?way=/staff/queue"
    assert (await browser.post("/staff/queue/none/take")).status_code == 303
    assert (await browser.client.get("/staff/queue", headers={"accept": "a/json"})).status_code == 401


async def test_the_app_is_set_up_and_from_then_on_its_code_is_asked(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    browser = await knock(strict)
    app, codes = await set_up(strict, browser)
    assert len(set(codes)) == 10
    assert (await browser.get("/staff/queue")).status_code == 200
    strict.clock.go_on(minutes=1)
    again = await knock(strict)
    assert (await again.post("/staff/second-step/set-up")).status_code == 401
    answer = await again.post("/staff/second-step", code=app.at(strict.clock()), way="/staff/queue")
    assert answer.headers["location"] == "/staff/queue"
    assert (await again.get("/staff/queue")).status_code == 200


async def test_the_secret_is_shown_once_with_a_picture_that_we_drew(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    browser = await knock(strict)
    page = (await browser.post("/staff/second-step/set-up")).text
    secret = SECRET.findall(page)[0]
    assert "<svg" in page
    assert "style=" not in page
    wrong = await browser.post("/staff/second-step/finish", code="000000")
    assert wrong.status_code == 401
    assert "That code is not right" in wrong.text
    assert secret not in wrong.text + (await browser.get("/staff/second-step")).text
    assert (
        await browser.post("/staff/second-step/finish", code=TOTP(secret).at(strict.clock()))
    ).status_code == 200


async def test_a_code_works_once(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    app, _ = await set_up(strict, await knock(strict))
    seen = app.at(strict.clock())
    other = await knock(strict)
    assert (await other.post("/staff/second-step", code=seen)).status_code == 401
    strict.clock.go_on(seconds=30)
    fresh = app.at(strict.clock())
    assert (await other.post("/staff/second-step", code=fresh)).status_code == 303
    third = await knock(strict)
    assert (await third.post("/staff/second-step", code=fresh)).status_code == 401
    assert (await third.post("/staff/second-step", code=seen)).status_code == 401


async def test_a_phone_may_be_half_a_minute_off_and_no_more(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    app, _ = await set_up(strict, await knock(strict))
    strict.clock.go_on(minutes=5)
    browser = await knock(strict)
    now = strict.clock()
    assert (
        await browser.post("/staff/second-step", code=app.at(int(now.timestamp()) + 30 * -2))
    ).status_code == 401
    assert (
        await browser.post("/staff/second-step", code=app.at(int(now.timestamp()) + 30 * 2))
    ).status_code == 401
    assert (
        await browser.post("/staff/second-step", code=app.at(int(now.timestamp()) + 30 * 1))
    ).status_code == 303


async def test_a_recovery_code_works_once_however_it_is_typed(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    _, codes = await set_up(strict, await knock(strict))
    typed = codes[3].upper().replace("-", " ")
    assert (await (await knock(strict)).post("/staff/second-step", code=typed)).status_code == 303
    assert (await (await knock(strict)).post("/staff/second-step", code=typed)).status_code == 401
    assert (await (await knock(strict)).post("/staff/second-step", code=codes[4])).status_code == 303


async def test_one_persons_codes_do_not_serve_another(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    await strict.hire(Role.KEY_WORKER, "Ali Brown")
    app, codes = await set_up(strict, await knock(strict))
    await set_up(strict, await knock(strict, "ali.brown@council.example"))
    strict.clock.go_on(minutes=1)
    ali = await knock(strict, "ali.brown@council.example")
    assert (await ali.post("/staff/second-step", code=codes[0])).status_code == 401
    assert (await ali.post("/staff/second-step", code=app.at(strict.clock()))).status_code == 401


async def test_who_guesses_codes_is_slowed_down_also_with_the_right_one(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    app, _ = await set_up(strict, await knock(strict))
    strict.clock.go_on(minutes=1)
    browser = await knock(strict)
    for _ in range(5):
        assert (await browser.post("/staff/second-step", code="123456")).status_code == 401
    answer = await browser.post("/staff/second-step", code=app.at(strict.clock()))
    assert answer.status_code == 429
    assert "wait 15 minutes" in answer.text


async def test_half_a_sign_in_ends_by_itself_and_has_another_token_than_the_whole_one(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    browser = await knock(strict)
    half = browser.client.cookies["staff"]
    await set_up(strict, browser)
    assert browser.client.cookies["staff"] != half
    slow = await knock(strict)
    strict.clock.go_on(minutes=16)
    assert (await slow.get("/staff/second-step")).headers["location"].startswith("/staff/sign-in")


async def test_on_one_machine_the_second_step_is_a_choice_that_then_counts(site: Site) -> None:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    assert "You have no code app yet." in (await sam.get("/staff/my-account")).text
    app, _ = await set_up(site, sam)
    site.clock.go_on(minutes=1)
    sam.csrf = csrf_of((await sam.get("/staff/my-account")).text)
    assert (await sam.post("/staff/second-step/set-up")).status_code == 401
    assert (await sam.post("/staff/second-step/set-up", code=app.at(site.clock()))).status_code == 200
    again = await knock(site)
    assert (await again.get("/staff/queue")).status_code == 303


async def test_an_administrator_gives_a_new_start_to_who_lost_everything(strict: Site) -> None:
    staff = await strict.hire(Role.KEY_WORKER, "Sam Green")
    await strict.hire(Role.ADMINISTRATOR, "Ada Oak")
    _, codes = await set_up(strict, await knock(strict))
    ada = await knock(strict, "ada.oak@council.example")
    await set_up(strict, ada)
    ada.csrf = csrf_of((await ada.get("/staff/accounts")).text)
    page = (await ada.post(f"/staff/accounts/{staff}/new-password")).text
    password = page.split('class="secret">')[1].split("<")[0]
    sam = strict.open_browser()
    assert (
        await sam.post("/staff/sign-in", email="sam.green@council.example", password=PASSWORD)
    ).status_code == 401
    await sam.post("/staff/sign-in", email="sam.green@council.example", password=password)
    sam.csrf = csrf_of((await sam.get("/staff/second-step")).text)
    assert (await sam.post("/staff/second-step", code=codes[0])).headers["location"] == "/staff/second-step"
    await set_up(strict, sam)
    assert (await sam.get("/staff/queue")).status_code == 200
