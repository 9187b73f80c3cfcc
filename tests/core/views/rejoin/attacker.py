"""Who holds backups of both databases, and no key, tries to say which views are of which conversation.

Nothing here knows our tables by name, apart from where conversations are listed: every column of either store is
a feature. A feature is compared with every other by rank (longest with longest), by rare value (what only few
have, with what only few have) and by equal value; within what changed between two backups, and within a channel.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]
"""A store as it lies on the disk: each table's rows in physical order."""

FEW = 10
SHORTEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Step:
    """What a thief of backups sees of one batch: both stores before it and after it."""

    service_before: Tables
    service_after: Tables
    views_before: Tables
    views_after: Tables


@dataclass(slots=True)
class Tried:
    """One way of joining: what it claimed (rows of a group, and a conversation), and what guessing would hit."""

    claims: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    by_chance: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the views store that are taken to be of one person."""

    rows: tuple[str, ...]
    channel: str | None
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation that may have said what left in a batch."""

    id: str
    channel: str | None
    features: Mapping[str, float]


def attack(steps: Sequence[Step], rng: Random) -> dict[str, Tried]:
    """Try everything, and add up by way of joining over all steps."""
    tried: dict[str, Tried] = defaultdict(Tried)
    for step in steps:
        candidates = _candidates(step)
        if not candidates:
            continue
        for kind, groups in _groupings(_new_rows(step)):
            for part, some, those in _parts(groups, candidates):
                _by_feature(tried, f"{kind} / {part}", some, those, rng)
    for name, claims in _equal_names(steps[-1]).items():
        tried[name].claims += claims
        tried[name].by_chance += len(claims) / max(1, len(_conversations(steps[-1].service_after)))
    return tried


def _by_feature(
    tried: dict[str, Tried], name: str, groups: Sequence[Group], those: Sequence[Candidate], rng: Random
) -> None:
    """Pair by every two features: all by rank, and only the few at either end."""
    ranked_groups = {each: _ranked(groups, each, rng) for each in _varying(groups)}
    ranked_those = {each: _ranked(those, each, rng) for each in _varying(those)}
    for ours, order in ranked_groups.items():
        for theirs, others in ranked_those.items():
            for way, a, b in _pairings(order, others):
                one = tried[f"{name} / {way}: {ours} ~ {theirs}"]
                one.claims += [(group.rows, who.id) for group, who in zip(a, b, strict=False)]
                one.by_chance += min(len(a), len(b)) / len(those)


def _pairings(groups: Sequence[Group], those: Sequence[Candidate]) -> Iterator[tuple[str, Any, Any]]:
    if len(groups) == len(those):
        yield "all by rank", groups, those
    yield "the first few", groups[:FEW], those[:FEW]
    yield "the last few", groups[::-1][:FEW], those[::-1][:FEW]


def _ranked(each: Sequence[Any], feature: str, rng: Random) -> list[Any]:
    """Sort by a feature, largest first; what is equal stands in random order."""
    shuffled = rng.sample(list(each), len(each))
    return sorted(shuffled, key=lambda one: -one.features.get(feature, 0.0))


def _varying(each: Sequence[Any]) -> list[str]:
    values: dict[str, set[float]] = defaultdict(set)
    for one in each:
        for name, value in one.features.items():
            values[name].add(value)
    return sorted(name for name, found in values.items() if len(found) > 1)


def _parts(
    groups: Sequence[Group], candidates: Sequence[Candidate]
) -> Iterator[tuple[str, list[Group], list[Candidate]]]:
    """All of them, and those of each channel that both sides name."""
    yield "all", list(groups), list(candidates)
    for channel in sorted({group.channel for group in groups if group.channel}):
        some = [group for group in groups if group.channel == channel]
        those = [each for each in candidates if each.channel == channel]
        if some and those:
            yield "by channel", some, those


# What the views store shows ------------------------------------------------------------------------------


def _new_rows(step: Step) -> list[Row]:
    """The rows that came or changed with this batch, each with its place on the disk and its table."""
    before = {(table, _key(row)): row for table, rows in step.views_before.items() for row in rows}
    new = []
    for table, rows in step.views_after.items():
        for place, row in enumerate(rows):
            if before.get((table, _key(row))) != row:
                new.append({**row, "#table": table, "#place": place})
    return new


def _groupings(rows: Sequence[Row]) -> Iterator[tuple[str, list[Group]]]:
    """Each row alone; and the rows that share a value of some column, which may be one person's."""
    rarities = _rarities(rows)
    yield "row", [_group([row], rarities) for row in rows]
    for column in sorted({name for row in rows for name in row if not name.startswith("#")}):
        shared: dict[Any, list[Row]] = defaultdict(list)
        for row in rows:
            if isinstance(row.get(column), str | bytes):
                shared[row[column]].append(row)
        if FEW < len(shared) < len(rows):
            yield f"rows of one {column}", [_group(each, rarities) for each in shared.values()]


