"""An age or a district is heard when it is the writer's own, and not when a word or number means something else."""

import pytest

from core.local_offer.about_you import age_in, district_in


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("i need someone to talk to im 14", 14),
        ("I\N{RIGHT SINGLE QUOTATION MARK}m 14 and sad", 14),
        ("i am fifteen", 15),
        ("im only 9", 9),
        ("im nearly 18 what now", 18),
        ("clubs for me aged 12", 12),
        ("age 7", 7),
        ("11 years old and bored", 11),
        ("im a 16yo", 16),
        ("i just turned 16", 16),
        ("im 14 and a half", 14),
        ("i'm 3 years old", 3),
        ("my brother is 6 and im 13", 13),
    ],
)
def test_an_age_of_ones_own_is_heard(text: str, age: int) -> None:
    assert age_in(text) == age


@pytest.mark.parametrize(
    "text",
    [
        "im 2 scared to go in",
        "im 4 real",
        "i am 10 minutes late every day",
        "im 1 of 5 kids",
        "my brother is 14",
        "my sister is 8 years old",
        "shes 15",
        "im in year 9",
        "i live at number 12",
        "2023",
        "im 100 percent sure",
        "i am 6 ft tall",
        "",
    ],
)
def test_other_numbers_are_not_an_age(text: str) -> None:
    assert age_in(text) is None


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("clubs in redditch", "Redditch"),
        ("what's on in MALVERN HILLS?", "Malvern Hills"),
        ("worcestershire youth clubs", None),
        ("redditch or worcester", None),
        ("clubs", None),
    ],
)
def test_a_district_is_heard_when_one_is_named(text: str, district: str | None) -> None:
    assert district_in(text, ["Redditch", "Worcester", "Malvern Hills"]) == district
