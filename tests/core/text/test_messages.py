"""Every sentence comes out of the catalogue, whole, or the mistake is named."""

from pathlib import Path

import pytest

from core.text.messages import Catalogue, MissingValue, UnknownMessage, Variant, load_catalogue, placeholders
from core.text.sms import segments
from core.text.yaml_source import BrokenDataFile

CATALOGUE = Path(__file__).parents[3] / "data" / "messages" / "en-GB"


def catalogue_of(folder: Path, *texts: str) -> Catalogue:
    for number, text in enumerate(texts):
        (folder / f"{number}.yml").write_text(text, encoding="utf-8")
    return load_catalogue(folder)


def test_a_message_is_said_in_the_variant_asked_for(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, 'hello:\n  standard: "Hello to you."\n  easy: "Hello."\n')
    assert catalogue.say("hello", Variant.EASY) == "Hello."
    assert catalogue.say("hello") == "Hello to you."


def test_a_variant_that_is_not_written_falls_back_to_the_standard_words(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, 'hello:\n  standard: "Hello to you."\n')
    assert catalogue.say("hello", Variant.SPOKEN) == "Hello to you."


def test_values_are_filled_in_and_a_brace_in_a_value_is_only_a_brace(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, 'echo:\n  standard: "You sent: {name}"\n')
    assert catalogue.say("echo", Variant.STANDARD, name="{hm} %s") == "You sent: {hm} %s"


def test_an_easy_variant_may_say_less_than_it_is_given(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, 'sent:\n  standard: "Sent as {name}."\n  easy: "Sent."\n')
    assert catalogue.say("sent", Variant.EASY, name="blue fox") == "Sent."


def test_an_unknown_message_and_a_missing_value_are_named(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, 'sent:\n  standard: "Sent as {reference}."\n')
    with pytest.raises(UnknownMessage, match="nothing_like_it"):
        catalogue.say("nothing_like_it")
    with pytest.raises(UnknownMessage):
        catalogue.symbol("nothing_like_it")
    with pytest.raises(MissingValue, match=r"'sent' \(standard\) needs a value for: reference"):
        catalogue.say("sent")


def test_the_symbol_is_the_name_of_a_concept_or_nothing(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, 'yes:\n  standard: "Yes"\n  symbol: yes\nhm:\n  standard: "Hm"\n')
    assert catalogue.symbol("yes") == "yes"
    assert catalogue.symbol("hm") is None
    assert "yes" in catalogue
    assert "oh" not in catalogue


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("hello: words\n", 1, "has no words"),
        ("hello:\n  easy: Hi\n", 1, "no standard words"),
        ("hello:\n  standard: Hi\n  colour: red\n", 3, "'colour' is not known"),
        ("hello:\n  standard: Hi\n  easy: 3\n", 3, "is not words"),
        ("hello:\n  standard: 'Hi {name'\n", 2, "braces"),
        ("hello:\n  standard: 'Hi {0}'\n", 2, "braces"),
        ("hello:\n  standard: 'Hi {name!r}'\n", 2, "braces"),
        ("hello:\n  standard: Hi\n  easy: 'Hi {name}'\n", 1, "uses {name}"),
        ("hello:\n  standard: Hi\nhello:\n  standard: Ho\n", 3, "second time"),
        ("hello:\n  standard: 'Hi\n", 3, "not YAML"),
        ("- hello\n", 1, "no messages"),
        ("", 1, "no messages"),
    ],
)
def test_a_broken_catalogue_is_refused_with_its_file_and_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    with pytest.raises(BrokenDataFile) as error:
        catalogue_of(tmp_path, text)
    assert error.value.file.name == "0.yml"
    assert error.value.line == line
    assert what in error.value.what
    assert error.value.what_to_do


def test_the_same_name_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataFile, match=r"0\.yml"):
        catalogue_of(tmp_path, "hello:\n  standard: Hi\n", "\nhello:\n  standard: Ho\n")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataFile, match="no messages"):
        load_catalogue(tmp_path)


def test_our_own_catalogue_can_say_every_message_in_every_variant() -> None:
    catalogue = load_catalogue(CATALOGUE)
    for message in catalogue:
        for variant in Variant:
            values = dict.fromkeys(placeholders(message.in_variant(variant)), "7")
            said = catalogue.say(message.name, variant, **values)
            assert said
            assert "{" not in said


AGES = ("under_18", "18", "19_to_25", "age_unknown")


@pytest.mark.parametrize("age", AGES)
def test_danger_is_answered_for_every_age_with_999_and_who_is_there(age: str) -> None:
    catalogue = load_catalogue(CATALOGUE)
    assert "999" in catalogue.say(f"danger_numbers_{age}")
    assert "999" in catalogue.say(f"worry_numbers_{age}")
    for there in ("here", "night", "away"):
        assert f"danger_team_{there}_{age}" in catalogue


def test_childline_is_for_people_under_19_and_samaritans_for_those_over() -> None:
    catalogue = load_catalogue(CATALOGUE)
    for kind in ("danger", "worry"):
        assert "0800 1111" in catalogue.say(f"{kind}_numbers_under_18")
        assert "0800 1111" in catalogue.say(f"{kind}_numbers_18")
        assert "0800 1111" not in catalogue.say(f"{kind}_numbers_19_to_25")
        assert "116 123" in catalogue.say(f"{kind}_numbers_19_to_25")
        both = catalogue.say(f"{kind}_numbers_age_unknown")
        assert "0800 1111" in both
        assert "116 123" in both


def test_nothing_tells_a_young_person_to_just_text_999() -> None:
    for message in load_catalogue(CATALOGUE):
        assert not any("text 999" in words.lower() for words in message.words.values())


def test_what_a_shared_phone_is_told_names_no_worry_and_no_request() -> None:
    catalogue = load_catalogue(CATALOGUE)
    for name in ("notice_new_message", "notice_new_message_how", "danger_text_opening", "worry_text_opening"):
        words = catalogue.say(name).lower()
        assert not any(
            word in words for word in ("safe", "worry", "danger", "request", "key worker", "help you")
        )


LONGEST = {
    "until": "4:30 pm today",
    "when": "on Wednesday 30 December",
    "number": "01905 822666",
    "adult_number": "01905 768053",
}


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("there", ["here", "night", "away"])
def test_by_text_the_answer_to_danger_is_two_texts_of_at_most_two_segments(age: str, there: str) -> None:
    catalogue = load_catalogue(CATALOGUE)
    first = ("danger_text_opening", f"danger_numbers_{age}", "danger_cannot_talk")
    then = ("danger_more_numbers", f"danger_team_{there}_{age}")
    for names in (first, then):
        assert segments("\n".join(catalogue.say(name, Variant.SMS, **LONGEST) for name in names)) <= 2
