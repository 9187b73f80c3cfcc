"""Every hazard is whole, and every test and file that the papers on safety name is there."""

import re
from typing import Final

import pytest

from core.settings import HERE
from tests.architecture.source import read

LOG: Final = "docs/hazards.md"
CODE: Final = "docs/childrens-code.md"
CELLS: Final = 8
STANDARDS: Final = 15


def rows(page: str) -> list[list[str]]:
    """Give the rows of a page's table, without its head."""
    lines = [line for line in read(page).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def evidence() -> list[str]:
    """Give each test and file that the log names as what shows a control."""
    return sorted({named for row in rows(LOG) for named in re.findall(r"`([^`]+)`", row[5])})


@pytest.mark.parametrize("named", evidence())
def test_what_shows_a_control_is_there(named: str) -> None:
    path, _, test = named.partition("::")
    assert (HERE / path).is_file(), f"{LOG}: there is no {path}"
    if test:
        assert re.search(rf"^(?:async )?def {test}\(", read(path), re.MULTILINE), f"{path} has no {test}"


@pytest.mark.parametrize("row", rows(LOG), ids=lambda row: row[0])
def test_a_hazard_has_every_part(row: list[str]) -> None:
    assert len(row) == CELLS
    assert all(row)
    assert "`tests/" in row[5]
    assert re.match(r"(minor|considerable|major|catastrophic), (very low|low|medium|high)", row[6])
    assert re.match(r"(\*\*not acceptable\*\*|acceptable|as low as we can)", row[7])


def test_hazards_are_numbered_in_order() -> None:
    assert [row[0] for row in rows(LOG)] == [f"H{number + 1}" for number in range(len(rows(LOG)))]


def test_each_standard_of_the_childrens_code_is_answered() -> None:
    numbers = [row[0].split(".")[0] for row in rows(CODE)]
    assert numbers == [str(number + 1) for number in range(STANDARDS)]
    assert all(row[1] for row in rows(CODE))


@pytest.mark.parametrize("page", [LOG, CODE, "docs/dpia-columns.md"])
def test_a_link_of_these_papers_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", read(page)):
        assert (HERE / "docs" / target).is_file(), f"{page} links {target}"
