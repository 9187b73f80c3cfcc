"""Who said it and what was said never meet: an attacker with both databases, and without keys, tries to join them.

The same attacker is let loose on four weaker stores, to see that it would find what is there to be found.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest

from tests.core.views.rejoin.attacker import Row, Step, Tables, Tried, attack, beyond_chance
from tests.core.views.rejoin.world import Term
from tests.stores import Stores

Weaken = Callable[[Term, Row], Row]


@pytest.fixture
async def term(stores: Stores) -> Term:
    played = Term(stores, Random(7))
    await played.play()
    return played


async def test_nobody_of_1200_is_joined_to_what_they_said(term: Term) -> None:
    """One thing is left, and written down in docs/data-protection.md.

    The last questions of a set are answered only by those who wrote much. So an answer to one is by one of the
    few who wrote as much, in its batch: fewer than one claim in three is right, and none is certain.
    """
    assert len(term.tags) == len(term.steps[-1].views_after["people"]) == 1200
    found = _found(term, term.steps)
    assert [name for name in found if not _is_known(name)] == []
    assert all(hits < claims / 3 for hits, claims, _ in found.values())


def _one_name(term: Term, row: Row) -> Row:
    """As if every view carried its person's one tag: counting rows then tells whose it is."""
    return {**row, "person": term.tags[term.owner_of(row) or ""]} if "person" in row else row


def _minute(term: Term, row: Row) -> Row:
    """As if a view kept the minute in which it was said."""
    return {**row, "at": term.began[term.owner_of(row) or ""].timestamp()}


def _equal_name(term: Term, row: Row) -> Row:
    """As if a person's name were made from their conversation's id without a key."""
    return {**row, "conversation": term.owner_of(row)}


def _true_length(term: Term, row: Row) -> Row:
    """As if texts took the room that they need."""
    if row.get("sealed_text") is None:
        return row
    return {**row, "sealed_text": b"x" * term.longest[term.owner_of(row) or ""]}


@pytest.mark.parametrize("weaken", [_one_name, _minute, _equal_name, _true_length])
async def test_the_attacker_finds_what_a_weaker_store_gives_away(
    sqlite_stores: Stores, weaken: Weaken
) -> None:
    term = Term(sqlite_stores, Random(7))
    await term.play(400)
    weak = [_weakened(term, step, weaken) for step in term.steps]
    found = _found(term, weak)
    assert any(not _is_known(name) for name in found)


async def test_a_store_in_the_order_of_talking_is_caught(sqlite_stores: Stores) -> None:
    term = Term(sqlite_stores, Random(7))
    await term.play(400)

    def in_order(views: Tables) -> Tables:
        return {
            name: sorted(rows, key=lambda row: term.began[term.owner_of(row) or ""])
            if _is_held(rows)
            else rows
            for name, rows in views.items()
        }

    ordered = [replace(step, views_after=in_order(step.views_after)) for step in term.steps]
    assert any("#place" in name for name in _found(term, ordered))


def _is_known(name: str) -> bool:
    """How much somebody wrote shows in the service store, where every message is a row; how rare a measure is, here."""
    ours, _, theirs = name.partition(" ~ ")
    return "rarity of measure" in ours and (
        "messages" in theirs or "next_seq" in theirs or "outbox" in theirs
    )


def _found(term: Term, steps: Sequence[Step]) -> dict[str, tuple[int, int, float]]:
    """The ways of joining that hit beyond chance: hits, claims, and what guessing would have hit."""
    tried = attack(steps, Random(1))
    scores = {name: (_hits(term, one), len(one.claims), one.by_chance) for name, one in tried.items()}
    return {
        name: score for name, score in scores.items() if beyond_chance(score[0], score[2], ways=len(scores))
    }


def _hits(term: Term, tried: Tried) -> int:
    return sum(
        all(term.row_owner(each) == conversation for each in group) for group, conversation in tried.claims
    )


def _weakened(term: Term, step: Step, weaken: Weaken) -> Step:
    def weak(views: Tables) -> Tables:
        return {
            name: [weaken(term, row) for row in rows] if _is_held(rows) else rows
            for name, rows in views.items()
        }

    def at_true_length(service: Tables) -> Tables:
        if weaken is not _true_length:
            return service
        return {**service, "messages": [term.unpadded(row) for row in service["messages"]]}

    return replace(
        step,
        service_before=at_true_length(step.service_before),
        service_after=at_true_length(step.service_after),
        views_before=weak(step.views_before),
        views_after=weak(step.views_after),
    )


def _is_held(rows: Sequence[Row]) -> bool:
    return bool(rows) and ("person" in rows[0] or "tag" in rows[0])
