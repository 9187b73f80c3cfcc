"""What Prometheus is told: how long things wait, and nothing that counts people."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest

from core.staff.roles import Scope
from tests.app.whole_site import WholeSite, open_site
from tests.builders import WebTalk
from tests.fakes import FakeClock
from tests.stores import Stores


@pytest.fixture
async def site(sqlite_stores: Stores, clock: FakeClock, tmp_path: Path) -> AsyncIterator[WholeSite]:
    async with open_site(sqlite_stores, clock, hys_home=tmp_path) as made:
        yield made


async def told(site: WholeSite, **how: dict[str, str]) -> tuple[int, dict[str, float]]:
    answer = await site.ask("GET", "/metrics", **how)
    assert answer is not None
    if answer.status_code != HTTPStatus.OK:
        return answer.status_code, {}
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return answer.status_code, {name: float(value) for name, _, value in lines if name}


async def test_how_long_the_oldest_waits_is_told_from_a_minute_on(site: WholeSite, clock: FakeClock) -> None:
    waits = 'haveyoursay_oldest_wait_seconds{what="answer"}'
    assert (await told(site))[1][waits] == 0
    await (await WebTalk.begin(site.house)).send("maths is good")
    clock.go_on(seconds=59)
    assert (await told(site))[1][waits] == 0
    clock.go_on(seconds=31)
    assert (await told(site))[1][waits] == 90


async def test_no_name_counts_what_people_do(site: WholeSite) -> None:
    before = (await told(site))[1]
    talk = await WebTalk.begin(site.house)
    for words in ("maths is good", "i want to kill myself", "i want a key worker"):
        await talk.say(words)
    after = (await told(site))[1]
    ours = {name for name in after if not name.startswith(("process_", "python_"))}
    assert {name.split("{")[0] for name in ours} == {
        "haveyoursay_store_read",
        "haveyoursay_oldest_wait_seconds",
    }
    assert {name: before[name] for name in ours} == {name: after[name] for name in ours}


async def test_behind_https_it_needs_a_key_of_its_own(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path
) -> None:
    https = "https://haveyoursay.example.org"
    async with open_site(sqlite_stores, clock, hys_home=tmp_path, public_url=https) as site:
        assert (await told(site))[0] == 401
        key = {"authorization": f"Bearer {site.keys[Scope.METRICS]}"}
        assert (await told(site, headers=key))[0] == 200
        other = {"authorization": f"Bearer {site.keys[Scope.SUMMARIES]}"}
        assert (await told(site, headers=other))[0] == 403
