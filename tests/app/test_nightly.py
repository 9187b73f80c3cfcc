"""The nightly purge: once a night, also when a night was missed, and never beside another."""

from datetime import timedelta

import pytest

from app.nightly import PURGE_JOB, PurgeUnderWay, build_purger, is_due, purge_now
from app.releases import MOVE_JOB
from app.stores import Stores as AppStores
from core.conversation.purge import Purger
from core.job_lease import lease_job
from tests.builders import build_test_house, lists
from tests.fakes import FakeClock
from tests.stores import Stores


@pytest.fixture
def purger(sqlite_stores: Stores, clock: FakeClock) -> Purger:
    house = build_test_house(sqlite_stores, clock)
    both = AppStores(sqlite_stores.service, sqlite_stores.views)
    return build_purger(both, house.keys, lists().area, seals=house.codes.seals, clock=clock)


async def due(purger: Purger) -> bool:
    return await is_due(purger, lists().area)


async def test_it_is_due_once_a_night(purger: Purger, clock: FakeClock) -> None:
    assert await due(purger)
    await purge_now(purger)
    assert not await due(purger)
    clock.go_on(hours=17)  # 3 in the morning
    assert await due(purger)
    await purge_now(purger)
    clock.go_on(hours=1)
    assert not await due(purger)
    clock.go_on(hours=8)  # noon of the next day
    assert not await due(purger)


async def test_a_night_that_was_missed_is_made_up_for(purger: Purger, clock: FakeClock) -> None:
    await purge_now(purger)
    clock.go_on(hours=31)
    assert await due(purger)


@pytest.mark.parametrize("job", [PURGE_JOB, MOVE_JOB])
async def test_it_runs_beside_no_other_purge_and_no_move_of_views(
    purger: Purger, clock: FakeClock, job: str
) -> None:
    async with lease_job(purger.service, job, owner="another", clock=clock, lasting=timedelta(hours=1)):
        with pytest.raises(PurgeUnderWay):
            await purge_now(purger)
    assert await purge_now(purger)
