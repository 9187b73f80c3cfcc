"""The sets that personal details are measured on fall into two halves, and only one can be looked into."""

import pytest

from tests.bench.personal_details import Labelled, in_small_letters, read_options, read_youth

FEWEST_MESSAGES = 150


def test_our_own_set_is_large_enough_and_both_halves_have_a_third_of_it() -> None:
    halves = [one.half for one in read_youth()]
    assert len(halves) >= FEWEST_MESSAGES
    assert min(halves.count("choose"), halves.count("measure")) * 3 > len(halves)


def test_texts_that_differ_only_in_their_details_are_in_one_half() -> None:
    texts = [
        Labelled(f"hi im {name}", (("name", 6, 6 + len(name)),)) for name in ("sam", "zogblat", "Jo Smith")
    ]
    assert len({one.half for text in texts for one in (text, in_small_letters(text))}) == 1


def test_a_detail_keeps_its_place_in_small_letters() -> None:
    one = in_small_letters(Labelled("hi \u0130M Sam", (("name", 6, 9),)))
    assert one.text[6:9] == "sam"


def test_misses_can_be_looked_at_in_the_half_for_choosing_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["folder", "--missed", "name"])
    assert "--half choose" in capsys.readouterr().err
    assert read_options(["folder", "--half", "choose", "--missed", "name"]).missed == "name"
