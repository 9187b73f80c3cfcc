"""The starting directory says what it is sure of, and a broken one says what to do."""

from datetime import date
from pathlib import Path

import pytest

from core.local_offer.directory import (
    Confidence,
    DirectoryNotReadable,
    Entry,
    TextNumber,
    is_crisis,
    is_stale,
    is_unchecked,
    load_directory,
    read_directory,
)
from core.text.yaml_source import BrokenDataFile
from tests.core.local_offer.directories import OURS, a_service, an_entry, an_id, folder_of, term


def named(name: str, folder: Path = OURS) -> Entry:
    return next(entry for entry in load_directory(folder) if entry.name == name)


def test_every_entry_of_ours_says_where_and_when_it_was_seen_and_what_it_is_for() -> None:
    for entry in load_directory(OURS):
        assert entry.source, entry.name
        assert entry.checked_on, entry.name
        assert entry.what, entry.name
        assert entry.needs, entry.name
        assert entry.area, entry.name
        assert entry.organisation, entry.name


def test_every_need_that_young_people_have_words_for_has_a_service() -> None:
    directory = load_directory(OURS)
    served = {need for entry in directory for need in entry.needs}
    assert served == {need.finds for need in directory.words.needs}


def test_numbers_to_call_and_numbers_to_text_are_told_apart() -> None:
    assert named("Childline").phones == ("0800 1111",)
    assert named("Childline").text is None
    assert named("Shout").phones == ()
    assert named("Shout").text == TextNumber("85258", "SHOUT")
    assert named("Text a school nurse (ChatHealth)").text == TextNumber("07507 331750", None)


def test_a_service_for_the_whole_county_is_for_every_district() -> None:
    assert named("Family Hubs").districts == frozenset()
    assert named("Malvern Special Families").districts == {"Malvern Hills", "Worcester"}


def test_help_in_danger_is_known_as_such() -> None:
    assert is_crisis(named("Childline"))
    assert not is_crisis(named("SENDIASS"))


@pytest.mark.parametrize("confidence", [Confidence.MEDIUM, Confidence.LOW])
def test_what_we_are_not_sure_of_is_unchecked(confidence: Confidence) -> None:
    assert is_unchecked(an_entry("Club", confidence=confidence))
    assert not is_unchecked(an_entry("Club"))


def test_an_entry_without_a_source_or_a_day_is_unchecked_however_sure_it_says_it_is() -> None:
    assert is_unchecked(an_entry("Club", source=None))
    assert is_unchecked(an_entry("Club", checked_on=None))


def test_an_entry_is_stale_after_a_year_and_not_a_day_before() -> None:
    entry = an_entry("Club", checked_on=date(2025, 11, 23))
    assert not is_stale(entry, date(2026, 11, 23))
    assert is_stale(entry, date(2026, 11, 24))


def test_a_service_that_says_nothing_of_confidence_is_unsure(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, club=a_service("Club", term("need", "sport")))
    assert named("Club", folder).confidence is Confidence.MEDIUM


def test_a_service_that_has_closed_is_left_out(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=a_service("Open"), b=a_service("Gone") | {"status": "defunct"})
    assert [entry.name for entry in load_directory(folder)] == ["Open"]


def test_numbers_on_the_service_itself_are_read_too(tmp_path: Path) -> None:
    service = a_service("Club", phones=[{"id": an_id("phone"), "number": "01632 960002"}])
    assert named("Club", folder_of(tmp_path, a=service)).phones == ("01632 960002",)


def test_all_that_is_wrong_is_said_with_file_record_and_what_to_do(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        comma='{"name": "Club",}',
        need=a_service("Chess", term("need", "chess")),
        sure=a_service("Chats", term("confidence", "certain")),
        nameless={"id": an_id("x"), "status": "active"},
        good=a_service("Good"),
        twin=a_service("Good") | {"name": "Twin"},
    )
    with pytest.raises(DirectoryNotReadable) as refused:
        load_directory(folder)
    said = str(refused.value)
    assert f"{folder / 'comma.json'}, line 1: comma: this is not JSON" in said
    assert "'Chess': the need 'chess' is not in words.yml. Check how it is spelt, or add it there." in said
    assert "'Chats': the confidence 'certain' is not known. Use one of: high, medium, low." in said
    assert "name is missing. Add it." in said
    assert "'Twin': its id is that of 'Good'. Give it an id of its own." in said


def test_what_can_be_read_is_read_beside_what_cannot(tmp_path: Path) -> None:
    directory, problems = read_directory(folder_of(tmp_path, bad="[", good=a_service("Good")))
    assert [entry.name for entry in directory] == ["Good"]
    assert len(problems) == 1


def test_an_empty_folder_and_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    _, problems = read_directory(folder_of(tmp_path))
    assert "there are no services" in problems[0].what
    (tmp_path / "odd.json").write_bytes(b"\xff\xfe\x00")
    _, problems = read_directory(tmp_path)
    assert "cannot be read" in problems[0].what


def test_a_need_listed_twice_in_the_words_is_refused_with_its_line(tmp_path: Path) -> None:
    folder_of(tmp_path, good=a_service("Good"))
    with (tmp_path / "words.yml").open("a", encoding="utf-8") as words:
        words.write("  - finds: sport\n    says: [sport]\n")
    with pytest.raises(BrokenDataFile, match=r"line \d+: The need 'sport' is here a second time"):
        load_directory(tmp_path)