def _rarities(rows: Sequence[Row]) -> dict[str, Counter[Any]]:
    counted: dict[str, Counter[Any]] = defaultdict(Counter)
    for row in rows:
        for name, value in row.items():
            counted[name][_plain(value)] += 1
    return counted


def _group(rows: Sequence[Row], rarities: Mapping[str, Counter[Any]]) -> Group:
    features: dict[str, float] = {"rows": len(rows)}
    for row in rows:
        for name, value in row.items():
            for said, number in _numbers(name, value):
                features[said] = max(features.get(said, 0.0), number)
            rare = f"rarity of {name}"
            features[rare] = max(features.get(rare, 0.0), 1 / rarities[name][_plain(value)])
    channels = {row.get("channel") for row in rows if row.get("channel")}
    return Group(
        tuple(f"{row['#table']}:{_key(row)}" for row in rows),
        channels.pop() if len(channels) == 1 else None,
        features,
    )


# What the service store shows ----------------------------------------------------------------------------


def _candidates(step: Step) -> list[Candidate]:
    """The conversations of which something besides messages changed with the batch: they took part in it."""
    changed = _touched(step.service_before) ^ _touched(step.service_after)
    ids = {conversation for conversation, _ in changed}
    features = _features_of_conversations(step.service_before)
    listed = {row["id"]: row for row in _conversations(step.service_before)}
    return [Candidate(each, str(listed[each]["channel"]), features[each]) for each in sorted(ids)]


def _touched(service: Tables) -> set[tuple[str, int]]:
    """Everything that hangs on a conversation, as (conversation, hash of the row)."""
    return {
        (row["conversation_id"], hash((table, *sorted((k, _plain(v)) for k, v in row.items()))))
        for table, rows in service.items()
        for row in rows
        if row.get("conversation_id")
    }


def _features_of_conversations(service: Tables) -> dict[str, dict[str, float]]:
    """Count, measure and place all that hangs on each conversation, directly or through its rows."""
    owner = _owners(service)
    features: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for table, rows in service.items():
        for place, row in enumerate(rows):
            named = (owner[value] for value in row.values() if isinstance(value, str) and value in owner)
            whose = next(named, None)
            if whose is not None:
                _add(features[whose], table, place, row)
    return features


def _owners(service: Tables) -> dict[str, str]:
    """Say which conversation each id in the store belongs to."""
    owner = {row["id"]: row["id"] for row in _conversations(service)}
    owner |= {row["contact_id"]: row["id"] for row in _conversations(service) if row.get("contact_id")}
    for rows in service.values():
        owner |= {
            row["id"]: row["conversation_id"] for row in rows if row.get("conversation_id") and "id" in row
        }
    return owner


def _add(features: dict[str, float], table: str, place: int, row: Row) -> None:
    features[f"{table}: rows"] += 1
    features[f"{table}: place"] = place
    for name, value in row.items():
        for said, number in _numbers(f"{table}.{name}", value):
            features[f"most {said}"] = max(features[f"most {said}"], number)
            features[f"all {said}"] += number
        if isinstance(value, str) and len(value) < SHORTEST_NAME * 2:
            features[f"{table}.{name} is {value}"] += 1


def _conversations(service: Tables) -> Sequence[Row]:
    return service["conversations"]


# What both show ------------------------------------------------------------------------------------------


def _equal_names(step: Step) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Claim whatever stands in both stores, as it is, or hashed without a key."""
    seen: dict[Any, str] = {}
    for rows in step.service_after.values():
        for row in rows:
            whose = row.get("conversation_id") or row.get("id")
            for value in row.values():
                for written in _writings(value):
                    seen.setdefault(written, str(whose))
    claims: list[tuple[tuple[str, ...], str]] = [
        ((f"{table}:{_key(row)}",), seen[written])
        for table, rows in step.views_after.items()
        for row in rows
        for name, value in row.items()
        if name not in {"period", "measure", "area", "channel", "district"}
        for written in _writings(value)
        if written in seen
    ]
    return {"the same value in both stores": claims}


def _writings(value: Any) -> Iterator[Any]:
    if isinstance(value, str | bytes) and len(value) >= SHORTEST_NAME:
        raw = value.encode() if isinstance(value, str) else value
        yield raw
        for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            yield digest(raw).hexdigest().encode()
            yield digest(raw).hexdigest()[:32].encode()


def _numbers(name: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, datetime):
        yield name, value.timestamp()
    elif isinstance(value, bool | int | float):
        yield name, float(value)
    elif isinstance(value, str | bytes):
        yield f"length of {name}", float(len(value))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, dict | list) else value


def _key(row: Row) -> str:
    return str(row.get("id") or row.get("tag") or sorted((k, str(v)) for k, v in row.items()))


def beyond_chance(hits: int, by_chance: float, ways: int) -> bool:
    """Say whether so many hits are no luck: a Poisson tail under 1 in 1,000 for all ways of joining together."""
    tail = 1.0 - sum(math.exp(-by_chance) * by_chance**n / math.factorial(n) for n in range(min(hits, 150)))
    return hits > by_chance and tail < 1e-3 / max(ways, 1)
