"""Small rules of this house that no linter knows."""

import re

from core.settings import HERE
from tests.architecture.source import CODE, files, read, tracked

MACHINE_PATH = re.compile(r"(?<![\w.:/}-])/(?:home|Users|root|work|tmp|mnt)/[\w.-]+")
LETTERS = {".py", ".md", ".toml", ".yml", ".yaml", ".html", ".css", ".js", ".txt", ".json", ".example", ""}


def test_the_bot_package_says_nothing() -> None:
    """Rasa's own environment imports bot.rasa through it, where nothing else of ours is installed."""
    assert read("bot/__init__.py") == ""


def test_no_test_puts_a_mock_in_place_of_a_part() -> None:
    banned = re.compile(r"^\s*(?:from|import) unittest|\bmock\.patch\b", re.MULTILINE)
    found = [
        str(path)
        for path in files("tests", "*.py")
        if "architecture" not in path.parts and banned.search(read(str(path)))
    ]
    assert found == []


def test_the_folders_of_the_tests_are_those_of_the_code() -> None:
    own = {"architecture", "bench", "crash", "journeys", "migrations"}
    for folder in sorted((HERE / "tests").iterdir()):
        if folder.is_dir() and folder.name not in {*own, "__pycache__"}:
            assert folder.name in CODE
    for path in (HERE / "tests").glob("*/*/"):
        has_tests = any(path.glob("test_*.py"))
        if path.parent.name in CODE and has_tests:
            assert (HERE / path.relative_to(HERE / "tests")).is_dir(), path.name


def test_nothing_that_is_kept_names_a_place_on_one_machine() -> None:
    found = [
        f"{path}: {hit.group()}"
        for path in tracked()
        if path.suffix in LETTERS and path.parts[0] != "data"
        for hit in MACHINE_PATH.finditer((HERE / path).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    papers = ["README.md", "CHANGELOG.md", "LICENCES.md", *(str(path) for path in files("docs", "*.md"))]
    broken = [
        f"{paper}: {target}"
        for paper in papers
        for target in re.findall(r"\]\(([^)#:]+)\)", read(paper))
        if not ((HERE / paper).parent / target).exists()
    ]
    assert broken == []
