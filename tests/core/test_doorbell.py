"""A ring wakes who listens, and one that came while they were looking is not missed."""

import asyncio

from core.doorbell import Doorbell


async def test_a_ring_wakes_only_who_listens_for_it() -> None:
    doorbell = Doorbell()
    with doorbell.listening("mine") as mine, doorbell.listening("theirs") as theirs:
        doorbell.ring("mine")
        assert await mine.wait(1)
        assert not await theirs.wait(0.01)


async def test_a_ring_before_the_wait_is_not_missed() -> None:
    doorbell = Doorbell()
    with doorbell.listening("mine") as listener:
        doorbell.ring("mine")
        await asyncio.sleep(0)
        assert await listener.wait(0.01)
        assert not await listener.wait(0.01)


async def test_who_stopped_listening_leaves_nothing_behind() -> None:
    doorbell = Doorbell()
    await doorbell.wait("mine", 0.01)
    assert not doorbell._listeners  # noqa: SLF001 - the leak is what is tested
