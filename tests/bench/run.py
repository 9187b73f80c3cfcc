"""Run the benchmarks: `make bench`. Prints a table and writes bench/results.json."""

import asyncio
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from core.settings import HERE, Settings
from tests.bench.arrivals import measure_arrivals
from tests.bench.intents import measure_clinc, measure_intents
from tests.bench.long_talk import measure_long_talk
from tests.bench.our_part import measure_our_part
from tests.bench.rows import Row
from tests.bench.servers import our_service, plain_rasa
from tests.bench.turns import measure_turns

RESULTS = HERE / "bench" / "results.json"
NOT_BUILT = {
    7: "summary request at 1 M and 10 M views",
    8: "making a release of 1 M views",
    11: "sentiment",
    12: "coverage of released counts",
    13: "weight of the chat page",
    14: "memory and cold start",
}
"""Rows of the table that nobody has built yet; each is named as left out."""

EMBEDDED_SHARE = 0.28
"""On which share of messages a sentence embedding ran (tests.bench.understanding, development messages)."""


def main() -> None:
    """Measure, print and write."""
    console = Console()
    console.print("Starting our service and plain Rasa. Training plain Rasa takes minutes, once.")
    with our_service() as (ours, home), plain_rasa() as plain:
        console.print("Both run. Measuring takes a few minutes.")
        rows = asyncio.run(measure_turns(ours, home, plain))
        rows.append(asyncio.run(measure_long_talk(ours)))
    our_part, medians = asyncio.run(measure_our_part())
    console.print(medians)
    rows += [our_part, *measure_arrivals()]
    console.print("Teaching our pipeline and Rasa's default one, which takes minutes.")
    rows += measure_intents()
    data = Settings().hys_eval_data
    clinc = measure_clinc(data) if data else None
    print_table(rows, console)
    console.print(f"CLINC150: {clinc or 'left out, HYS_EVAL_DATA is not set'}")
    RESULTS.parent.mkdir(exist_ok=True)
    written = {**as_json(rows), "clinc150": clinc}
    RESULTS.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def print_table(rows: Sequence[Row], console: Console) -> None:
    """Show medians with their spread, and the ratio that counts."""
    table = Table("row", "measure", "ours", "against", "times better", "target")
    for row in rows:
        is_met = "met" if row.is_met else "missed"
        target = f"{row.target:g} ({is_met})"
        table.add_row(
            str(row.number), row.measure, str(row.ours), str(row.theirs), f"{row.ratio:.2f}", target
        )
    console.print(table)
    console.print(f"A sentence embedding ran on {EMBEDDED_SHARE:.0%} of messages.")
    for number, what in NOT_BUILT.items():
        console.print(f"Left out, not built yet: row {number}, {what}.")


def as_json(rows: Sequence[Row]) -> dict[str, Any]:
    """Give what is written: ratios in one run, and on what kind of machine."""
    return {
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "sentence_embedding_share": EMBEDDED_SHARE,
        "rows": [{**asdict(row), "ratio": round(row.ratio, 2), "is_met": row.is_met} for row in rows],
        "left_out": sorted(NOT_BUILT),
    }


if __name__ == "__main__":
    main()
