"""Read the messages that the second listener is taught with: ours, those of others, and everyday lines to the bot."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import TypeAdapter

from core.safeguarding.examples import load_examples
from core.settings import HERE

_TESTS: Final = HERE / "tests" / "core" / "safeguarding"
BANKS: Final = {"bank": _TESTS / "development_bank.yml", "second bank": _TESTS / "development_bank_2.yml"}
LESSONS: Final = "safeguarding_lessons"
"""A folder: each file holds the messages of one person, or of some who wrote at the same time."""
IMPROVED_ON: Final = "1_improved_on"
"""On these messages the phrases were improved; on those of the other files they were not."""
NEW: Final = "new lessons"
"""The source of messages on which no phrase was improved: they say how the phrases do on new words."""
NOT_SAFE: Final = "say_not_safe"
ONE_LINE_IN: Final = 4
"""What people say to the bot is more than all else: of so many lines one is learnt, and the others try it."""

_ENTITY: Final = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")

Severity = Literal["explicit", "hinted", "third_party", "benign"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message to learn from: where it is from, what it is, and who wrote it (the file's name)."""

    text: str
    source: str
    severity: Severity
    writer: str = ""

    @property
    def is_worry(self) -> bool:
        """Whether a person should read it."""
        return self.severity != "benign"


def read_lessons(data: Path) -> Iterator[Lesson]:
    """Give our own examples, the everyday lines that the bot learns from, and the messages of others."""
    examples = load_examples(data / "safeguarding_examples.yml")
    ours: dict[Severity, Iterable[str]] = {
        "explicit": examples.danger,
        "hinted": examples.worry,
        "benign": examples.ordinary,
    }
    for severity, texts in ours.items():
        yield from (Lesson(text, "examples", severity) for text in texts)
    for text in sorted(set(everyday_lines(data / "training" / "nlu"))):
        if fold_of(text, ONE_LINE_IN) == 0:
            yield Lesson(text, "training", "benign")
    for source, file in BANKS.items():
        yield from _of_others(file, source)
    for file in sorted((data / LESSONS).glob("*.yml")):
        yield from _of_others(file, "lessons" if file.stem == IMPROVED_ON else NEW)


def _of_others(file: Path, source: str) -> Iterator[Lesson]:
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    for each in TypeAdapter(list[dict[str, Any]]).validate_python(entries):
        yield Lesson(each["text"], source, each["severity"], file.stem)


def everyday_lines(folder: Path) -> Iterator[str]:
    """Give what people say to the bot, line by line, without the marks of entities; "I am not safe" is left out."""
    for file in sorted(folder.glob("*.yml")):
        for taught in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if taught.get("intent", NOT_SAFE) != NOT_SAFE:
                for line in taught["examples"].splitlines():
                    yield _ENTITY.sub(r"\1", line.strip().removeprefix("- "))


def fold_of(text: str, folds: int) -> int:
    """Put a text into one of so many folds, always the same."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % folds


def digest_of(lessons: Iterable[Lesson]) -> str:
    """Give one digest of the messages about safety, so that a test says when the weights are older.

    What people say to the bot changes often and matters little here: it is left out.
    """
    found = hashlib.sha256()
    for each in lessons:
        if each.source == "training":
            continue
        found.update(repr((each.text, each.source, each.severity)).encode())
    return found.hexdigest()
