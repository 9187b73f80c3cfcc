"""A hard word is found however it is spelt, and an ordinary word is not taken for one."""

from pathlib import Path

import pytest

from core.text.glossary import find_word, load_glossary
from core.text.yaml_source import BrokenDataFile

OURS = load_glossary(Path(__file__).parents[3] / "data" / "glossary.yml")


def found(text: str) -> str | None:
    entry = find_word(text, OURS)
    return entry.id if entry else None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("EHCP", "ehcp"),
        ("what does EHCP mean?", "ehcp"),
        ("wot dose ehpc mean", "ehcp"),
        ("whats an e.h.c.p", None),
        ("education health and care plan", "ehcp"),
        ("what is a senco", "senco"),
        ("sendco", "senco"),
        ("wats a key wroker", "key-worker"),
        ("keyworker?", "key-worker"),
        ("i dont know what tribunal means", "tribunal"),
        ("tribunel", "tribunal"),
        ("explain anual reveiw pls", "annual-review"),
        ("what's camhs", "camhs"),
        ("whats an isp", "isp"),
        ("speech and langage therapist", "speech-and-language-therapist"),
        ("what does EHC needs assessment mean", "ehc-needs-assessment"),
        ("banana", None),
        ("what does that mean", None),
        ("", None),
        ("???", None),
    ],
)
def test_a_word_is_found_in_any_spelling(text: str, word: str | None) -> None:
    assert found(text) == word


def test_a_name_that_stands_there_wins_over_one_that_is_nearly_there() -> None:
    assert found("is the tribunal for a short brake") == "tribunal"


def test_a_short_name_is_never_guessed() -> None:
    assert found("pie") is None
    assert found("PIP") == "pip"


def test_every_name_of_every_entry_finds_it() -> None:
    for entry in OURS.entries.values():
        for name in (entry.term, *entry.also):
            assert found(f"what does {name} mean") in OURS.entries, name
            assert found(name) == entry.id


GOOD = """entries:
  - {id: ehcp, term: EHCP, also: [the plan], plain: A plan., source: ours}
  - {id: isp, term: ISP, plain: A plan too., source: ours}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("id: isp", "id: ehcp", 3, "used twice"),
        ("term: ISP", "term: The Plan", 3, "name of 'ehcp' too"),
        ("plain: A plan too., ", "", 3, "'plain' is missing"),
        ("plain: A plan too.", "plan: A plan too.", 3, "'plain' is missing"),
        ("entries:", "words:", 1, "'entries' is missing"),
    ],
)
def test_a_broken_glossary_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    file = tmp_path / "glossary.yml"
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(BrokenDataFile) as error:
        load_glossary(file)
    assert what in error.value.what
    assert error.value.line == line
