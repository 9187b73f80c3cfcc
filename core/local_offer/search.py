"""Find help by what a young person says they need, in their own words and spelling."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.local_offer.directory import Directory, Entry, ServiceId, is_unchecked
from core.local_offer.phrases import (
    MOST_WORDS,
    Heard,
    heard,
    index_of,
    telling_places,
    understand,
    words_of,
)

FIRST_NEED, SECOND_NEED, THIRD_NEED, LATER_NEED = 1.0, 0.85, 0.75, 0.65
"""How well a service fits a need, by the place of the need in the service's own list."""
KEYWORD, NAME, DESCRIPTION = 0.9, 2.0, 0.4
"""How well a phrase of the entry's own fits: a keyword, its name, a rare word of its description."""
ALSO = 0.3
"""What a further match adds to the best one."""
ALSO_WORD = 0.5
"""What each further word adds to a need that was heard in more than one way."""
UNSURE = 0.9
"""What is left for a service that is not checked."""
PERHAPS_NOT_FOR_THEM = 0.75
"""What is left for one district's or adults' service, when the district or the age is not known."""
FOR_PARENTS = 0.4
"""What is left for a service that is for parents, when nobody spoke of parents."""
PARENTS_NEED = "family help"
ADULT = 18
LEAST_POINTS = 0.7
"""One word that only hints, or a far-off match, is not enough, unless every telling word was understood."""
LEAST_SHARE, LEAST_SHARE_BY_DESCRIPTION = 0.2, 0.5
"""The share of the telling words that must have been understood, or else nothing fits."""


@dataclass(slots=True)
class Score:
    """How well one entry fits: its best match, what adds to it, and which words it rests on."""

    best: float = 0.0
    also: float = 0.0
    places: set[int] = field(default_factory=set)
    described_only: bool = True
    named: bool = False
    """Whether its name was said."""
    share: float = 0.0
    """The share of the telling words that were understood, from 0 to 1."""

    @property
    def points(self) -> float:
        """Return the whole score; a service that fits twice stands above one that fits once."""
        return self.best + ALSO * self.also

    def add(self, points: float, places: frozenset[int], *, description: bool = False) -> None:
        """Count one more match."""
        self.also += min(points, self.best)
        self.best = max(self.best, points)
        self.places.update(places)
        self.described_only = self.described_only and description


@dataclass(frozen=True, slots=True)
class Said:
    """What the words say: how well each entry fits, how clearly each need was heard, and how many words there are."""

    scores: Mapping[ServiceId, Score]
    needs: Mapping[str, float]
    words: int


def find_services(
    directory: Directory, need: str, *, age: int | None = None, district: str | None = None, limit: int = 3
) -> list[Entry]:
    """Give the entries that fit best, best first; an empty list says that nothing fits.

    `age` in years and `district` (`is_for`) leave out what is not for them; None is not known and leaves nothing
    out. The same question always gets the same answer: equal scores are settled by what is checked, what can
    be reached, what is made for the fewest ages, and the name.
    """
    ranked = [
        (
            score.points * likelihood(directory.entries[one], age=age, district=district),
            directory.entries[one],
        )
        for one, score in hear_words(directory, need).scores.items()
        if is_for(directory.entries[one], age=age, district=district)
    ]
    ranked.sort(key=lambda found: (-round(found[0], 6), *_ties(found[1])))
    return [entry for _, entry in ranked[:limit]]


def is_for(entry: Entry, *, age: int | None, district: str | None) -> bool:
    """Say whether an entry is for this age and district; what is not known (None) rules nothing out.

    A district may be its name or its id in the area file: "Malvern Hills" and "malvern-hills" are the same.
    """
    if age is not None and entry.min_age is not None and age < entry.min_age:
        return False
    if age is not None and entry.max_age is not None and age > entry.max_age:
        return False
    return district is None or not entry.districts or _plain(district) in set(map(_plain, entry.districts))


def _plain(place: str) -> str:
    return place.casefold().replace("-", " ")


def hear_words(directory: Directory, need: str) -> Said:
    """Score every entry that the words fit, whoever it is for: what `find_services` ranks, and why."""
    index, words = index_of(directory), directory.words
    said = words_of(need, words)[:MOST_WORDS]
    telling = telling_places(said, words)
    understood = understand(said, index, words)
    needs = _heard_needs(heard(index.needs, understood), telling)
    scores: dict[ServiceId, Score] = {}
    for entry in directory:
        for place, name in enumerate(entry.needs):
            if name in needs:
                weight, places = needs[name]
                scores.setdefault(entry.id, Score()).add(weight * _fit(place), places)
    for phrases, fit in ((index.keywords, KEYWORD), (index.names, NAME), (index.descriptions, DESCRIPTION)):
        for match in heard(phrases, understood):
            score = scores.setdefault(ServiceId(match.phrase.means), Score())
            score.add(match.phrase.weight * fit, match.places, description=fit == DESCRIPTION)
            score.named = score.named or fit == NAME
    if PARENTS_NEED not in needs:
        _put_back(directory, scores)
    clearly = {name: clear for name, (clear, _) in needs.items()}
    return Said(dict(_understood_enough(scores, telling)), clearly, len(said))


def _heard_needs(
    matches: Iterator[Heard], telling: frozenset[int]
) -> dict[str, tuple[float, frozenset[int]]]:
    """Give each need that was heard, how clearly (its best phrase, and each further word) and where."""
    by_need: dict[str, list[Heard]] = {}
    for match in matches:
        by_need.setdefault(match.phrase.means, []).append(match)
    needs: dict[str, tuple[float, frozenset[int]]] = {}
    for name, found in by_need.items():
        best = max(found, key=lambda match: match.phrase.weight)
        everywhere = frozenset().union(*(match.places for match in found))
        needs[name] = best.phrase.weight + ALSO_WORD * len((everywhere & telling) - best.places), everywhere
    return needs


def likelihood(entry: Entry, *, age: int | None, district: str | None) -> float:
    """Say how far to lower an entry that is unsure, or perhaps not for somebody of whom little is known."""
    likely = UNSURE if is_unchecked(entry) else 1.0
    if district is None and entry.districts:
        likely *= PERHAPS_NOT_FOR_THEM
    if age is None and entry.audience is None and entry.min_age is not None and entry.min_age >= ADULT:
        likely *= PERHAPS_NOT_FOR_THEM
    return likely


def _fit(place: int) -> float:
    return (FIRST_NEED, SECOND_NEED, THIRD_NEED, LATER_NEED)[min(place, 3)]


def _put_back(directory: Directory, scores: dict[ServiceId, Score]) -> None:
    for one, score in scores.items():
        if directory.entries[one].audience is not None:
            score.best, score.also = score.best * FOR_PARENTS, score.also * FOR_PARENTS


def _understood_enough(
    scores: dict[ServiceId, Score], telling: frozenset[int]
) -> Iterator[tuple[ServiceId, Score]]:
    for one, score in scores.items():
        score.share = len(score.places) / len(telling | score.places)
        if _is_understood_enough(score):
            yield one, score


def _is_understood_enough(score: Score) -> bool:
    if score.points < LEAST_POINTS and score.share < 1:
        return False
    return score.share >= (LEAST_SHARE_BY_DESCRIPTION if score.described_only else LEAST_SHARE)


def _ties(entry: Entry) -> tuple[bool, bool, int, str]:
    reachable = bool(entry.phones or entry.text or entry.url or entry.email)
    oldest = 99 if entry.max_age is None else entry.max_age
    return is_unchecked(entry), not reachable, oldest - (entry.min_age or 0), entry.name
