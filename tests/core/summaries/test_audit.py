"""The audit lets every release of ours through, and none of those that give somebody away."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.summaries.audit import Attacked, audit_release, possible_people
from core.summaries.homogeneity import Protected, hide_nearly_all
from core.summaries.numbers import NOT_BROKEN_DOWN, Leaf, Path
from core.summaries.protect import make_leaves
from core.summaries.tabulate import TABLES
from tests.core.summaries.tallies import SPLITS, answers, parts_of, tally, worlds

K = 10


def attacked(
    people: dict[Path, int], name: str = "edu-safe", wider: dict[Path, int] | None = None
) -> Attacked:
    around = None if wider is None else tally(wider)
    leaves = make_leaves(tally(people), SPLITS, k=K, wider=around)
    protected = hide_nearly_all(leaves, SPLITS, TABLES, above=0.9)
    return Attacked(name, SPLITS, leaves, protected, wider=None if wider is None else "area")


def findings(*measures: Attacked) -> set[str]:
    return {finding.what for finding in audit_release(measures, k=K)}


@given(worlds(), st.data())
def test_what_we_make_passes(people: dict[Path, int], data: st.DataObject) -> None:
    within = data.draw(parts_of(people))
    assert findings(attacked(people, "area"), attacked(within, "theme", wider=people)) == set()


def test_a_threshold_alone_is_caught() -> None:
    """Hiding counts under k beside their total: the first control of SAFETY-AND-PRIVACY.md 3.5."""
    leaves = tuple(
        Leaf((name, *[NOT_BROKEN_DOWN] * 4), people) for name, people in (("good", 40), ("bad", 4))
    )
    measure = replace(attacked(answers(good=40, bad=4)), leaves=leaves, protected=Protected(leaves, {}))
    assert "a leaf is too small" in findings(measure)


def test_a_pool_of_two_that_can_only_be_small_is_caught() -> None:
    """Beside answers on both sides, a pool of 18 can only be 9 and 9."""
    splits = (replace(SPLITS[0], categories=("good", "middle", "bad", "unsure")), *SPLITS[1:])
    rest = [NOT_BROKEN_DOWN] * 4
    leaves = (Leaf(("good", *rest), 40), Leaf(("bad", *rest), 40), Leaf((NOT_BROKEN_DOWN, *rest), 18))
    measure = Attacked("edu-safe", splits, leaves, Protected(leaves, {}))
    assert "a pool by answer came about by no rule" in findings(measure)


def test_what_is_not_split_at_all_may_lie_anywhere() -> None:
    ranges = possible_people(("Redditch", "Worcester"), set(), 12, k=7)
    assert ranges == {"Redditch": (0, 12), "Worcester": (0, 12)}


def test_a_theme_that_leaves_few_around_it_is_caught() -> None:
    area = attacked(answers(good=30, middle=30, bad=30), "area")
    theme = replace(attacked(answers(good=25, middle=12, bad=12), "theme"), wider="area")
    assert "the people around a theme are too few" in findings(area, theme)


def test_nearly_all_beside_its_number_is_caught() -> None:
    measure = attacked(answers(good=300, middle=12, bad=13))
    undone = replace(measure, protected=Protected(measure.leaves, measure.protected.marks))
    assert "a number that has a symbol can be added up" in findings(undone)


@given(st.lists(st.integers(0, 14), min_size=2, max_size=4))
def test_the_ranges_hold_the_truth(people: list[int]) -> None:
    names = tuple(f"c{number}" for number in range(len(people)))
    splits = (replace(SPLITS[0], categories=names),)
    truth: dict[Path, int] = {(name,): count for name, count in zip(names, people, strict=True)}
    leaves = make_leaves(tally(truth), splits, k=K)
    pool = [leaf.people for leaf in leaves if leaf.path == (NOT_BROKEN_DOWN,)]
    named = {leaf.path[0] for leaf in leaves} - {NOT_BROKEN_DOWN}
    for size in pool:
        for name, (low, high) in possible_people(names, named, size, k=K).items():
            assert low <= truth[name,] <= high
