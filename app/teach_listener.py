"""Teach the second listener from our own messages, and say how well it hears what it was not taught.

Run: python -m app.teach_listener
Needs the sentence vectors (haveyoursay train). The same messages give the same weights, but for rounding.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import TypeAdapter

from app.directory import sentence_weights
from app.listener import LISTENER
from core.safeguarding.examples import load_examples
from core.safeguarding.phrases import load_phrases
from core.safeguarding.rules import listen
from core.safeguarding.second_listener import (
    CARD,
    WEIGHTS,
    Card,
    count_writing,
    look,
    nearness,
    pieces_of,
    restore,
    round_off,
)
from core.settings import HERE, Settings
from core.text.meaning import SentenceMeaning, Vectors

_TESTS: Final = HERE / "tests" / "core" / "safeguarding"
BANKS: Final = {"bank": _TESTS / "development_bank.yml", "second bank": _TESTS / "development_bank_2.yml"}
LESSONS: Final = "safeguarding_lessons.yml"
BY_OTHERS: Final = (*BANKS, "lessons")
NOT_SAFE: Final = "say_not_safe"
ONE_LINE_IN: Final = 4
"""What people say to the bot is more than all else: of so many lines one is learnt, and the others try it."""

WIDTH: Final = 2.0
VIEW: Final = 192
"""How many numbers are kept of a meaning's 384."""
CAUTION: Final = 0.3
"""How much a message must not bend the whole: the weight of the ridge."""
FOLDS: Final = 5
MOST_ALARMS: Final = 0.035
"""Of everyday messages by others, those at which the phrases or the second listener may ring. New ones ring oftener."""

_ENTITY: Final = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message to learn from: where it is from, and whether it means danger or a worry."""

    text: str
    source: str
    is_worry: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learnt: the meaning and the writing of each message, and how much it counts."""

    view: Vectors
    meanings: NDArray[np.int8]
    writing: NDArray[np.float32]
    says: Numbers


def main() -> None:
    """Teach, choose where a worry begins, write both files, and print what was measured."""
    settings = Settings()
    lessons = [each for each in read_lessons(settings.data) if pieces_of(each.text)]
    texts = [each.text for each in lessons]
    whole = SentenceMeaning.load(sentence_weights(settings)).embed(texts)
    view = choose_view(whole)
    meanings = round_off(look(whole, view))
    writing = count_writing(texts)
    alike = compare(meanings, writing)
    phrases = load_phrases(settings.data / "safeguarding_phrases.yml")
    by_phrases = np.array([listen(text, phrases) is not None for text in texts])
    untaught = judge_untaught(lessons, alike)
    threshold = choose_threshold(lessons, untaught, by_phrases)
    taught = Taught(view, meanings, writing, teach(alike, signs(lessons)))
    card = Card(
        threshold=threshold,
        nearness=WIDTH,
        bias=float(taught.says.sum()),
        lessons_sha256=digest_of(read_lessons(settings.data)),
        measured=dict(measure(lessons, untaught > threshold, by_phrases)),
    )
    write(LISTENER, taught, card)
    for name, share in card.measured.items():
        sys.stdout.write(f"{name:60} {share:.1%}\n")


def read_lessons(data: Path) -> Iterator[Lesson]:
    """Give our own examples, the everyday lines that the bot learns from, and the messages of others."""
    examples = load_examples(data / "safeguarding_examples.yml")
    for text in (*examples.danger, *examples.worry):
        yield Lesson(text, "examples", is_worry=True)
    for text in examples.ordinary:
        yield Lesson(text, "examples", is_worry=False)
    for text in sorted(set(everyday_lines(data / "training" / "nlu"))):
        if fold_of(text, ONE_LINE_IN) == 0:
            yield Lesson(text, "training", is_worry=False)
    for source, file in {**BANKS, "lessons": data / LESSONS}.items():
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
        for each in TypeAdapter(list[dict[str, Any]]).validate_python(entries):
            yield Lesson(each["text"], source, is_worry=each["severity"] != "benign")


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


