"""Find help: what the words say and what they mean, put together; or say that nothing fits."""

from collections.abc import Iterator, Mapping

from core.local_offer.directory import Directory, Entry, ServiceId, is_crisis
from core.local_offer.nearness import Near, Nearness
from core.local_offer.phrases import is_telling, spelt
from core.local_offer.search import PARENTS_NEED, Score, find_services, is_for, likelihood, score_entries

LEAST_LEAD = 0.0
"""How much nearer a need must lie than what no Local Offer is about; below 0: it may lie a little further."""
LEAST_LEAD_WITH_WORDS = -0.04
"""The same where words were understood as well."""
WORDS = 0.12
"""What the points of the words count beside the meaning."""
MOST_POINTS = 2.0
"""More points of words than these count no more."""
SURE_POINTS = 1.9
"""So many points (a name, or two telling words) need no meaning beside them."""
ONE_WORD = 0.85
"""As many need none where every telling word was understood: "lego"."""
CLEAR_DESCRIPTION = 0.55
"""A description that lies as near as this fits, whatever else does."""
ALIKE = 0.25
"""What an entry loses to one that stands above it for the same needs: three ways to turn are better than one."""
FOR_PARENTS = 0.8
"""What is left for a service for parents when parents were not spoken of."""
LEAST_OF_BEST = 0.3
"""Entries with a smaller share of the best one's points are not shown beside it."""
DANGERS = frozenset({"very hard feelings", "not safe", "emergency"})
LIKELY_DANGER = 0.5

Ranked = list[tuple[float, Entry]]


def find_help(
    directory: Directory,
    need: str,
    *,
    age: int | None = None,
    district: str | None = None,
    limit: int = 3,
    nearness: Nearness | None = None,
) -> list[Entry]:
    """Give the entries that fit best, best first; an empty list says that nothing fits.

    `age` in years and `district` leave out what is not for them; None is not known and leaves nothing out. Without
    `nearness` the words alone are looked at. The same question always gets the same answer.
    """
    if nearness is None:
        return find_services(directory, need, age=age, district=district, limit=limit)
    said = score_entries(directory, need)
    if not said and not is_telling(need, directory):
        return []
    near = nearness.near(*spelt(need, directory))
    if not is_near_enough(said, near):
        return []
    ranked = [
        (points * likelihood(entry, age=age, district=district), entry)
        for entry, points in _points(directory, said, near)
        if is_for(entry, age=age, district=district)
    ]
    ranked.sort(key=_best_first)
    return _with_a_crisis_line(_pick(ranked, limit), ranked, near)


def is_near_enough(said: Mapping[ServiceId, Score], near: Near) -> bool:
    """Say whether anything fits: by a need that lies near, by words, or by a description that is very near."""
    points = max((score.points for score in said.values()), default=0.0)
    if points >= SURE_POINTS or near.description >= CLEAR_DESCRIPTION:
        return True
    if any(score.share == 1 and score.points >= ONE_WORD for score in said.values()):
        return True
    return near.lead >= (LEAST_LEAD_WITH_WORDS if points else LEAST_LEAD)


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


def _with_a_crisis_line(picked: list[Entry], ranked: Ranked, near: Near) -> list[Entry]:
    """Let the last make room for help in danger, when danger is likely and no such help is among them."""
    is_likely = sum(near.needs[danger] for danger in DANGERS & near.needs.keys()) >= LIKELY_DANGER
    if not picked or not is_likely or any(map(is_crisis, picked)):
        return picked
    crisis = next((entry for _, entry in ranked if is_crisis(entry)), None)
    return picked if crisis is None else [*picked[: max(1, len(picked) - 1)], crisis]
