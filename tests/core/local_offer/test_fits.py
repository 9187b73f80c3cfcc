"""Whether anything fits: what is near fits, what is far does not, and danger always finds somebody."""

import pytest

from core.local_offer.directory import ServiceId
from core.local_offer.fits import DECISION, Evidence, evidence_of, is_fitting
from core.local_offer.nearness import Near
from core.local_offer.search import Said, Score

FAR, AS_NEAR, NEARER = -0.3, 0.0, 0.2


def heard(points: float = 0.0, *, share: float = 0.0, named: bool = False, words: int = 5) -> Said:
    scores = {ServiceId("a"): Score(best=points, share=share, named=named)} if points else {}
    return Said(scores, {}, words)


def near(lead: float, *, needs: dict[str, float] | None = None, description: float = 0.0) -> Near:
    return Near(entries={}, needs=needs or {"sport": 1.0}, lead=lead, description=description)


def fits(said: Said, meant: Near) -> bool:
    return is_fitting(evidence_of(said, meant))


def test_what_lies_nearer_to_a_need_fits_and_what_lies_further_does_not() -> None:
    assert fits(heard(), near(NEARER))
    assert not fits(heard(), near(FAR))


def test_when_in_doubt_something_is_shown_because_missed_help_counts_twice() -> None:
    assert fits(heard(), near(AS_NEAR))
    assert DECISION.fits_from < 0.5


def test_words_of_a_need_alone_do_not_outweigh_a_meaning_that_is_far() -> None:
    assert not fits(heard(2.0, share=1.0), near(FAR))


def test_words_that_were_all_understood_make_up_for_a_little() -> None:
    assert not fits(heard(), near(-0.06))
    assert fits(heard(1.0, share=1.0), near(-0.06))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (heard(2.0, named=True), near(FAR)),
        (heard(1.0, share=1.0, words=1), near(FAR)),
        (heard(), near(FAR, description=0.6)),
    ],
    ids=["a name", "one word and no other", "a description"],
)
def test_what_is_clear_fits_however_far_it_lies(said: Said, meant: Near) -> None:
    assert fits(said, meant)


@pytest.mark.parametrize("danger", ["very hard feelings", "not safe", "emergency"])
def test_danger_never_finds_nothing(danger: str) -> None:
    assert fits(heard(), near(FAR, needs={danger: 0.4, "sport": 0.6}))
    assert fits(Said({}, {danger: 1.0}, 5), near(FAR))


def test_a_word_that_only_hints_at_danger_is_no_danger() -> None:
    assert not evidence_of(Said({}, {"not safe": 0.4}, 5), near(FAR)).is_danger


def test_likelihood_grows_with_all_that_speaks_for_it() -> None:
    weak = Evidence(lead=0.0, points=0.0, all_understood=False, is_clear=False, is_danger=False)
    strong = Evidence(lead=0.1, points=1.0, all_understood=True, is_clear=False, is_danger=False)
    low, high = DECISION.likelihood([weak.numbers, strong.numbers])
    assert 0 < low < high < 1
