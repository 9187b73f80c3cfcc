"""Teach the second listener from our own messages, and say how well it hears what it was not taught.

Run: python -m app.teach_listener
Needs the sentence vectors (haveyoursay train). The same messages give the same weights, but for rounding.
"""

import json
import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.directory import sentence_weights
from app.lessons import BANKS, Lesson, Severity, digest_of, fold_of, read_lessons
from app.listener import LISTENER
from core.safeguarding.phrases import Level, graver, load_phrases
from core.safeguarding.rules import listen
from core.safeguarding.second_listener import (
    BINS,
    CARD,
    WEIGHTS,
    Card,
    Places,
    Scores,
    look,
    nearness,
    pieces_of,
    rarity_of,
    restore,
    round_off,
    weigh,
    writing_of,
)
from core.settings import Settings
from core.text.meaning import SentenceMeaning, Vectors

BY_OTHERS: Final = (*BANKS, "lessons")

WIDTH: Final = 2.0
VIEW: Final = 192
"""How many numbers are kept of a meaning's 384."""
CAUTION: Final = 0.3
"""How much a message must not bend the whole: the weight of the ridge."""
FOLDS: Final = 5
MOST_ALARMS: Final = 0.05
"""Of everyday messages by others, those at which the second listener may ring where no phrase does."""
MOST_RAISED: Final = 0.002
"""Of everyday messages by others, those that the second listener may raise to danger."""

PLAINNESS: Final[Mapping[Severity, float]] = {"explicit": 1, "hinted": 0, "third_party": 0, "benign": -1}
WEIGHT: Final[Mapping[Severity, float]] = {"explicit": 1, "hinted": 2, "third_party": 1, "benign": 1}
"""How much a message of each kind counts: of hints there are fewest, and they differ most."""

BINS_AT_ONCE: Final = 1 << 14

Numbers = NDArray[np.float64]
Written = Sequence[tuple[Places, NDArray[np.float32]]]
"""Of each message the bins of its words and parts of words, and what each counts."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learnt: the meaning and the writing of each message, and how much it counts."""

    view: Vectors
    meanings: NDArray[np.int8]
    seen: NDArray[np.uint16]
    written: Written
    says: Numbers


def main() -> None:
    """Teach, choose where a worry begins, write both files, and print what was measured."""
    settings = Settings()
    lessons = [each for each in read_lessons(settings.data) if pieces_of(each.text)]
    texts = [each.text for each in lessons]
    whole = SentenceMeaning.load(sentence_weights(settings)).embed(texts)
    view = choose_view(whole)
    meanings = round_off(look(whole, view))
    seen, written = count_writing(texts)
    alike = compare(meanings, written)
    phrases = load_phrases(settings.data / "safeguarding_phrases.yml")
    by_phrases = [heard.level if heard else None for heard in (listen(text, phrases) for text in texts)]
    untaught = judge_untaught(lessons, alike)
    begins = choose_begins(lessons, untaught, by_phrases)
    taught = Taught(view, meanings, seen, written, teach(alike, lessons))
    card = Card(
        begins=begins,
        nearness=WIDTH,
        bias=Scores(*taught.says.sum(axis=0).tolist()),
        lessons_sha256=digest_of(read_lessons(settings.data)),
        measured=dict(measure(lessons, [begins.level_of(Scores(*each)) for each in untaught], by_phrases)),
    )
    write(LISTENER, taught, card)
    for name, share in card.measured.items():
        sys.stdout.write(f"{name:60} {share:.1%}\n")


def wanted(lessons: Sequence[Lesson]) -> Numbers:
    """Give what each message should score: as a worry, and as danger told plainly; (lessons, 2)."""
    return np.array([[1.0 if each.is_worry else -1.0, PLAINNESS[each.severity]] for each in lessons])


def choose_view(meanings: Vectors) -> Vectors:
    """Give the directions in which messages differ most, turned so that eight bits hold each number; (384, VIEW)."""
    _, directions = np.linalg.eigh((meanings.T @ meanings).astype(np.float64))
    turned, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(VIEW, VIEW)))
    view: Vectors = (directions[:, -VIEW:] @ turned).astype(np.float16).astype(np.float32)
    return view


def count_writing(texts: Sequence[str]) -> tuple[NDArray[np.uint16], Written]:
    """Give in how many texts each bin is seen, and each text's bins with what they count."""
    counts = [writing_of(text) for text in texts]
    seen = np.zeros(BINS, dtype=np.uint16)
    for each in counts:
        seen[list(each)] += 1
    rarity = rarity_of(seen, len(texts))
    return seen, [weigh(each, rarity) for each in counts]


