"""Too hard a sentence is named, with what to do; every sentence of ours is simple enough."""

from pathlib import Path

import pytest

from app.checks.simple_words import find_problems, read_lists, read_texts, syllables
from core.text.messages import Variant
from core.text.simple_words import (
    HIGHEST_GRADE,
    find_hard_parts,
    is_easy,
    reading_grade,
    split_sentences,
    words_of,
)

DATA = Path(__file__).parents[3] / "data"
LISTS = read_lists(DATA)


def hard_parts(words: str, *, variant: Variant = Variant.STANDARD, for_text: bool = False) -> list[str]:
    most = HIGHEST_GRADE[variant]
    return [
        part.what
        for part in find_hard_parts(words, lists=LISTS, syllables=syllables(), most=most, for_text=for_text)
    ]


def test_every_sentence_we_say_is_simple() -> None:
    assert list(find_problems(read_texts(DATA), LISTS, syllables())) == []


def test_the_words_to_start_from_are_simple() -> None:
    assert hard_parts("Hello. I am a robot, not a person. You can tell me good things and bad things.") == []
    assert (
        hard_parts(
            "In danger now or badly hurt? Call 999. You can call Childline on 0800 1111, day or night."
        )
        == []
    )


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (
            "You can tell me all the good and bad things about your school day here.",
            "the sentence has 15 words",
        ),
        ("Go. Go on. Go back. Stop.", "the message has 4 sentences"),
        (
            "We go to see an old dog and a cat and a cow and a pig. " * 3,
            "the message has 48 words",
        ),
        ("We facilitate it.", "'facilitate' is on no list"),
        ("Tell me the 3 things or two.", "'two' is a number in letters"),
        ("Tell me ASAP.", "'ASAP' is a short form"),
        ("Ask the DWP.", "'DWP' is in capital letters"),
        ("Come on 01/12/26.", "a date or time is written in figures"),
        ("Come on 1.12.2026.", "a date or time is written in figures"),
        ("Your words are kept here.", "'are kept' does not say who does it"),
        ("It was not opened.", "'was not opened' does not say who does it"),
        ("We will keep you posted.", "'keep you posted' does not mean"),
        ("We will tell you as soon as possible.", "'as soon as possible' does not mean"),
    ],
)
def test_what_is_too_hard_is_named(words: str, what: str) -> None:
    assert any(found.startswith(what) for found in hard_parts(words)), hard_parts(words)


def test_the_easy_variant_must_be_easier_than_the_standard_one() -> None:
    words = "Another teacher never understood anybody sitting outside."
    grade = reading_grade(words, lists=LISTS, syllables=syllables())
    assert grade is not None
    assert grade > HIGHEST_GRADE[Variant.STANDARD] > HIGHEST_GRADE[Variant.EASY]
    assert any(
        "reading grade" in found
        for found in hard_parts("Is it good for other people too?", variant=Variant.EASY)
    )
    assert hard_parts("Is it good for other people too?") == []


def test_a_number_and_an_allowed_name_count_as_one_easy_syllable() -> None:
    assert words_of("Call 0800 1111, or 999.") == ["Call", "0800 1111", "or", "999"]
    with_name = reading_grade("You can call Childline on 0800 1111 now.", lists=LISTS, syllables=syllables())
    plain = reading_grade("You can call them on 5 now.", lists=LISTS, syllables=syllables())
    assert with_name == plain


def test_a_label_too_short_to_grade_still_needs_easy_words() -> None:
    assert reading_grade("I don't know", lists=LISTS, syllables=syllables()) is None
    assert hard_parts("Communication facilitator") != []


def test_forms_of_an_easy_word_are_easy() -> None:
    for word in ("stopped", "tries", "wanted", "don't", "you'll", "school's", "nicest", "grown-up"):
        assert is_easy(word, LISTS), word
    assert not is_easy("facilitated", LISTS)


def test_a_state_is_no_passive() -> None:
    assert hard_parts("Are you tired or scared now?") == []


def test_a_text_must_fit_two_messages_of_plain_signs() -> None:
    assert any("text messages" in found for found in hard_parts("We go. " * 50, for_text=True))
    assert any(
        "cannot carry" in found for found in hard_parts("Hello \N{SLIGHTLY SMILING FACE}", for_text=True)
    )
    assert hard_parts("Hello \N{SLIGHTLY SMILING FACE}") == []


def test_sentences_end_at_their_marks_and_not_inside_a_number() -> None:
    assert split_sentences("Is it? 'Yes.' Call 999. It is 4:30 pm.") == [
        "Is it?",
        "'Yes.",
        "Call 999.",
        "It is 4:30 pm.",
    ]


def test_people_at_work_may_read_the_words_of_their_work() -> None:
    found = find_hard_parts("Emotional abuse", lists=LISTS, syllables=syllables(), most=9, at_work=True)
    assert list(found) == []


def test_a_problem_names_file_line_message_variant_sentence_and_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "messages" / "en-GB"
    folder.mkdir(parents=True)
    (folder / "hello.yml").write_text('hi:\n  standard: "Hi."\n  easy: "We facilitate it."\n')
    for name in ("questions.yml", "glossary.yml", "responses.yml"):
        (tmp_path / name).write_text((DATA / name).read_text())
    (problem,) = find_problems(read_texts(tmp_path), LISTS, syllables())
    assert problem.startswith(f'{folder / "hello.yml"}:3: hi (easy): "We facilitate it."')
    assert problem.endswith("'facilitate' is on no list of easy words. Use an easier word, or give a reason.")
