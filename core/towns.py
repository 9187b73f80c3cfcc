"""Where a town is that somebody typed, misspelt or in a sentence: its district, or somewhere else."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA

from core.area_file import Area, plain

ELSEWHERE = "elsewhere"
"""The answer for places that are in no district of this council."""

LONGEST_SENTENCE = 12
"""Words. What is longer is something to say, and no answer to where somebody lives."""
SHORTEST_MISSPELT = 6
"""Letters. A shorter name with a slip is too often another word."""
CLOSE = 0.78
CLEARLY_CLOSER = 0.1


def find_town(area: Area, text: str) -> str | None:
    """Return the district that words name, or "elsewhere"; None when they name none, or several."""
    words = plain("".join(each if each.isalnum() or each in "-'" else " " for each in text)).split()
    if not words or len(words) > LONGEST_SENTENCE:
        return None
    named = _named(words, dict(_names(area)))
    if named:
        return named.pop() if len(named) == 1 else None
    return _closest(words, area)


def _names(area: Area) -> Iterator[tuple[str, str]]:
    for district in area.districts:
        for name in (*district.towns, district.name):
            yield plain(name), district.id
    for name in area.elsewhere:
        yield plain(name), ELSEWHERE


def _named(words: list[str], names: dict[str, str]) -> set[str]:
    """Give where the names in the words are; the longest name counts ("Great Malvern", "outside Worcester")."""
    found, left = set(), list(words)
    for length in range(max(len(name.split()) for name in names), 0, -1):
        place = 0
        while place + length <= len(left):
            where = names.get(" ".join(left[place : place + length]))
            if where is not None:
                found.add(where)
                left[place : place + length] = ["/"]
            place += 1
    return found


def _closest(words: list[str], area: Area) -> str | None:
    """Give where the one name is that is a slip away from some of the words."""
    scores: dict[str, float] = {}
    for name, where in _names(area):
        length = len(name.split())
        for place in range(len(words) - length + 1):
            said = " ".join(words[place : place + length])
            scores[where] = max(scores.get(where, 0.0), _likeness(said, name))
    best = sorted(scores, key=lambda where: scores[where], reverse=True)
    if scores[best[0]] < CLOSE or scores[best[0]] - scores[best[1]] < CLEARLY_CLOSER:
        return None
    return best[0]


def _likeness(said: str, name: str) -> float:
    """From 0 to 1; people slip inside a word, seldom on its first letter."""
    if min(len(said), len(name)) < SHORTEST_MISSPELT or said[0] != name[0]:
        return 0.0
    return OSA.normalized_similarity(said, name)
