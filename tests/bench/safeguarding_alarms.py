"""Count the alarms that safeguarding phrases raise on real public-service comments.

Run: python -m tests.bench.safeguarding_alarms "$HYS_EVAL_DATA" [--show] [--listener N]
"""

import argparse
import csv
import sys
import time
from collections import Counter
from pathlib import Path

from app.listener import open_listener
from core.safeguarding.languages import load_languages
from core.safeguarding.phrases import Level, Phrases, load_phrases
from core.safeguarding.rules import listen
from core.safeguarding.unreadable import find_unreadable
from core.safeguarding.weighing import level_of_both
from core.settings import Settings
from core.text.people import load_names

DATA = Path(__file__).resolve().parents[2] / "data"
PHRASES = DATA / "safeguarding_phrases.yml"


def comments(folder: Path) -> list[str]:
    """Read the comments of both phases of the NHS feedback set (development half)."""
    files = sorted((folder / "nhs_feedback").glob("*.csv"))
    return [row["text"] for file in files for row in csv.DictReader(file.open(encoding="utf-8"))]


def say(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


def by_listener(texts: list[str], phrases: Phrases) -> str:
    """Say for how many phrases and the second listener together ring."""
    listener = open_listener(Settings())
    if listener is None:
        return "The second listener is not there."
    found: Counter[Level] = Counter()
    for text in texts:
        level = level_of_both(listen(text, phrases), text, listener.hears(text))
        if level is not None:
            found[level] += 1
    return "; ".join(
        f"with the second listener, {level}: {found[level]} of {len(texts)}, "
        f"{found[level] / len(texts) * 1000:.1f} for each 1,000"
        for level in Level
    )


def main(arguments: list[str]) -> None:
    """Print alarms for each 1,000 comments, by level and phrase; `--show` prints each comment heard."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of evaluation data (HYS_EVAL_DATA)")
    parser.add_argument("--show", action="store_true")
    parser.add_argument(
        "--listener", type=int, metavar="N", help="let the second listener hear each Nth comment"
    )
    options = parser.parse_args(arguments)
    phrases = load_phrases(PHRASES)
    texts = comments(options.folder)
    languages = load_languages(DATA / "languages.yml", load_names(DATA / "names.txt"))
    unread = [text for text in texts if find_unreadable(text, languages, phrases.lexicon)]
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
    say(f"can not be read: {len(unread)}, {len(unread) / len(texts) * 1000:.1f} for each 1,000")
    if options.listener:
        say(by_listener(texts[:: options.listener], phrases))
    for (level, phrase), count in reasons.most_common():
        say(f"  {count:3} {level} {phrase}")


if __name__ == "__main__":
    main(sys.argv[1:])
