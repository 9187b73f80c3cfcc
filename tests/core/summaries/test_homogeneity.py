"""Nearly all: SAFETY-AND-PRIVACY.md section 3, point 4."""

from hypothesis import given

from core.summaries.homogeneity import Protected, hide_nearly_all
from core.summaries.numbers import NOT_BROKEN_DOWN, Hidden, Number, Path, Shown, Symbol, matches
from core.summaries.protect import make_leaves
from core.summaries.tabulate import TABLES, tabulate
from tests.core.summaries.tallies import SPLITS, answers, at, tally, worlds

K = 10


def protect(people: dict[Path, int]) -> Protected:
    return hide_nearly_all(make_leaves(tally(people), SPLITS, k=K), SPLITS, TABLES, above=0.9)


def numbers(people: dict[Path, int], *by: str, **where: str) -> dict[tuple[str, ...], Number]:
    rows = tabulate(protect(people), SPLITS, frozenset(by), where=where)
    return {tuple(row.categories.values()): row.number for row in rows}


NEARLY_ALL = Hidden(Symbol.NEARLY_ALL)
C = Hidden(Symbol.SUPPRESSED)


def test_an_answer_of_over_nine_in_ten_is_nearly_all_and_the_total_goes_with_it() -> None:
    people = answers(good=300, middle=12, bad=13)
    assert numbers(people, "answer") == {("good",): NEARLY_ALL, ("middle",): Shown(12), ("bad",): Shown(13)}
    assert numbers(people) == {(): C}
    assert not any(isinstance(number, Shown) for number in numbers(people, "district").values())
    assert all(number == C for number in numbers(people, "district").values())


def test_an_answer_of_nine_in_ten_is_still_a_number() -> None:
    assert numbers(answers(good=180, middle=10, bad=10), "answer")["good",] == Shown(180)


def one_sided_district() -> dict[Path, int]:
    """In Redditch 300 of 325 said good, and every answer is broken down by district."""
    others = {
        at(answer, district): people
        for answer, people in (("good", 40), ("middle", 40), ("bad", 30))
        for district in ("Worcester", "Wychavon")
    }
    return {at("good", "Redditch"): 300, at("middle", "Redditch"): 12, at("bad", "Redditch"): 13, **others}


def test_a_one_sided_district_says_nearly_all_and_its_number_is_in_no_sum() -> None:
    people = one_sided_district()
    told = numbers(people, "answer", "district")
    assert told["good", "Redditch"] == NEARLY_ALL
    assert told["middle", "Redditch"] == Shown(12)
    assert told["good", "Worcester"] == C
    assert told["good", "Wychavon"] == Shown(40)
    assert told["good", NOT_BROKEN_DOWN] == Shown(340)
    assert numbers(people, "district")["Redditch",] == C


def test_nearly_all_is_never_said_where_people_who_are_not_broken_down_may_have_said_something_else() -> None:
    """In Redditch 30 said good and 9 something else, but only good is broken down by district."""
    people = {at("good", district): 30 for district in ("Redditch", "Worcester", "Wychavon")}
    people |= {at("middle", "Redditch"): 9, at("middle", "Worcester"): 4, at("bad", "Wychavon"): 11}
    told = numbers(people, "answer", "district")
    assert told["good", "Redditch"] == C
    assert NEARLY_ALL not in told.values()
    assert numbers(people, "district")["Redditch",] == C


def test_the_totals_of_the_other_groups_stay() -> None:
    people = one_sided_district()
    assert numbers(people) == {(): Shown(545)}
    assert numbers(people, "answer")["good",] == Shown(380)


def test_a_filter_tells_no_more_than_the_table_it_is_taken_from() -> None:
    people = one_sided_district()
    assert numbers(people, "answer", district="Redditch")["good",] == NEARLY_ALL
    assert numbers(people, district="Redditch") == {(): C}


def test_an_unknown_category_gives_the_same_rows_as_one_that_is_too_small() -> None:
    people = answers(good=20, middle=20, bad=20)
    unknown = numbers(people, "answer", district="Atlantis")
    assert unknown == numbers(people, "answer", district="Wychavon")
    assert set(unknown.values()) == {C}


@given(worlds())
def test_every_number_in_every_table_has_at_least_k_people(people: dict[Path, int]) -> None:
    protected = protect(people)
    for table in TABLES:
        for row in tabulate(protected, SPLITS, table, where={}):
            assert not isinstance(row.number, Shown) or row.number.people >= K


@given(worlds())
def test_no_marked_number_is_a_sum_of_frozen_leaves(people: dict[Path, int]) -> None:
    leaves = make_leaves(tally(people), SPLITS, k=K)
    protected = protect(people)
    for mark in protected.marks:
        parts = {leaf for leaf in leaves if matches(leaf.path, mark)}
        assert not parts <= set(protected.leaves)


@given(worlds())
def test_melting_loses_nobody_but_those_of_an_answer_that_nearly_all_gave(people: dict[Path, int]) -> None:
    leaves = make_leaves(tally(people), SPLITS, k=K)
    protected = protect(people)
    dark = {mark[0] for mark in protected.marks if not any(mark[1:])}
    kept = sum(leaf.people for leaf in leaves if leaf.path[0] not in dark)
    assert sum(leaf.people for leaf in protected.leaves) == kept
