"""Say of messages that the second listener was not taught how many are heard: by phrases, by it alone, and by both."""

from collections.abc import Container, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.lessons import Lesson
from core.safeguarding.phrases import Level
from core.safeguarding.rules import Heard
from core.safeguarding.second_listener import Card, Scores
from core.safeguarding.weighing import weigh_heard


def measure(
    lessons: Sequence[Lesson], scores: NDArray[np.float64], by_phrases: Sequence[Heard | None], card: Card
) -> Iterator[tuple[str, float]]:
    """Give shares of each source that are heard by the phrases, by this alone, and by both, at both levels."""
    told = [Scores(*each) for each in scores]
    ways = {
        "phrases": [heard.level if heard else None for heard in by_phrases],
        "second listener": [card.begins.level_of(each) for each in told],
        "both": [weigh_scores(*each, card) for each in zip(by_phrases, told, strict=True)],
    }
    for source, severity in sorted({(each.source, each.severity) for each in lessons}):
        here = [
            place for place, each in enumerate(lessons) if (each.source, each.severity) == (source, severity)
        ]
        for by, heard in ways.items():
            levels = [heard[place] for place in here]
            yield f"{source}, {severity}, {by}, danger", share_of(levels, {Level.DANGER})
            yield f"{source}, {severity}, {by}, either", share_of(levels, set(Level))


def weigh_scores(heard: Heard | None, scores: Scores, card: Card) -> Level | None:
    """Say which level counts where phrases heard this and the listener gives these scores."""
    level = card.begins_where(heard.level if heard else None).level_of(scores)
    counts = weigh_heard(heard, level) if heard else None
    return counts.level if counts else level


def share_of(levels: Sequence[Level | None], wanted_levels: Container[Level | None]) -> float:
    """Give the share of messages that are heard at one of these levels."""
    return round(sum(level in wanted_levels for level in levels) / len(levels), 4)
