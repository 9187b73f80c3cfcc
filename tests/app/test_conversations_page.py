"""docs/conversations.md is what the data says, and a change of the data shows."""

import shutil
from pathlib import Path

from app.checks.conversations import PAGE, write_page
from core.settings import HERE


def test_the_page_holds_every_question_and_every_talk_that_is_played() -> None:
    page = write_page(HERE / "data")
    assert "1. What is school like for you? *Good / In the middle / Not good / I don't know / Skip*" in page
    assert "### For staff (asked of staff, counted apart)" in page
    assert "### A page for my meeting" in page
    assert "- **taps** My own words\n  - I keep your words apart." in page


def test_it_is_no_longer_true_when_a_question_changes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(HERE / "data", data)
    questions = data / "questions.yml"
    questions.write_text(questions.read_text().replace("What is school like for you?", "How is school?"))
    assert write_page(data) != PAGE.read_text()
