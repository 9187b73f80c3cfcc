"""Count the alarms that safeguarding phrases raise on real public-service comments.

Run: python -m tests.bench.safeguarding_alarms "$HYS_EVAL_DATA" [--show]
"""

import argparse
import csv
import sys
import time
from collections import Counter
from pathlib import Path

from core.safeguarding.phrases import Level, load_phrases
from core.safeguarding.rules import listen

PHRASES = Path(__file__).resolve().parents[2] / "data" / "safeguarding_phrases.yml"


def comments(folder: Path) -> list[str]:
    """Read the comments of both phases of the NHS feedback set (development half)."""
    files = sorted((folder / "nhs_feedback").glob("*.csv"))
    return [row["text"] for file in files for row in csv.DictReader(file.open(encoding="utf-8"))]


def say(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


def main(arguments: list[str]) -> None:
    """Print alarms for each 1,000 comments, by level and phrase; `--show` prints each comment heard."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of evaluation data (HYS_EVAL_DATA)")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args(arguments)
    phrases = load_phrases(PHRASES)
    texts = comments(options.folder)
    levels: Counter[Level] = Counter()
    reasons: Counter[tuple[Level, str]] = Counter()
    started = time.perf_counter()
    for text in texts:
        heard = listen(text, phrases)
        if heard is None:
            continue
        levels[heard.level] += 1
        reasons.update({(match.level, match.phrase_id) for match in heard.because})
        if options.show:
            say(f"{heard.level} {sorted({match.phrase_id for match in heard.because})} {text}")
    each = (time.perf_counter() - started) / len(texts)
    say(f"{len(texts)} comments, {each * 1000:.2f} ms each")
    for level in Level:
        say(f"{level}: {levels[level]}, {levels[level] / len(texts) * 1000:.1f} for each 1,000")
    for (level, phrase), count in reasons.most_common():
        say(f"  {count:3} {level} {phrase}")


if __name__ == "__main__":
    main(sys.argv[1:])
