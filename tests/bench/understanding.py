"""How well messages are understood: `python -m tests.bench.understanding FILE ...`, or `--own-words FILE`.

FILE is YAML: a list of {text, intent}, or intents with their texts. The file of own words is a list of {text}, answers
to a question that wants own words: none may be taken for a command. Says figures only, never a text.
"""

import argparse
import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from rich.console import Console

from app.training import set_up_rasa
from core.settings import HERE, Settings

SCRIPT = Path(__file__).with_name("parse_on_rasas_python.py")
UNSURE = "nlu_fallback"
SAME = {"give_answer": "tell_view"}
"""With no question open, the bot does the same with both: it keeps the words as a view."""
WORST = 10


@dataclass(frozen=True, slots=True)
class Understood:
    """One message: what was meant, what was heard, and what that cost."""

    meant: str
    heard: str
    ms: float
    is_embedded: bool

    @property
    def is_right(self) -> bool:
        """Say whether the bot does what was meant."""
        return SAME.get(self.meant, self.meant) == SAME.get(self.heard, self.heard)

    @property
    def is_wrong_and_not_caught(self) -> bool:
        """Say whether the bot does something else, and does not ask."""
        return not self.is_right and self.heard != UNSURE


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of messages says about the bot; shares are 0 to 1."""

    messages: int
    best_guess_right: float
    macro_f1: float
    right: float
    asked_again: float
    wrong_and_not_caught: float
    ms: float
    embedded: float


def understand(texts: Sequence[tuple[str, str]], model: Path | None = None) -> list[dict[str, Any]]:
    """Let a model, or else the current one, understand each text, given what the open question expects."""
    environment, current = set_up_rasa(Settings(), Console(stderr=True))
    done = subprocess.run(
        [str(environment.python), str(SCRIPT)],
        cwd=HERE,
        env=environment.variables(),
        input=json.dumps({"model": str(model or current), "texts": texts}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Rasa could not understand them: {done.stderr.strip().splitlines()[-1:]}")
    told: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return told


def read_messages(file: Path) -> list[tuple[str, str]]:
    """Read texts and what each means."""
    held = yaml.safe_load(file.read_text(encoding="utf-8"))
    if isinstance(held, dict):
        return [(text, intent) for intent, texts in held.items() for text in texts]
    return [(str(each["text"]), each["intent"]) for each in held]


def figures_of(results: Sequence[Understood], guesses: Sequence[Understood]) -> Figures:
    """Sum up; `guesses` are the same messages with the best guess where the bot would have asked."""
    count = len(results)
    return Figures(
        count,
        sum(each.is_right for each in guesses) / count,
        macro_f1([(each.meant, each.heard) for each in guesses]),
        sum(each.is_right for each in results) / count,
        sum(each.heard == UNSURE for each in results) / count,
        sum(each.is_wrong_and_not_caught for each in results) / count,
        median(each.ms for each in results),
        sum(each.is_embedded for each in results) / count,
    )


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean over what was meant of 2 tp / (2 tp + fp + fn)."""
    right = Counter(meant for meant, heard in pairs if meant == heard)
    meant_counts, heard_counts = Counter(meant for meant, _ in pairs), Counter(heard for _, heard in pairs)
    return sum(2 * right[each] / (meant_counts[each] + heard_counts[each]) for each in meant_counts) / len(
        meant_counts
    )


def measure(files: Sequence[Path], model: Path | None = None) -> tuple[Figures, Counter[tuple[str, str]]]:
    """Understand the messages of the files; give the figures, and what was taken for what."""
    messages = [message for file in files for message in read_messages(file)]
    told = understand([(text, "anything") for text, _ in messages], model)
    meant = [intent for _, intent in messages]
    results = [
        Understood(each, heard["intent"], heard["ms"], heard["embedded"])
        for each, heard in zip(meant, told, strict=True)
    ]
    guesses = [
        Understood(each, _best_guess(heard), heard["ms"], heard["embedded"])
        for each, heard in zip(meant, told, strict=True)
    ]
    confused = Counter((each.meant, each.heard) for each in results if each.is_wrong_and_not_caught)
    return figures_of(results, guesses), confused


def measure_own_words(file: Path) -> Counter[str]:
    """Count what own words were taken for, where a question wants own words; all of it should be give_answer."""
    answers = yaml.safe_load(file.read_text(encoding="utf-8"))
    told = understand([(str(each["text"]), "free_text") for each in answers])
    return Counter(each["intent"] for each in told)


def _best_guess(heard: dict[str, Any]) -> str:
    ranked = [name for name, _ in heard["ranking"] if name != UNSURE]
    return ranked[0] if heard["intent"] == UNSURE and ranked else str(heard["intent"])


def main() -> None:
    """Say the figures of the files."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("files", nargs="*", type=Path)
    reading.add_argument("--own-words", type=Path)
    asked, console = reading.parse_args(), Console()
    if asked.files:
        figures, confused = measure(asked.files)
        for name in Figures.__slots__:
            console.print(f"{name.replace('_', ' ')}: {getattr(figures, name):.4g}")
        for (meant, heard), count in confused.most_common(WORST):
            console.print(f"{count} times {meant} was taken for {heard}")
    if asked.own_words:
        taken = measure_own_words(asked.own_words)
        wrong = {name: count for name, count in taken.items() if name != "give_answer"}
        console.print(f"own words: {taken.total()}; taken for commands: {sum(wrong.values())} {wrong or ''}")


if __name__ == "__main__":
    main()
