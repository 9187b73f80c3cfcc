"""Row 9 of the benchmarks: whether a turn takes longer when a conversation has become long."""

from itertools import cycle, islice
from statistics import median

from tests.bench.rows import Row, Spread
from tests.bench.turns import SAID, OurTalk, open_client

TURNS = 1_000
ROUND = len(SAID)
"""All kinds of message come once in a round, so rounds can be compared."""
ROUNDS = 5
"""Rounds that are compared: from message 10 on, and the last ones. The first round warms up."""
MOST = 1.2


async def measure_long_talk(ours: str) -> Row:
    """Talk on for 1,000 messages; compare the first rounds with the last, by their medians."""
    async with open_client(ours) as http:
        talk = await OurTalk.begin(http)
        took = [await talk.turn(words) * 1000 for words in islice(cycle(SAID), TURNS + ROUND)]
    early, late = took[ROUND : ROUND * (ROUNDS + 1)], took[-ROUND * ROUNDS :]
    return Row(
        9,
        "turn p50 at message 1,000 against message 10, ms",
        Spread.of(_medians(late)),
        Spread.of(_medians(early)),
        1 / MOST,
        is_less_better=True,
    )


def _medians(took: list[float]) -> list[float]:
    return [median(took[start : start + ROUND]) for start in range(0, len(took), ROUND)]
