"""Who guesses passwords or codes of staff gets no further by sending hundreds at the same moment."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.staff.roles import Role
from core.staff.tries import BY_ACCOUNT_AND_ADDRESS
from tests.api.conftest import PASSWORD, Site, make_site
from tests.api.test_second_step import knock, set_up
from tests.fakes import FakeClock
from tests.stores import Stores

SAM = "sam.green@council.example"
MANY = 200


@pytest.fixture
async def strict(stores: Stores, clock: FakeClock) -> AsyncIterator[Site]:
    site = make_site(stores, clock, needs_second_step=True)
    yield site
    await site.close()


async def test_many_wrong_passwords_at_once_pass_no_limit(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    guesser = strict.open_browser()
    answers = await asyncio.gather(
        *(guesser.post("/staff/sign-in", email=SAM, password=f"guess {number}") for number in range(MANY))
    )
    checked = BY_ACCOUNT_AND_ADDRESS.most
    assert Counter(each.status_code for each in answers) == {401: checked, 429: MANY - checked}
    assert (await guesser.post("/staff/sign-in", email=SAM, password=PASSWORD)).status_code == 429
    strict.clock.go_on(minutes=16)
    await knock(strict)


async def test_many_wrong_second_codes_at_once_pass_no_limit(strict: Site) -> None:
    await strict.hire(Role.KEY_WORKER, "Sam Green")
    app, _ = await set_up(strict, await knock(strict))
    strict.clock.go_on(minutes=1)
    browser = await knock(strict)
    right = {app.at(strict.clock() + timedelta(seconds=each)) for each in (-30, 0, 30)}
    wrong = [code for number in range(MANY + 3) if (code := f"{number:06}") not in right]
    answers = await asyncio.gather(*(browser.post("/staff/second-step", code=code) for code in wrong[:MANY]))
    checked = BY_ACCOUNT_AND_ADDRESS.most
    assert Counter(each.status_code for each in answers) == {401: checked, 429: MANY - checked}
