"""Who guesses at an account from elsewhere, by however many addresses, locks nobody out at their own desk."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from core.staff.roles import Role
from core.staff.tries import BY_ACCOUNT, BY_ACCOUNT_AND_ADDRESS
from core.tries import forget_ended_tries
from core.tries_tables import Tries
from tests.api.conftest import PASSWORD, Browser, Site, make_site
from tests.api.test_second_step import csrf_of, set_up
from tests.fakes import FakeClock
from tests.stores import Stores

LEAD = "sam.green@council.example"
DESK, ELSEWHERE = "192.0.2.1", "203.0.113.9"
EACH = BY_ACCOUNT_AND_ADDRESS.most
GUESSERS = [f"198.51.100.{number}" for number in range(BY_ACCOUNT.most // EACH)]


@pytest.fixture
async def site(stores: Stores, clock: FakeClock) -> AsyncIterator[Site]:
    site = make_site(stores, clock)
    yield site
    await site.close()


@pytest.fixture
async def strict(sqlite_stores: Stores, clock: FakeClock) -> AsyncIterator[Site]:
    site = make_site(sqlite_stores, clock, needs_second_step=True)
    yield site
    await site.close()


async def type_password(site: Site, address: str, password: str = PASSWORD) -> int:
    browser = site.open_browser(address)
    return (await browser.post("/staff/sign-in", email=LEAD, password=password)).status_code


async def guess_from_many_places(site: Site) -> None:
    answers = [await type_password(site, each, "a guess") for each in GUESSERS for _ in range(EACH)]
    assert answers == [401] * BY_ACCOUNT.most
    assert await type_password(site, ELSEWHERE, "a guess") == 429


async def test_a_lead_who_is_guessed_at_elsewhere_comes_in_at_their_desk_and_nowhere_else(site: Site) -> None:
    await site.hire(Role.SAFEGUARDING_LEAD, "Sam Green")
    assert await type_password(site, DESK) == 303
    for _ in range(3):
        await guess_from_many_places(site)
        assert await type_password(site, DESK) == 303
        assert await type_password(site, ELSEWHERE) == 429
        site.clock.go_on(minutes=16)
    assert await type_password(site, ELSEWHERE) == 303


async def test_a_wrong_password_at_the_desk_meanwhile_is_just_a_wrong_one(site: Site) -> None:
    await site.hire(Role.SAFEGUARDING_LEAD, "Sam Green")
    assert await type_password(site, DESK) == 303
    await guess_from_many_places(site)
    assert [await type_password(site, DESK, "a slip"), await type_password(site, DESK)] == [401, 303]
    assert await type_password(site, ELSEWHERE) == 429


async def test_a_known_desk_has_no_more_tries_than_any_other(site: Site) -> None:
    await site.hire(Role.SAFEGUARDING_LEAD, "Sam Green")
    assert await type_password(site, DESK) == 303
    assert [await type_password(site, DESK, "a guess") for _ in range(EACH)] == [401] * EACH
    assert await type_password(site, DESK) == 429


async def test_a_desk_is_known_to_its_own_account_only(site: Site) -> None:
    await site.hire(Role.SAFEGUARDING_LEAD, "Sam Green")
    await site.hire(Role.KEY_WORKER, "Kim Hall")
    kim = site.open_browser(DESK)
    came = await kim.post("/staff/sign-in", email="kim.hall@council.example", password=PASSWORD)
    assert came.status_code == 303
    await guess_from_many_places(site)
    assert await type_password(site, DESK) == 429


async def test_a_desk_is_known_for_thirty_days_and_forgotten_in_the_night(site: Site) -> None:
    await site.hire(Role.SAFEGUARDING_LEAD, "Sam Green")
    assert await type_password(site, DESK) == 303
    for days, answer in ((29, 303), (29, 303), (31, 429)):
        site.clock.go_on(days=days)
        await guess_from_many_places(site)
        assert await type_password(site, DESK) == answer
    site.clock.go_on(days=1)
    async with site.office.store.write() as session:
        await forget_ended_tries(session, site.clock())
        assert await session.scalar(select(func.count()).select_from(Tries)) == 0


async def test_who_knows_the_password_and_guesses_codes_elsewhere_locks_out_no_desk_either(
    strict: Site,
) -> None:
    async def be_half_in(address: str) -> Browser:
        browser = strict.open_browser(address)
        await browser.post("/staff/sign-in", email=LEAD, password=PASSWORD)
        browser.csrf = csrf_of((await browser.get("/staff/second-step")).text)
        return browser

    await strict.hire(Role.SAFEGUARDING_LEAD, "Sam Green")
    app, _ = await set_up(strict, await be_half_in(DESK))
    strict.clock.go_on(minutes=1)
    for each in GUESSERS:
        guesser = await be_half_in(each)
        wrong = [await guesser.post("/staff/second-step", code="no code") for _ in range(EACH)]
        assert [answer.status_code for answer in wrong] == [401] * EACH
    for address, answer in ((ELSEWHERE, 429), (DESK, 303)):
        browser = await be_half_in(address)
        typed = await browser.post("/staff/second-step", code=app.at(strict.clock()))
        assert typed.status_code == answer
