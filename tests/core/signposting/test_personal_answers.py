"""A name, a number or an email is read out of what was written when it was asked for."""

import pytest

from core.signposting.personal_answers import read_personal_answer


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Sam", "Sam"),
        ("sam", "Sam"),
        ("my name is Sam", "Sam"),
        ("my names sam", "Sam"),
        ("hi im Zoe please", "Zoe"),
        ("I'm Jo.", "Jo"),
        ("you can call me DJ", "DJ"),
        ("everyone calls me Mary Jane", "Mary Jane"),
        ("it's O'Neil", "O'Neil"),
        ("  Anne-Marie \n", "Anne-Marie"),
        ("Łukasz", "Łukasz"),
        ("محمد", "محمد"),
    ],
)
def test_a_first_name_is_kept_without_what_stands_around_it(written: str, name: str) -> None:
    assert read_personal_answer("first_name", written) == name


@pytest.mark.parametrize(
    "written",
    ["why do you want to know?", "i dont want to tell you that because of my mum", "12345", "x" * 50, "..."],
)
def test_what_is_no_first_name_is_asked_again(written: str) -> None:
    assert read_personal_answer("first_name", written) is None


@pytest.mark.parametrize(
    ("written", "reach"),
    [
        ("07700 900123", "07700 900123"),
        ("my mums is 07700900123", "my mums is 07700900123"),
        ("sam@example.org", "sam@example.org"),
        ("ring me", None),
        ("07700", None),
    ],
)
def test_a_way_to_reach_somebody_holds_a_number_or_an_email(written: str, reach: str | None) -> None:
    assert read_personal_answer("reach", written) == reach
