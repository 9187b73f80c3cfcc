"""What was typed is taken as a choice only when it is plain which one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.choices import match_choice

SAFE = ["Safe", "Sometimes safe", "Not safe", "I don't know", "Skip"]
HELP = ["Enough", "Some, not enough", "None", "I don't need any", "I don't know"]
AGES = ["0-10", "11-12", "13-15", "16-17", "18", "19-25"]
FACES = ["Good", "In the middle", "Not good", "I don't know"]
FACE_SYMBOLS = ["happy", "middle", "sad", None]


@pytest.mark.parametrize(
    "typed",
    [
        "2",
        "2.",
        " 2) ",
        "(2)",
        "two",
        "no 2",
        "No. 2",
        "option 2",
        "number two",
        "2 please",
        "second",
        "the second one",
        "2\ufe0f\u20e3",
        "\u2461",
    ],
)
def test_a_number_is_the_choice_at_that_place(typed: str) -> None:
    assert match_choice(typed, SAFE) == 1


@pytest.mark.parametrize("typed", ["0", "6", "22", "2 3", "99999999999999999999999", "\u0968\u0968"])
def test_a_number_with_no_choice_is_none(typed: str) -> None:
    assert match_choice(typed, SAFE) is None


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("SAFE", 0),
        ("i feel safe", 0),
        ("saffe", 0),
        ("sometimes safe", 1),
        ("sumtimes", 1),
        ("som times safe", 1),
        ("not safe", 2),
        ("notsafe", 2),
        ("not saf", 2),
        ("i dont feel safe", 2),
        ("im not safe!!", 2),
        ("idk", 3),
        ("dont know", 3),
        ("dunno", 3),
        ("i don\u2019t know", 3),
        ("no idea", 3),
        ("skip", 4),
        ("pass", 4),
    ],
)
def test_a_label_or_a_near_miss_of_it_is_the_choice(typed: str, index: int) -> None:
    assert match_choice(typed, SAFE) == index


@pytest.mark.parametrize(("typed", "index"), [("gud", 0), ("its gd", 0), ("not gud", 2), ("goood", 0)])
def test_good_is_heard_however_it_is_spelt(typed: str, index: int) -> None:
    assert match_choice(typed, ["Good", "In the middle", "Not good", "I don't know"]) == index


@pytest.mark.parametrize(
    "typed", ["unsafe", "is it safe", "what does safe mean", "knot", "maths", "", "  ", "!!", "i", "sa"]
)
def test_nothing_is_guessed(typed: str) -> None:
    assert match_choice(typed, SAFE) is None


def test_not_and_its_opposite_are_never_mixed_up() -> None:
    assert match_choice("not enough", HELP) == 1
    assert match_choice("enough", HELP) == 0
    assert match_choice("unkid", ["Kind", "Mixed", "Unkind"]) == 2
    assert match_choice("good", ["Very good", "Not good"]) == 0
    assert match_choice("nice", ["Not nice"]) is None


def test_two_labels_as_near_as_each_other_are_not_guessed() -> None:
    assert match_choice("class", ["A big class", "A small class"]) is None
    assert match_choice("listin", ["Listen", "Listens"]) is None
    assert match_choice("yes", ["Yes", "Yes"]) is None


def test_a_sentence_is_something_to_say_unless_it_is_a_label() -> None:
    label = "They wrote down for me what they think that I feel"
    assert match_choice("i feel safe with my friends but not when the bus is late", SAFE) is None
    assert match_choice(label.upper(), ["No", label]) == 1
    assert match_choice("safe " + "x" * 100, SAFE) is None


def test_yes_and_no_are_known_in_other_words() -> None:
    assert match_choice("yeah", ["Yes", "No"]) == 0
    assert match_choice("nah", ["Yes", "No"]) == 1


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("18", 4),
        ("12", 1),
        ("im 14", 2),
        ("24 years old", 5),
        ("i am 7", 0),
        ("11-12", 1),
        ("2", 1),
        ("40", None),
    ],
)
def test_an_age_is_the_band_that_holds_it(typed: str, index: int | None) -> None:
    assert match_choice(typed, AGES) == index


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("\U0001f600", 0),
        ("\U0001f610", 1),
        ("\U0001f622\U0001f622", 2),
        ("\U0001f600\U0001f622", None),
        ("\U0001f355", None),
    ],
)
def test_a_face_is_the_feeling_it_shows(typed: str, index: int | None) -> None:
    assert match_choice(typed, FACES, symbols=FACE_SYMBOLS) == index


def test_a_face_says_nothing_where_the_answers_are_no_feelings() -> None:
    assert match_choice("\U0001f600", FACES) is None
    assert match_choice("\U0001f600", ["School", "Home"], symbols=["school", "home"]) is None


@given(st.text(), st.lists(st.text(), max_size=6))
def test_any_text_finds_one_of_the_labels_or_none(typed: str, labels: list[str]) -> None:
    found = match_choice(typed, labels, symbols=["happy"] * len(labels))
    assert found is None or 0 <= found < len(labels)
