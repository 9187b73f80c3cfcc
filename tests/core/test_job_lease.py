"""A timed job is done by one process at a time, and one that died holds nothing for long."""

from datetime import timedelta

from core.job_lease import lease_job
from tests.fakes import FakeClock
from tests.stores import Stores

AN_HOUR = timedelta(hours=1)


async def test_of_two_processes_one_does_the_job(stores: Stores, clock: FakeClock) -> None:
    async with (
        lease_job(stores.service, "move", owner="a", clock=clock, lasting=AN_HOUR) as first,
        lease_job(stores.service, "move", owner="b", clock=clock, lasting=AN_HOUR) as second,
    ):
        assert (first, second) == (True, False)
    async with lease_job(stores.service, "move", owner="b", clock=clock, lasting=AN_HOUR) as third:
        assert third


async def test_the_lease_of_a_process_that_died_ends_by_itself(stores: Stores, clock: FakeClock) -> None:
    died = lease_job(stores.service, "move", owner="a", clock=clock, lasting=AN_HOUR)
    assert await died.__aenter__()
    clock.go_on(minutes=61)
    async with lease_job(stores.service, "move", owner="b", clock=clock, lasting=AN_HOUR) as taken:
        assert taken
