"""Say whether anything of ours fits what somebody typed; its numbers, and how they were made, are in fits.json."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from core.local_offer.nearness import Near
from core.local_offer.search import Said

MOST_POINTS = 2.0
"""More points of words than these count no more."""
ONE_WORD = 0.85
"""Somebody who types one word and no other ("lego") is asking for that, when it has as many points."""
CLEAR_DESCRIPTION = 0.55
"""A description that lies as near as this fits, whatever else does."""
DANGERS = frozenset({"very hard feelings", "not safe", "emergency"})
LIKELY_DANGER = 0.35
"""The share of the dangers among the needs from which on danger is likely."""
CLEARLY_HEARD = 1.0
"""A danger is heard in the words when a telling word of it was."""


class Decision(BaseModel):
    """A logistic regression: how likely it is that something fits, and from how likely on we say so.

    `made` says how the numbers were made and how well they did; nothing reads it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lead: float
    points: float
    all_understood: float
    start: float
    fits_from: float
    made: Mapping[str, Any]

    def likelihood(self, evidence: Sequence[tuple[float, float, float]]) -> NDArray[np.float64]:
        """Say how likely it is that something fits (0 to 1), for each row of `Evidence.numbers`."""
        weights = np.array([self.lead, self.points, self.all_understood])
        likely: NDArray[np.float64] = 1 / (1 + np.exp(-(np.array(evidence) @ weights + self.start)))
        return likely


DECISION = Decision.model_validate_json(Path(__file__).with_name("fits.json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for something fitting.

    `lead` says how much nearer a need lies than what no Local Offer is about (-1 to 1), `points` what the words come
    to, `all_understood` that every telling word was. `is_clear` and `is_danger` settle it alone.
    """

    lead: float
    points: float
    all_understood: bool
    is_clear: bool
    is_danger: bool

    @property
    def numbers(self) -> tuple[float, float, float]:
        """Return what is weighed, in the order of `Decision`."""
        return self.lead, self.points, float(self.all_understood)


def evidence_of(said: Said, near: Near) -> Evidence:
    """Put together what the words and the meaning say."""
    scores = said.scores.values()
    understood = any(score.share == 1 and score.points >= ONE_WORD for score in scores)
    named = any(score.named for score in scores)
    return Evidence(
        lead=near.lead,
        points=min(max((score.points for score in scores), default=0.0), MOST_POINTS),
        all_understood=understood,
        is_clear=named or (understood and said.words == 1) or near.description >= CLEAR_DESCRIPTION,
        is_danger=is_danger_likely(said, near),
    )


def is_danger_likely(said: Said, near: Near) -> bool:
    """Danger is likely when it is heard in the words, or when what was meant lies nearest to it."""
    if any(said.needs.get(danger, 0.0) >= CLEARLY_HEARD for danger in DANGERS):
        return True
    return sum(near.needs.get(danger, 0.0) for danger in DANGERS) >= LIKELY_DANGER


def is_fitting(evidence: Evidence, decision: Decision = DECISION) -> bool:
    """Something fits when it is likely enough; and always where it is clear, or where danger is likely."""
    if evidence.is_danger or evidence.is_clear:
        return True
    return bool(decision.likelihood([evidence.numbers])[0] >= decision.fits_from)
