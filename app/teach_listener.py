"""Teach the second listener from our own messages, and say how well it hears what it was not taught.

Run: python -m app.teach_listener
Needs the sentence vectors (haveyoursay train). The same messages give the same weights, but for rounding.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.directory import sentence_weights
from app.lessons import NEW, Lesson, Severity, digest_of, fold_of, read_lessons
from app.listener import LISTENER
from app.listener_figures import measure
from core.safeguarding.phrases import Level, load_phrases
from core.safeguarding.rules import Heard, listen
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
from core.safeguarding.weighing import weigh_heard
from core.settings import Settings
from core.text.meaning import SentenceMeaning, Vectors

WIDTH: Final = 2.0
VIEW: Final = 192
"""How many numbers are kept of a meaning's 384."""
CAUTION: Final = 0.4
"""How much a message must not bend the whole: the weight of the ridge."""
WRITING: Final = 0.5
"""How much it counts that two messages are written alike, beside that they mean the same."""
FOLDS: Final = 5
MOST_ALARMS: Final = 0.07
"""Of new people's everyday messages, those for which phrases and listener together may ring.

Three in five of these are made to sound like danger. Where half are (the three development banks) half as many ring.
"""
MOST_DANGERS: Final = 0.014
"""Of the same messages, those that together they may hear as danger; 1 % is allowed where half sound like it."""
MOST_RAISED: Final = 0.005
"""Of the same messages, those it may raise to danger where no phrase heard danger: there it must be very sure."""
WORRY_ADDED: Final = {None: 0.0, Level.WORRY: 0.11, Level.DANGER: 0.28}
"""How much surer of a worry it is where phrases heard this: so logistic regression weighs the two."""

SAYS: Final[Mapping[Severity, Scores]] = {
    "explicit": Scores(0.7, 1),
    "hinted": Scores(1, 0.23),
    "third_party": Scores(1, 0.23),
    "benign": Scores(-0.7, -1),
}
"""What a message of each kind should score: as something for a person to read, and as danger told plainly."""
WEIGHT: Final[Mapping[Severity, float]] = {"explicit": 1, "hinted": 2, "third_party": 1, "benign": 1}
"""How much a message of each kind counts: of hints there are fewest, and they differ most."""

ROWS_AT_ONCE: Final = 1024

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
    by_phrases = [listen(text, phrases) for text in texts]
    untaught = judge_untaught(lessons, alike)
    begins = choose_begins(lessons, untaught, by_phrases)
    alone = begins.pop(None)
    taught = Taught(view, meanings, seen, written, teach(alike, lessons))
    card = Card(
        begins=alone,
        begins_with=begins,
        nearness=WIDTH,
        bias=Scores(*taught.says.sum(axis=0).tolist()),
        lessons_sha256=digest_of(read_lessons(settings.data)),
        measured={},
    )
    card = card.model_copy(update={"measured": dict(measure(lessons, untaught, by_phrases, card))})
    write(LISTENER, taught, card)
    for name, share in card.measured.items():
        sys.stdout.write(f"{name:60} {share:.1%}\n")


def wanted(lessons: Sequence[Lesson]) -> Numbers:
    """Give what each message should score; (lessons, 2)."""
    return np.array([SAYS[each.severity] for each in lessons])


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
    places = np.concatenate([places for places, _ in written])
    order = np.argsort(places, kind="stable")
    begins = np.searchsorted(places[order], np.arange(BINS + 1))
    who = np.repeat(np.arange(len(written)), [len(places) for places, _ in written])[order]
    share = np.concatenate([shares for _, shares in written])[order]
    for number, (here, shares) in enumerate(written):
        # Each place of this message names the messages that have it too: of most bins these are few.
        found = [slice(begins[place], begins[place + 1]) for place in here]
        others = np.concatenate([who[each] for each in found])
        products = np.concatenate([own * share[each] for own, each in zip(shares, found, strict=True)])
        alike[number] += WRITING * np.bincount(others, weights=products, minlength=len(written))
    return alike