def compare(meanings: NDArray[np.int8], written: Written) -> Vectors:
    """Say of every two messages how alike they are, in meaning and in writing."""
    known = restore(meanings)
    alike: Vectors = nearness(known, known, WIDTH) + 1
    for begin in range(0, BINS, BINS_AT_ONCE):  # all bins at once would take gigabytes
        rows = np.zeros((len(written), BINS_AT_ONCE), dtype=np.float32)
        for row, (places, shares) in zip(rows, written, strict=True):
            here = (begin <= places) & (places < begin + BINS_AT_ONCE)
            row[places[here] - begin] = shares[here]
        alike += rows @ rows.T
    return alike


def teach(alike: Vectors, lessons: Sequence[Lesson]) -> Numbers:
    """Say of each message how much it counts, for a worry and for danger: ridge regression; (lessons, 2)."""
    ridge = alike.copy()
    ridge[np.diag_indices(len(lessons))] += np.array([CAUTION / WEIGHT[each.severity] for each in lessons])
    found: Numbers = np.linalg.solve(ridge, wanted(lessons).astype(np.float32)).astype(np.float64)
    return found


def judge_untaught(lessons: Sequence[Lesson], alike: Vectors) -> Numbers:
    """Give each message the scores it gets from those taught without its fold; (lessons, 2)."""
    fold = [fold_of(each.text, FOLDS) for each in lessons]
    scores = np.empty((len(lessons), 2))
    for number in range(FOLDS):
        out = [place for place, each in enumerate(fold) if each == number]
        taught = [place for place, each in enumerate(fold) if each != number]
        says = teach(alike[np.ix_(taught, taught)], [lessons[place] for place in taught])
        scores[out] = alike[np.ix_(out, taught)] @ says
    return scores


def choose_begins(lessons: Sequence[Lesson], scores: Numbers, by_phrases: Sequence[Level | None]) -> Scores:
    """Give the lowest scores at which everyday talk by others, in which no phrase is heard, seldom rings.

    Danger begins where it is seldom raised to it, and a worry where either is seldom heard. What phrases ring for
    does not count here: they are sharpened by themselves, and hints must not be missed for their mistakes.
    """
    here = np.array([each.source in BY_OTHERS and not each.is_worry for each in lessons])
    is_danger = np.array([level is Level.DANGER for level in by_phrases])
    plain = _lowest(scores[here & ~is_danger, 1], int(MOST_RAISED * here.sum()))
    is_heard = np.array([level is not None for level in by_phrases])
    is_raised = ~is_heard & (scores[:, 1] > plain)
    may_ring = int(MOST_ALARMS * here.sum()) - int((here & is_raised).sum())
    return Scores(_lowest(scores[here & ~is_heard & ~is_raised, 0], may_ring), plain)


def _lowest(quiet: Numbers, may_ring: int) -> float:
    """Give the score that so many of these are over."""
    return round(float(np.sort(quiet)[::-1][max(may_ring, 0)]) + 0.0005, 3)


def measure(
    lessons: Sequence[Lesson], by_listener: Sequence[Level | None], by_phrases: Sequence[Level | None]
) -> Iterator[tuple[str, float]]:
    """Give shares of each source that are heard by the phrases, by this alone, and by both, at both levels."""
    by_both = [graver(*levels) for levels in zip(by_listener, by_phrases, strict=True)]
    ways = {"phrases": by_phrases, "second listener": by_listener, "both": by_both}
    for source, severity in sorted({(each.source, each.severity) for each in lessons}):
        here = [
            place for place, each in enumerate(lessons) if (each.source, each.severity) == (source, severity)
        ]
        for by, heard in ways.items():
            levels = [heard[place] for place in here]
            yield f"{source}, {severity}, {by}, danger", share_of(levels, {Level.DANGER})
            yield f"{source}, {severity}, {by}, either", share_of(levels, set(Level))


def share_of(levels: Sequence[Level | None], wanted_levels: Container[Level | None]) -> float:
    """Give the share of messages that are heard at one of these levels."""
    return round(sum(level in wanted_levels for level in levels) / len(levels), 4)


def write(folder: Path, taught: "Taught", card: Card) -> None:
    """Write the weights and the card beside them."""
    writing = np.zeros((BINS, 2))
    for (places, shares), says in zip(taught.written, taught.says, strict=True):
        writing[places] += np.outer(shares, says)
    np.savez_compressed(
        folder / WEIGHTS,
        view=taught.view.astype(np.float16),
        meanings=taught.meanings,
        says=taught.says.astype(np.float32),
        writing=writing.astype(np.float16),
        seen=taught.seen,
    )
    (folder / CARD).write_text(json.dumps(card.model_dump(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
