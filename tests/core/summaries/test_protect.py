"""k-leaves: SAFETY-AND-PRIVACY.md section 3, point 3."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.summaries.numbers import NOT_BROKEN_DOWN, Leaf, Path, Split
from core.summaries.protect import Group, Tally, choose_pool, is_publishable, make_leaves
from tests.core.summaries.tallies import SPLITS, parts_of, tally, whole, worlds

K = 10
ONE = SPLITS[:1]


def leaves_by_answer(*splits: Split, k: int = K, **people: int) -> dict[str, int]:
    told = Tally.of({(answer,): count for answer, count in people.items()})
    return {leaf.path[0]: leaf.people for leaf in make_leaves(told, splits or ONE, k=k)}


def test_categories_with_enough_people_stand_alone() -> None:
    assert leaves_by_answer(good=10, middle=11, bad=12) == {"good": 10, "middle": 11, "bad": 12}


def test_small_categories_are_pooled() -> None:
    splits = Split("answer", ("good", "middle", "bad", "unsure"))
    assert leaves_by_answer(splits, good=40, middle=7, bad=8, unsure=0) == {"good": 40, NOT_BROKEN_DOWN: 15}


def test_a_small_group_is_never_left_alone_beside_a_large_one() -> None:
    assert leaves_by_answer(Split("answer", ("yes", "no")), yes=40, no=4) == {NOT_BROKEN_DOWN: 44}


def test_nobody_is_a_small_group_too() -> None:
    assert leaves_by_answer(good=20, middle=20, bad=0) == {NOT_BROKEN_DOWN: 20 + 0, "middle": 20}


def test_the_one_that_merges_in_is_found_by_its_place_and_not_by_its_size() -> None:
    assert leaves_by_answer(good=3, middle=50, bad=12) == {NOT_BROKEN_DOWN: 53, "bad": 12}
    assert leaves_by_answer(good=3, middle=12, bad=50) == {NOT_BROKEN_DOWN: 15, "bad": 50}


def test_the_search_for_the_one_that_merges_in_wraps_round() -> None:
    assert leaves_by_answer(good=30, middle=20, bad=4) == {NOT_BROKEN_DOWN: 34, "middle": 20}


def test_ten_ten_and_one_give_nothing_away() -> None:
    assert leaves_by_answer(good=10, middle=10, bad=1) == {NOT_BROKEN_DOWN: 11, "middle": 10}


def test_a_pool_in_which_everyone_is_certain_to_be_somebody_takes_a_good_one_in() -> None:
    assert leaves_by_answer(good=40, middle=9, bad=9) == {NOT_BROKEN_DOWN: 58}


def test_a_pool_in_which_each_could_be_nobody_stays_as_it_is() -> None:
    splits = Split("answer", ("good", "middle", "bad", "unsure"))
    assert leaves_by_answer(splits, good=40, middle=9, bad=9, unsure=0) == {"good": 40, NOT_BROKEN_DOWN: 18}


def test_a_measure_with_too_few_people_has_no_leaf_at_all() -> None:
    assert leaves_by_answer(good=5, middle=4, bad=0) == {}


def test_a_good_answer_is_broken_down_by_district_and_a_pool_is_not() -> None:
    answer = Split("answer", ("good", "middle", "bad", "unsure"))
    people: dict[Path, int] = {
        ("good", "Redditch"): 20,
        ("good", "Worcester"): 21,
        ("good", "Wychavon"): 22,
        ("middle", "Redditch"): 7,
        ("bad", "Worcester"): 8,
    }
    leaves = make_leaves(Tally.of(people), (answer, SPLITS[1]), k=K)
    assert {leaf.path: leaf.people for leaf in leaves} == {
        ("good", "Redditch"): 20,
        ("good", "Worcester"): 21,
        ("good", "Wychavon"): 22,
        (NOT_BROKEN_DOWN, NOT_BROKEN_DOWN): 15,
    }


def test_a_person_in_an_unknown_category_is_refused() -> None:
    with pytest.raises(ValueError, match="no category of answer"):
        leaves_by_answer(happy=20)


def test_a_theme_needs_as_many_people_around_it_as_in_it() -> None:
    area = Tally.of({("good",): 30, ("middle",): 30, ("bad",): 30})
    theme = Tally.of({("good",): 12, ("middle",): 12, ("bad",): 25})
    leaves = {leaf.path[0]: leaf.people for leaf in make_leaves(theme, ONE, k=K, wider=area)}
    assert leaves == {NOT_BROKEN_DOWN: 37, "middle": 12}


def test_a_theme_that_all_but_a_few_spoke_of_has_no_leaf_at_all() -> None:
    area = Tally.of({("good",): 30})
    assert make_leaves(Tally.of({("good",): 21}), ONE, k=K, wider=area) == ()


@given(worlds())
def test_every_leaf_has_at_least_k_people(people: dict[Path, int]) -> None:
    assert all(leaf.people >= K for leaf in make_leaves(tally(people), SPLITS, k=K))


@given(worlds())
def test_leaves_hold_everyone_once_or_nobody_at_all(people: dict[Path, int]) -> None:
    leaves = make_leaves(tally(people), SPLITS, k=K)
    assert sum(leaf.people for leaf in leaves) == (whole(people) if whole(people) >= K else 0)
    assert len({leaf.path for leaf in leaves}) == len(leaves)


@given(worlds())
def test_a_leaf_that_is_named_to_the_end_counts_exactly_its_people(people: dict[Path, int]) -> None:
    for leaf in make_leaves(tally(people), SPLITS, k=K):
        if NOT_BROKEN_DOWN not in leaf.path:
            assert leaf.people == people[leaf.path]


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_counted_changes_nothing(
    people: dict[Path, int], rng: random.Random
) -> None:
    shuffled = list(people.items())
    rng.shuffle(shuffled)
    assert make_leaves(tally(dict(shuffled)), SPLITS, k=K) == make_leaves(tally(people), SPLITS, k=K)


@given(worlds(), st.data())
def test_people_who_come_and_go_never_leave_a_leaf_too_small(
    people: dict[Path, int], data: st.DataObject
) -> None:
    fewer = data.draw(parts_of(people))
    assert all(leaf.people >= K for leaf in make_leaves(tally(fewer), SPLITS, k=K))


@given(worlds(), st.data())
def test_a_theme_taken_from_its_area_leaves_at_least_k_wherever_both_are_named(
    people: dict[Path, int], data: st.DataObject
) -> None:
    within = data.draw(parts_of(people))
    area = tally(people)
    for leaf in make_leaves(tally(within), SPLITS, k=K, wider=area):
        depth = leaf.path.index(NOT_BROKEN_DOWN) if NOT_BROKEN_DOWN in leaf.path else len(leaf.path)
        stem = leaf.path[:depth]
        assert area.at(stem) - tally(within).at(stem) >= K


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
def test_at_most_one_good_category_is_pooled(people: list[int]) -> None:
    names = [f"c{number}" for number in range(len(people))]
    groups = {name: Group(count, None) for name, count in zip(names, people, strict=True)}
    pooled = choose_pool(names, groups, k=K)
    assert sum(is_publishable(groups[name], k=K) for name in pooled) <= 1
    assert {name for name in names if groups[name].people < K} <= pooled


def test_a_whole_in_one_category_is_a_leaf() -> None:
    only = Split("answer", ("good",))
    assert make_leaves(Tally.of({("good",): 12}), [only], k=K) == (Leaf(("good",), 12),)