def signs(lessons: Sequence[Lesson]) -> Numbers:
    """Give 1 for what is a worry, and -1 for everyday talk."""
    return np.array([1.0 if each.is_worry else -1.0 for each in lessons])


def choose_view(meanings: Vectors) -> Vectors:
    """Give the directions in which messages differ most, turned so that eight bits hold each number; (384, VIEW)."""
    _, directions = np.linalg.eigh((meanings.T @ meanings).astype(np.float64))
    turned, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(VIEW, VIEW)))
    view: Vectors = (directions[:, -VIEW:] @ turned).astype(np.float16).astype(np.float32)
    return view


def compare(meanings: NDArray[np.int8], writing: NDArray[np.float32]) -> Vectors:
    """Say of every two messages how alike they are, in meaning and in writing."""
    known = restore(meanings)
    alike: Vectors = nearness(known, known, WIDTH) + writing @ writing.T + 1
    return alike


def teach(alike: Vectors, wanted: Numbers) -> Numbers:
    """Say of each message how much it counts: ridge regression over how alike they are."""
    ridge = alike.copy()
    ridge[np.diag_indices(len(wanted))] += np.float32(CAUTION)
    found: Numbers = np.linalg.solve(ridge, wanted.astype(np.float32)).astype(np.float64)
    return found


def judge_untaught(lessons: Sequence[Lesson], alike: Vectors) -> Numbers:
    """Give each message the score it gets from those taught without its fold."""
    fold = np.array([fold_of(each.text, FOLDS) for each in lessons])
    wanted, scores = signs(lessons), np.empty(len(lessons))
    for number in range(FOLDS):
        out, taught = fold == number, fold != number
        says = teach(alike[np.ix_(taught, taught)], wanted[taught])
        scores[out] = alike[np.ix_(out, taught)] @ says
    return scores


def choose_threshold(lessons: Sequence[Lesson], scores: Numbers, by_phrases: NDArray[np.bool_]) -> float:
    """Give the lowest score at which everyday talk by others does not ring too often, with the phrases."""
    here = np.array([each.source in BY_OTHERS and not each.is_worry for each in lessons])
    quiet = np.sort(scores[here & ~by_phrases])[::-1]
    may_ring = int(MOST_ALARMS * here.sum()) - int((here & by_phrases).sum())
    return round(float(quiet[max(may_ring, 0)]) + 0.0005, 3)


def measure(
    lessons: Sequence[Lesson], rings: NDArray[np.bool_], by_phrases: NDArray[np.bool_]
) -> Iterator[tuple[str, float]]:
    """Give shares of each source that are heard by the phrases, by this alone, and by both."""
    for source in sorted({each.source for each in lessons}):
        for is_worry, name in ((True, "heard"), (False, "false alarms")):
            here = np.array([(each.source, each.is_worry) == (source, is_worry) for each in lessons])
            if here.any():
                for by, heard in (
                    ("phrases", by_phrases),
                    ("second listener", rings),
                    ("both", rings | by_phrases),
                ):
                    yield f"{source}, {name}, {by}", round(float(heard[here].mean()), 4)


def write(folder: Path, taught: "Taught", card: Card) -> None:
    """Write the weights and the card beside them."""
    np.savez_compressed(
        folder / WEIGHTS,
        view=taught.view.astype(np.float16),
        meanings=taught.meanings,
        says=taught.says.astype(np.float32),
        writing=(taught.writing.T @ taught.says).astype(np.float32),
    )
    (folder / CARD).write_text(json.dumps(card.model_dump(), indent=2) + "\n", encoding="utf-8")


def digest_of(lessons: Iterable[Lesson]) -> str:
    """Give one digest of the messages about safety, so that a test says when the weights are older.

    What people say to the bot changes often and matters little here: it is left out.
    """
    found = hashlib.sha256()
    for each in lessons:
        if each.source == "training":
            continue
        found.update(repr((each.text, each.source, each.is_worry)).encode())
    return found.hexdigest()


if __name__ == "__main__":
    main()