def teach(alike: Vectors, lessons: Sequence[Lesson]) -> Numbers:
    """Say of each message how much it counts, for a worry and for danger: ridge regression; (lessons, 2)."""
    ridge = alike.copy()
    ridge[np.diag_indices(len(lessons))] += np.array([CAUTION / WEIGHT[each.severity] for each in lessons])
    found = wanted(lessons).astype(np.float32)
    steps = [slice(begin, begin + ROWS_AT_ONCE) for begin in range(0, len(lessons), ROWS_AT_ONCE)]
    for (
        here
    ) in steps:  # Cholesky's way, block by block in place: the whole at once takes three times the memory
        own = ridge[here, here] = np.linalg.cholesky(ridge[here, here])
        ridge[here.stop :, here] = np.linalg.solve(own, ridge[here.stop :, here].T).T
        for other in steps[here.stop // ROWS_AT_ONCE :]:
            ridge[other.start :, other] -= ridge[other.start :, here] @ ridge[other, here].T
        found[here] = np.linalg.solve(own, found[here] - ridge[here, : here.start] @ found[: here.start])
    for here in reversed(steps):
        rest = found[here] - ridge[here.stop :, here].T @ found[here.stop :]
        found[here] = np.linalg.solve(ridge[here, here].T, rest)
    return found.astype(np.float64)


def judge_untaught(lessons: Sequence[Lesson], alike: Vectors) -> Numbers:
    """Give each message the scores it gets from those taught without its fold; (lessons, 2).

    All that one new person wrote is in one fold, so that those are judged as somebody new will be.
    """
    new = sorted({each.writer for each in lessons if each.source == NEW})
    fold = [
        new.index(each.writer) % FOLDS if each.source == NEW else fold_of(each.text, FOLDS)
        for each in lessons
    ]
    scores = np.empty((len(lessons), 2))
    for number in range(FOLDS):
        out = [place for place, each in enumerate(fold) if each == number]
        taught = [place for place, each in enumerate(fold) if each != number]
        says = teach(alike[np.ix_(taught, taught)], [lessons[place] for place in taught])
        scores[out] = alike[np.ix_(out, taught)] @ says
    return scores


def choose_begins(
    lessons: Sequence[Lesson], scores: Numbers, by_phrases: Sequence[Heard | None]
) -> dict[Level | None, Scores]:
    """Give the lowest scores at which new people's everyday talk seldom rings, by what phrases heard.

    What sure phrases ring for is taken off first: no score changes that.
    """
    levels = [heard.level if heard else None for heard in by_phrases]
    sure = [counts.level if (counts := heard and weigh_heard(heard, None)) else None for heard in by_phrases]
    here = np.array([each.source == NEW and not each.is_worry for each in lessons])
    is_sure = np.array([level is Level.DANGER for level in sure])
    with_danger = np.array([level is Level.DANGER for level in levels])
    many = int(here.sum())
    worry, plain = scores[:, 0] + np.array([WORRY_ADDED[level] for level in levels]), scores[:, 1]
    alone = _lowest(plain[here & ~with_danger], int(MOST_RAISED * many))
    may_ring = int(MOST_DANGERS * many) - int((here & (is_sure | (~with_danger & (plain > alone)))).sum())
    begins = {None: alone, Level.WORRY: alone}
    begins[Level.DANGER] = min(alone, _lowest(plain[here & with_danger & ~is_sure], may_ring))
    rings = np.array([level is not None for level in sure]) | (plain > [begins[level] for level in levels])
    begins_worry = _lowest(worry[here & ~rings], int(MOST_ALARMS * many) - int((here & rings).sum()))
    return {level: Scores(round(begins_worry - WORRY_ADDED[level], 3), begins[level]) for level in begins}


def _lowest(quiet: Numbers, may_ring: int) -> float:
    """Give the score that so many of these are over."""
    return round(float(np.sort(quiet)[::-1][max(may_ring, 0)]) + 0.0005, 3)


def write(folder: Path, taught: "Taught", card: Card) -> None:
    """Write the weights and the card beside them."""
    writing = np.zeros((BINS, 2))
    for (places, shares), says in zip(taught.written, taught.says, strict=True):
        writing[places] += WRITING * np.outer(shares, says)
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
