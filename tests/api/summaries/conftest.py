"""The strategy API and page on an empty views store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from httpx import ASGITransport, AsyncClient

from api.doors import api_key_door
from api.summaries.endpoints import summaries_router
from api.summaries.pages import insight_router
from core.staff.api_keys import add_api_key
from core.staff.roles import Scope
from tests.api.conftest import Site, make_site
from tests.core.summaries.worlds import Views
from tests.fakes import FakeClock
from tests.stores import Stores


@dataclass
class Strategy:
    """A site with the strategy team's routes, a program with a key, and the views behind it."""

    site: Site
    program: AsyncClient
    views: Views


@pytest.fixture
async def strategy(sqlite_stores: Stores, clock: FakeClock) -> AsyncIterator[Strategy]:
    site = make_site(sqlite_stores, clock)
    site.app.include_router(summaries_router(sqlite_stores.views, door=api_key_door(Scope.SUMMARIES)))
    site.app.include_router(insight_router(sqlite_stores.views))
    async with sqlite_stores.service.write() as session:
        key = await add_api_key(
            session, site.office.keys, name="dashboard", scope=Scope.SUMMARIES, by="test", now=clock()
        )
    program = AsyncClient(
        transport=ASGITransport(site.app), base_url=site.base_url, headers={"authorization": f"Bearer {key}"}
    )
    yield Strategy(site, program, Views(sqlite_stores.views, clock))
    await program.aclose()
    await site.close()


@pytest.fixture
async def published(strategy: Strategy) -> Strategy:
    """A release in which 105 people answered one question, and nobody anything else."""
    for answer, people in (("safe", 40), ("sometimes-safe", 30), ("not-safe", 25), ("dont-know", 10)):
        await strategy.views.hold(people, "edu-safe", answer)
    await strategy.views.hold(3, "edu-like", "good")
    await strategy.views.publish()
    return strategy
