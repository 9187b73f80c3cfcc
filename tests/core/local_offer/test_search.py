"""Help is found in a young person's own words, for their age and place, and nothing is found when nothing fits."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.local_offer.about_you import age_in, district_in
from core.local_offer.directory import Confidence, Directory, load_directory
from core.local_offer.search import find_services, is_for
from tests.core.local_offer.directories import OURS, a_directory, an_entry

DEVELOPMENT_SETS = yaml.safe_load((Path(__file__).parent / "queries.yml").read_text("utf-8"))

DISTRICTS = ("Bromsgrove", "Malvern Hills", "Redditch", "Worcester", "Wychavon", "Wyre Forest")


@pytest.fixture(scope="module")
def ours() -> Directory:
    return load_directory(OURS)


def names(directory: Directory, need: str, **who: int | str | None) -> list[str]:
    return [entry.name for entry in find_services(directory, need, **who)]  # type: ignore[arg-type]


def asked(directory: Directory, text: str) -> list[str]:
    """Ask as the conversation does: the age and the district are heard in the text."""
    return names(directory, text, age=age_in(text), district=district_in(text, DISTRICTS))


def test_someone_of_14_who_needs_someone_to_talk_to_finds_people_who_listen(ours: Directory) -> None:
    said = "i need someone to talk to im 14"
    found = find_services(ours, said, age=age_in(said))
    assert [entry.name for entry in found[:2]] == ["Text a school nurse (ChatHealth)", "Childline"]
    assert all("someone to talk to" in entry.needs for entry in found)
    assert all(is_for(entry, age=14, district=None) for entry in found)


@pytest.mark.parametrize(
    ("fits", "nothing_fits", "least_found", "least_nothing"),
    [("fits", "nothing_fits", 0.97, 0.9), ("later", "later_nothing_fits", 0.6, 0.65)],
)
def test_the_development_sets_fare_no_worse_than_they_did(
    ours: Directory, fits: str, nothing_fits: str, least_found: float, least_nothing: float
) -> None:
    """Floors under our own sets (queries.yml says how far each may be trusted)."""
    known = {entry.name for entry in ours}
    missed, wrongly = [], []
    for query in DEVELOPMENT_SETS[fits]:
        assert set(query["finds"]) <= known, query
        found = asked(ours, query["says"])
        if not set(found) & set(query["finds"]):
            missed.append((query["says"], found))
    for query in DEVELOPMENT_SETS[nothing_fits]:
        found = asked(ours, query["says"])
        if found:
            wrongly.append((query["says"], found))
    assert 1 - len(missed) / len(DEVELOPMENT_SETS[fits]) >= least_found, missed
    assert 1 - len(wrongly) / len(DEVELOPMENT_SETS[nothing_fits]) >= least_nothing, wrongly


@pytest.mark.parametrize("spelling", ["bullied", "bulied", "bullyd", "bulleid", "BULLYING!!", "bully's"])
def test_spelling_never_stands_in_the_way(ours: Directory, spelling: str) -> None:
    assert "Childline" in names(ours, f"i get {spelling} at school")


def test_a_real_word_is_not_taken_for_a_slip_of_another() -> None:
    directory = a_directory(an_entry("Money advice", "money"))
    assert names(directory, "moeny") == ["Money advice"]
    assert names(directory, "monkey") == []


def test_nobody_is_shown_what_is_not_for_their_age() -> None:
    directory = a_directory(an_entry("Small", "sport", max_age=10), an_entry("Tall", "sport", min_age=11))
    assert names(directory, "sport", age=10) == ["Small"]
    assert names(directory, "sport", age=11) == ["Tall"]
    assert set(names(directory, "sport")) == {"Small", "Tall"}


def test_nobody_is_shown_what_is_only_for_another_district() -> None:
    local = an_entry("Local", "sport", districts=frozenset({"Redditch"}), area="Redditch")
    directory = a_directory(local, an_entry("Everyone", "sport"))
    assert names(directory, "sport", district="Worcester") == ["Everyone"]
    assert set(names(directory, "sport", district="Redditch")) == {"Local", "Everyone"}
    assert names(directory, "sport") == ["Everyone", "Local"]


def test_a_district_is_known_by_its_name_and_by_its_id_in_the_area_file() -> None:
    entry = an_entry("Local", "sport", districts=frozenset({"Malvern Hills"}))
    assert is_for(entry, age=None, district="malvern-hills")
    assert is_for(entry, age=None, district="Malvern Hills")
    assert not is_for(entry, age=None, district="redditch")


def test_what_is_checked_and_can_be_reached_comes_first() -> None:
    directory = a_directory(
        an_entry("A unchecked", "sport", confidence=Confidence.MEDIUM),
        an_entry("B unreachable", "sport", phones=()),
        an_entry("C sure", "sport"),
    )
    assert names(directory, "sport") == ["C sure", "B unreachable", "A unchecked"]


def test_a_service_for_parents_stands_back_until_parents_are_spoken_of() -> None:
    directory = a_directory(
        an_entry("Parents", "family help", "sleep", audience="parents and carers"), an_entry("Young", "sleep")
    )
    assert names(directory, "cant sleep") == ["Young", "Parents"]
    assert names(directory, "sleep advice for parents")[0] == "Parents"


def test_a_service_can_be_asked_for_by_its_name(ours: Directory) -> None:
    assert names(ours, "whats sendiass")[0] == "SENDIASS"
    assert names(ours, "childline number pls")[0] == "Childline"


def test_never_more_than_was_asked_for(ours: Directory) -> None:
    assert len(find_services(ours, "someone to talk to", limit=1)) == 1
    assert len(find_services(ours, "sad")) == 3


def test_a_greedy_heap_of_nonsense_finds_nothing(ours: Directory) -> None:
    assert names(ours, "wibble flarp zonk pizza dragon moonbase custard") == []


@pytest.mark.parametrize("text", ["", "   ", "?!", "\N{SLIGHTLY SMILING FACE}", "14", "i need help", "the"])
def test_words_that_say_no_need_find_nothing(ours: Directory, text: str) -> None:
    assert names(ours, text) == []


SMALL = a_directory(an_entry("Sport", "sport"), an_entry("Money", "money"))


@given(text=st.text(max_size=200))
def test_any_text_gets_an_answer_and_always_the_same(text: str) -> None:
    assert names(SMALL, text) == names(SMALL, text)


def test_only_the_first_hundred_words_of_a_very_long_text_are_looked_at(ours: Directory) -> None:
    assert names(ours, "sport " + "the " * 5_000)
    assert not names(ours, "the " * 5_000 + "sport")
