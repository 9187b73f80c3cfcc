"""A typed town is found in a sentence and when it is misspelt; what names none or several is not guessed."""

import pytest

from core.area import load_area
from core.settings import HERE
from core.towns import find_town

OURS = load_area(HERE / "data" / "area.yml")


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("i live in droitwich", "wychavon"),
        ("Evesham", "wychavon"),
        ("drotwich", "wychavon"),
        ("i live near evsham with my mum", "wychavon"),
        ("kiderminster", "wyre-forest"),
        ("Stourport-on-Severn", "wyre-forest"),
        ("st. john's in worcester", "worcester"),
        ("great malvern", "malvern-hills"),
        ("upton upon severn", "malvern-hills"),
        ("REDITCH!!", "redditch"),
        ("bromsgrove i think", "bromsgrove"),
        ("i live in birmingham", "elsewhere"),
        ("wolverhamton", "elsewhere"),
        ("not in worcestershire", "elsewhere"),
    ],
)
def test_a_town_is_known_in_a_sentence_and_misspelt(typed: str, where: str) -> None:
    assert find_town(OURS, typed) == where


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "school",
        "with my nan",
        "worcestershire",
        "worcester and malvern",
        "mum in redditch dad in worcester",
        "i dont know",
        "hello",
        "skip",
        "i hate worcester because the buses never come and people shout at me there",
    ],
)
def test_what_names_no_one_town_is_not_guessed(typed: str) -> None:
    assert find_town(OURS, typed) is None
