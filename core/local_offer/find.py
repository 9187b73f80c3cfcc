"""Find help: what the words say and what they mean, put together; or say that nothing fits."""

from collections.abc import Iterator, Mapping

from core.local_offer.directory import Directory, Entry, ServiceId, is_crisis
from core.local_offer.fits import DECISION, MOST_POINTS, Decision, evidence_of, is_fitting
from core.local_offer.nearness import Near, Nearness
from core.local_offer.phrases import is_telling, spelt
from core.local_offer.search import PARENTS_NEED, Score, find_services, hear_words, is_for, likelihood

WORDS = 0.12
"""What the points of the words count beside the meaning."""
ALIKE = 0.25
"""What an entry loses to one that stands above it for the same needs: three ways to turn are better than one."""
FOR_PARENTS = 0.8
"""What is left for a service for parents when parents were not spoken of."""
LEAST_OF_BEST = 0.3
"""Entries with a smaller share of the best one's points are not shown beside it."""
Ranked = list[tuple[float, Entry]]


def find_help(
    directory: Directory,
    need: str,
    *,
    age: int | None = None,
    district: str | None = None,
    limit: int = 3,
    nearness: Nearness | None = None,
    decision: Decision = DECISION,
) -> list[Entry]:
    """Give the entries that fit best, best first; an empty list says that nothing fits, which `decision` decides.

    `age` in years and `district` leave out what is not for them; None is not known and leaves nothing out. Without
    `nearness` the words alone are looked at. The same question always gets the same answer.
    """
    if nearness is None:
        return find_services(directory, need, age=age, district=district, limit=limit)
    said = hear_words(directory, need)
    if not said.scores and not is_telling(need, directory):
        return []
    near = nearness.near(*spelt(need, directory))
    evidence = evidence_of(said, near)
    if not is_fitting(evidence, decision):
        return []
    ranked = [
        (points * likelihood(entry, age=age, district=district), entry)
        for entry, points in _points(directory, said.scores, near)
        if is_for(entry, age=age, district=district)
    ]
    ranked.sort(key=_best_first)
    picked = _pick(ranked, limit)
    return _with_a_crisis_line(picked, ranked) if evidence.is_danger else picked


def _best_first(ranked: tuple[float, Entry]) -> tuple[float, str]:
    points, entry = ranked
    return -round(points, 6), entry.name


def _points(
    directory: Directory, said: Mapping[ServiceId, Score], near: Near
) -> Iterator[tuple[Entry, float]]:
    of_parents = max(near.needs, key=lambda need: near.needs[need]) == PARENTS_NEED
    for entry in directory:
        points = near.entries[entry.id]
        if entry.id in said:
            points += WORDS * min(said[entry.id].points, MOST_POINTS)
        yield entry, points * (FOR_PARENTS if entry.audience is not None and not of_parents else 1.0)


def _pick(ranked: Ranked, limit: int) -> list[Entry]:
    """Take the best, then the next best for something else too, while they are not far behind."""
    picked: list[Entry] = []
    left = list(ranked)
    while left and len(picked) < limit:
        best = max(left, key=lambda each: each[0])
        if picked and best[0] < LEAST_OF_BEST * ranked[0][0]:
            break
        picked.append(best[1])
        left = [(points * _otherness(entry, best[1]), entry) for points, entry in left if entry != best[1]]
    return picked


def _otherness(entry: Entry, above: Entry) -> float:
    shared = len(set(entry.needs) & set(above.needs))
    return 1 - ALIKE * shared / max(1, len(entry.needs))


def _with_a_crisis_line(picked: list[Entry], ranked: Ranked) -> list[Entry]:
    """Let the last make room for help in danger, when no such help is among them."""
    if not picked or any(map(is_crisis, picked)):
        return picked
    crisis = next((entry for _, entry in ranked if is_crisis(entry)), None)
    return picked if crisis is None else [*picked[: max(1, len(picked) - 1)], crisis]
