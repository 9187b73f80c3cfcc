"""How words are read: sentiment and themes."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.yaml_source import BrokenDataFile
from core.views.reading import PLAIN, Sentiment, read_sentiment, read_view
from core.views.themes import Themes, load_themes

DATA = Path(__file__).resolve().parents[3] / "data"


@pytest.fixture(scope="module")
def themes() -> Themes:
    return load_themes(DATA / "themes.yml")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("i love my teacher", Sentiment.GOOD),
        ("school is horrible", Sentiment.BAD),
        ("the food is good but the hall is awful", Sentiment.MIXED),
        ("i go on tuesdays", Sentiment.UNCLEAR),
        ("", Sentiment.UNCLEAR),
        ("not good", Sentiment.BAD),
        ("maths is rubbish", Sentiment.BAD),
        ("the dinner hall is too loud", Sentiment.BAD),
        ("my ta is really helpful", Sentiment.GOOD),
        ("the nurse was not helpful", Sentiment.BAD),
        ("im not scared of it any more", Sentiment.GOOD),
        ("i like art", Sentiment.GOOD),
        ("I don\u2019t like PE", Sentiment.BAD),
        ("i do not really like it", Sentiment.BAD),
        ("he looks like my brother", Sentiment.UNCLEAR),
        ("i would like a ramp", Sentiment.UNCLEAR),
        ("i like my school but the bus is always late", Sentiment.MIXED),
    ],
)
def test_words_are_read_as_they_are_meant(words: str, meant: Sentiment) -> None:
    assert read_sentiment(words) == meant


def test_a_text_is_about_the_themes_whose_words_stand_in_it(themes: Themes) -> None:
    reading = read_view("the dinner hall is too LOUD and i have no friends", themes)
    assert {"edu-sensory", "edu-friends"} <= set(reading.themes)


def test_a_keyword_is_a_whole_word(themes: Themes) -> None:
    assert "com-activities" not in read_view("i saw a workshopper", themes).themes


def test_all_41_themes_are_kept_with_area_and_priorities(themes: Themes) -> None:
    assert len({theme.id for theme in themes.themes}) == 41
    assert {theme.area for theme in themes.themes} == {"education", "health", "community", "adulthood"}
    assert all(theme.priorities for theme in themes.themes)


def test_a_broken_theme_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "themes.yml").write_text("themes:\n  - id: edu-x\n    area: moon\n")
    with pytest.raises(BrokenDataFile, match="line 3"):
        load_themes(tmp_path / "themes.yml")


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_read(text: str) -> None:
    assert read_sentiment(text) in Sentiment


REFERENCE = os.environ.get("HYS_REFERENCE", "")  # noqa: TID251 - tests read their own settings


@pytest.mark.skipif(not REFERENCE, reason="HYS_REFERENCE is not set")
def test_most_examples_of_the_reference_are_given_their_theme(themes: Themes) -> None:
    examples = [
        (entry["id"], entry[which])
        for entry in json.loads((Path(REFERENCE) / "themes.json").read_text())
        for which in ("example_positive", "example_negative")
    ]
    found = [theme in themes.found_in(words) for theme, words in examples]
    assert sum(found) / len(found) > 0.8


def test_what_is_only_a_little_clear_is_not_plain() -> None:
    assert read_sentiment("we have a new head teacher") is Sentiment.GOOD
    assert read_sentiment("we have a new head teacher", clear=PLAIN) is Sentiment.UNCLEAR
    assert read_sentiment("i hate maths cos its too loud", clear=PLAIN) is Sentiment.BAD
