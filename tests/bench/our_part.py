"""Row 3 of the benchmarks: our part of a turn, which is the full turn less what Rasa took for the same message.

Between the service and its Rasa stands a relay that looks at the clock when a question comes and when its answer is
back. What Rasa takes includes our actions, which it calls. What the relay costs is counted as ours.
"""

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console

from app.rasa_process import RasaPlan, RasaProcess, free_port
from app.training import set_up_rasa
from core.settings import Settings
from tests.bench.rows import Row, Spread
from tests.bench.servers import our_service
from tests.bench.turns import SAID, OurTalk, check_durable, open_client

ROUNDS = 5
TURNS_A_ROUND = 100
MOST_MS = 10.0


@dataclass
class RasaClock:
    """Passes on what is asked of Rasa, one question at a time, and adds up how long the answers took."""

    port: int
    seconds: float = 0.0
    _asked_at: float | None = None
    _counted: float = field(default=0.0, repr=False)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what one connection says, both ways, until either side ends it."""
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.gather(
            self._pass_on(reader, there_writer, is_answer=False),
            self._pass_on(there_reader, writer, is_answer=True),
        )

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        with suppress(OSError):
            while words := await reader.read(65536):
                self._look(is_answer=is_answer)
                writer.write(words)
                await writer.drain()
        writer.close()

    def _look(self, *, is_answer: bool) -> None:
        now = time.perf_counter()
        if not is_answer:
            if self._asked_at is None or self._counted:
                self._asked_at, self._counted = now, 0.0
        elif self._asked_at is not None:  # an answer may come in pieces: the last one counts
            self.seconds += now - self._asked_at - self._counted
            self._counted = now - self._asked_at

    def start_again(self) -> None:
        """Count from nothing, for the next turn."""
        self.seconds, self._asked_at, self._counted = 0.0, None, 0.0


@dataclass(frozen=True)
class Parts:
    """Two parts of each turn of a round, in milliseconds: Rasa's (with our actions) and ours."""

    rasa: Sequence[float]
    ours: Sequence[float]

    @property
    def our_p95(self) -> float:
        """Give what 95 of 100 turns keep within."""
        return quantiles(self.ours, n=20)[-1]


async def measure_our_part() -> tuple[Row, str]:
    """Measure row 3; give it, and a line that says where the time goes."""
    port = free_port()
    async with _timed_rasa(f"http://127.0.0.1:{port}/rasa/actions") as (clock, url, token):
        with ExitStack() as stack:
            service = our_service(port, RASA_URL=url, RASA_TOKEN=token)
            ours, home = await asyncio.to_thread(stack.enter_context, service)
            await check_durable(ours, home)
            rounds = [await _round(ours, clock) for _ in range(ROUNDS + 1)][1:]
    row = Row(
        3,
        f"our part of a turn, p95 ms: ours, at most {MOST_MS:g}",
        Spread.of([each.our_p95 for each in rounds]),
        Spread.of([MOST_MS]),
        1.0,
        is_less_better=True,
    )
    return row, _say_medians(rounds)


async def _round(ours: str, clock: RasaClock) -> Parts:
    rasa: list[float] = []
    own: list[float] = []
    async with open_client(ours) as http:
        talk = await OurTalk.begin(http)
        for words in islice(cycle(SAID), TURNS_A_ROUND):
            clock.start_again()
            took = await talk.turn(words)
            rasa.append(clock.seconds * 1000)
            own.append((took - clock.seconds) * 1000)
    if not any(rasa):
        raise RuntimeError("Rasa was never asked: there is nothing to take off.")
    return Parts(rasa, own)


def _say_medians(rounds: Sequence[Parts]) -> str:
    ours = median(each for measured in rounds for each in measured.ours)
    rasa = median(each for measured in rounds for each in measured.rasa if each)
    asked = sum(each > 0 for measured in rounds for each in measured.rasa) / (len(rounds) * TURNS_A_ROUND)
    return f"A turn's medians: our part {ours:.1f} ms, Rasa {rasa:.1f} ms where it is asked ({asked:.0%} of turns)."


@asynccontextmanager
async def _timed_rasa(actions_url: str) -> AsyncIterator[tuple[RasaClock, str, str]]:
    """Run our Rasa with a relay before it; give the clock, the relay's address and Rasa's token."""
    environment, model = await asyncio.to_thread(set_up_rasa, Settings(), Console())
    token, clock = secrets.token_urlsafe(32), RasaClock(free_port())
    with tempfile.TemporaryDirectory() as folder:
        environment = replace(environment, var=Path(folder))
        rasa = RasaProcess(RasaPlan(environment, model, token, actions_url, clock.port))
        relay = await asyncio.start_server(clock.take, "127.0.0.1", 0)
        try:
            await rasa.start()
            yield clock, f"http://127.0.0.1:{relay.sockets[0].getsockname()[1]}", token
        finally:
            relay.close()
            await rasa.stop()


def main() -> None:
    """Print row 3 alone."""
    row, medians = asyncio.run(measure_our_part())
    is_met = "met" if row.is_met else "missed"
    sys.stdout.write(f"{row.measure}: {row.ours} ({is_met})\n{medians}\n")


if __name__ == "__main__":
    main()
