"""The second listener in its own process: asked in order, followed by another when it dies, ended with the service."""

import asyncio
import io
import json
import os
import resource
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.listener import start_listener
from app.listener_process import ListenerProcess
from app.listener_questions import MOST_IN_PIPE, MOST_WAITING, ListenerAway, ListenerFailed
from app.listening import hear_lines
from core.safeguarding.phrases import Level
from tests.builders import settings_for_tests

PLAIN = "he locks me in the shed every night and hits me"
FAKE = """
import json, os, sys, time
from pathlib import Path
lives = Path(sys.argv[1])
if lives.exists() and "silent" in lives.read_text():
    time.sleep(60)
if lives.exists() and "broken" in lives.read_text():
    sys.exit(1)
with lives.open("a") as file:
    file.write("x")
print(json.dumps({"ready": True}), flush=True)
ODD = {
    "says more": lambda what: [what, {"number": what["number"], "heard": "danger"}],
    "says another number": lambda what: {**what, "number": what["number"] + 1},
    "says no number": lambda what: {"heard": None},
    "says an unknown level": lambda what: {**what, "heard": "loud"},
    "says nothing of what it heard": lambda what: {"number": what["number"]},
    "says a list": lambda what: [[what]],
    "says too much": lambda what: {**what, "more": "x" * 100_000},
    "says no JSON": lambda what: "ouch",
}
for line in sys.stdin:
    number, words = json.loads(line)
    time.sleep(60 * (words == "hang once" and lives.read_text() == "x"))
    if words == "die" or (words == "die once" and lives.read_text() == "x"):
        os._exit(1)
    if words == "slow":
        time.sleep(0.05)
    what = {"failed": "MemoryError"} if words == "fail" else {"heard": "danger" if words == "shed" else None}
    what = {"number": number, **what}
    if words in ODD and lives.read_text() == "x":
        what = ODD[words](what)
    for each in what if isinstance(what, list) else [what]:
        print(each if isinstance(each, str) else json.dumps(each), flush=True)
"""

Start = Callable[[], Awaitable[ListenerProcess]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start a quick process that speaks as ours does; how often one began stands in `lives`."""
    begun: list[ListenerProcess] = []

    async def start_one() -> ListenerProcess:
        listener = ListenerProcess(
            (str(tmp_path / "lives"),), module=("-c", FAKE), seconds_to_start=3, seconds_of_silence=1
        )
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


@pytest.mark.parametrize(
    "odd",
    [
        "says more",
        "says another number",
        "says no number",
        "says an unknown level",
        "says nothing of what it heard",
        "says a list",
        "says too much",
        "says no JSON",
    ],
)
async def test_one_that_answers_oddly_is_replaced_and_nobody_gets_the_answer_to_another(
    start: Start, odd: str
) -> None:
    listener = await start()
    first = listener.pid
    asked = [listener.hear(words) for words in (odd, "shed", "", "shed", "slow")]
    with capture_logs() as logs:
        assert await asyncio.gather(*asked) == [None, Level.DANGER, None, Level.DANGER, None]
    assert listener.pid != first
    assert [line["event"] for line in logs] == ["second_listener_mistrusted", "second_listener_died"]


async def test_one_that_hangs_is_replaced(start: Start) -> None:
    listener = await start()
    first = listener.pid
    assert first is not None
    asked = [listener.hear(words) for words in ("shed", "hang once", "shed")]
    assert await asyncio.gather(*asked) == [Level.DANGER, None, Level.DANGER]
    assert not is_running(first)


@pytest.mark.parametrize("ails", ["silent", "broken"])
async def test_one_that_does_not_start_keeps_nobody_waiting_and_is_tried_again(
    start: Start, tmp_path: Path, ails: str
) -> None:
    (tmp_path / "lives").write_text(ails)
    listener = await asyncio.wait_for(start(), 10)
    with pytest.raises(ListenerAway):
        await asyncio.wait_for(listener.hear("shed"), 0.1)
    (tmp_path / "lives").unlink()
    until = time.monotonic() + 10
    while listener.pid is None:
        assert time.monotonic() < until
        await asyncio.sleep(0.01)
    assert await listener.hear("shed") is Level.DANGER


async def test_where_no_process_can_be_made_the_service_starts_without() -> None:
    listener = ListenerProcess(("\0",))
    with capture_logs() as logs:
        await listener.start()
    assert [(line["event"], line["problem"]) for line in logs] == [
        ("second_listener_not_started", "ValueError")
    ]
    with pytest.raises(ListenerAway):
        await listener.hear("shed")
    await listener.stop()


async def test_in_a_flood_haste_goes_first_and_too_many_are_turned_away_at_once(start: Start) -> None:
    listener, order = await start(), list[str]()

    async def hear(name: str, *, can_wait: bool) -> None:
        await listener.hear("slow", can_wait=can_wait)
        order.append(name)

    patient = [asyncio.create_task(hear("patient", can_wait=True)) for _ in range(8)]
    await asyncio.sleep(0)
    await hear("hasty", can_wait=False)
    assert order.count("patient") == MOST_IN_PIPE, "it waited only for what was in the pipe"
    await asyncio.gather(*patient)
    many = [
        asyncio.create_task(listener.hear("slow", can_wait=True)) for _ in range(MOST_WAITING + MOST_IN_PIPE)
    ]
    await asyncio.sleep(0)
    with pytest.raises(ListenerAway):
        await asyncio.wait_for(listener.hear("shed", can_wait=True), 0.04)
    assert await asyncio.wait_for(listener.hear("shed"), 2) is Level.DANGER
    for each in many:
        each.cancel()
    await asyncio.sleep(0)
    assert await asyncio.wait_for(listener.hear("shed"), 1) is Level.DANGER, (
        "what nobody waits for is not heard"
    )


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

    messages, answers = io.BytesIO(b'[7, "bad"]\n[8, "good"]\n'), io.BytesIO()
    hear_lines(ear, messages, answers)
    assert [json.loads(line) for line in answers.getvalue().splitlines()] == [
        {"number": 7, "failed": "MemoryError"},
        {"number": 8, "heard": "worry"},
    ]


def test_an_answer_that_can_not_be_written_whole_is_followed_by_no_other() -> None:
    class Full(io.BytesIO):
        def flush(self) -> None:
            raise OSError

    answers = Full()
    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        hear_lines(lambda _: None, io.BytesIO(b'[1, "one"]\n[2, "two"]\n'), answers)
    assert len(answers.getvalue().splitlines()) == 1


async def test_what_is_printed_beside_the_answers_is_taken_for_none_of_them() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PRINTS, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert await process.communicate() == (b"answer\n", b"printed\nby a library\n")


PRINTS = """
import os
from app.listening import keep_answers_apart

answers = keep_answers_apart()
print("printed", flush=True)
os.write(1, b"by a library\\n")
answers.write(b"answer\\n")
answers.close()
"""


async def test_the_true_one_hears_in_its_process_what_it_hears_here() -> None:
    listener = await start_listener(settings_for_tests())
    if listener is None:
        pytest.skip("the sentence vectors are not here")
    try:
        assert await listener.hear(PLAIN) is Level.DANGER
        assert listener.pid is not None
        assert resource.prlimit(listener.pid, resource.RLIMIT_CORE) == (0, 0), (
            "a crash leaves no words behind"
        )
        assert await listener.hear("i like the new library in town") is None
    finally:
        await listener.stop()


async def test_without_its_files_it_is_left_out_and_that_is_said_once(tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert await start_listener(settings_for_tests(), tmp_path) is None
    assert [line["event"] for line in logs] == ["second_listener_not_opened"]
