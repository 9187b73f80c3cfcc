"""The second listener in its own process: asked in order, followed by another when it dies, ended with the service."""

import asyncio
import io
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.listener import start_listener
from app.listener_process import ListenerAway, ListenerFailed, ListenerProcess
from app.listening import hear_lines
from core.safeguarding.phrases import Level
from tests.builders import settings_for_tests

PLAIN = "he locks me in the shed every night and hits me"
FAKE = """
import json, os, sys, time
from pathlib import Path
lives = Path(sys.argv[1])
if lives.exists() and "broken" in lives.read_text():
    sys.exit(1)
with lives.open("a") as file:
    file.write("x")
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    words = json.loads(line)
    if words == "die" or (words == "die once" and lives.read_text() == "x"):
        os._exit(1)
    if words == "slow":
        time.sleep(0.05)
    what = {"failed": "MemoryError"} if words == "fail" else {"heard": "danger" if words == "shed" else None}
    print(json.dumps(what), flush=True)
"""

Start = Callable[[], Awaitable[ListenerProcess]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start a quick process that speaks as ours does; how often one began stands in `lives`."""
    begun: list[ListenerProcess] = []

    async def start_one() -> ListenerProcess:
        listener = ListenerProcess((str(tmp_path / "lives"),), module=("-c", FAKE))
        begun.append(listener)
        await listener.start()
        return listener

    yield start_one
    for each in begun:
        await each.stop()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 5
    while is_running(pid):
        assert time.monotonic() < until
        time.sleep(0.01)


async def test_each_who_asks_gets_what_was_heard_in_their_words(start: Start) -> None:
    listener = await start()
    heard = await asyncio.gather(*(listener.hear(words) for words in ("slow", "shed", "", "shed\n", "shed")))
    assert heard == [None, Level.DANGER, None, None, Level.DANGER]


async def test_words_that_it_can_not_hear_leave_the_others_alone(start: Start) -> None:
    listener = await start()
    failed, heard = await asyncio.gather(listener.hear("fail"), listener.hear("shed"), return_exceptions=True)
    assert isinstance(failed, ListenerFailed)
    assert heard is Level.DANGER


async def test_when_it_dies_its_successor_hears_what_it_had_not_answered(start: Start) -> None:
    listener = await start()
    asked = [listener.hear(words) for words in ("shed", "die once", "shed", "slow", "shed")]
    assert await asyncio.gather(*asked) == [Level.DANGER, None, Level.DANGER, None, Level.DANGER]


async def test_killed_from_outside_it_loses_nothing(start: Start) -> None:
    listener = await start()
    asked = [asyncio.create_task(listener.hear(words)) for words in ("slow", "shed", "slow", "shed")]
    await asyncio.sleep(0.01)
    assert listener.pid is not None
    os.kill(listener.pid, signal.SIGKILL)
    assert await asyncio.gather(*asked) == [None, Level.DANGER, None, Level.DANGER]


async def test_words_on_which_it_dies_again_and_again_are_given_up(start: Start) -> None:
    listener = await start()
    died, heard = await asyncio.gather(listener.hear("die"), listener.hear("shed"), return_exceptions=True)
    assert isinstance(died, ListenerAway)
    assert heard is Level.DANGER, "what waits behind them is heard by the third"


async def test_while_none_can_be_started_nobody_waits(start: Start, tmp_path: Path) -> None:
    listener = await start()
    (tmp_path / "lives").write_text("broken")
    for _ in range(2):
        with pytest.raises(ListenerAway):
            await asyncio.wait_for(listener.hear("die"), 3)


async def test_it_ends_with_the_service_and_leaves_nothing_behind(start: Start) -> None:
    listener = await start()
    pid = listener.pid
    assert pid is not None
    await listener.stop()
    assert not is_running(pid)
    with pytest.raises(ListenerAway):
        await listener.hear("shed")


async def test_it_ends_by_itself_when_the_service_was_killed(tmp_path: Path) -> None:
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVICE, FAKE, str(tmp_path / "lives"), stdout=asyncio.subprocess.PIPE
    )
    assert service.stdout is not None
    pid = int(await service.stdout.readline())
    service.kill()
    await service.wait()
    await asyncio.to_thread(wait_until_gone, pid)


SERVICE = """
import asyncio, sys
from app.listener_process import ListenerProcess

async def main():
    listener = ListenerProcess((sys.argv[2],), module=("-c", sys.argv[1]))
    await listener.start()
    print(listener.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_line_that_fails_is_told_by_name_and_the_next_is_heard() -> None:
    def ear(words: str) -> Level | None:
        if words == "bad":
            raise MemoryError
        return Level.WORRY

    messages, answers = io.BytesIO(b'"bad"\n"good"\n'), io.BytesIO()
    hear_lines(ear, messages, answers)
    assert [json.loads(line) for line in answers.getvalue().splitlines()] == [
        {"failed": "MemoryError"},
        {"heard": "worry"},
    ]


async def test_the_true_one_hears_in_its_process_what_it_hears_here() -> None:
    listener = await start_listener(settings_for_tests())
    if listener is None:
        pytest.skip("the sentence vectors are not here")
    try:
        assert await listener.hear(PLAIN) is Level.DANGER
        assert await listener.hear("i like the new library in town") is None
    finally:
        await listener.stop()


async def test_without_its_files_it_is_left_out_and_that_is_said_once(tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert await start_listener(settings_for_tests(), tmp_path) is None
    assert [line["event"] for line in logs] == ["second_listener_not_opened"]
