"""The table of the impact assessment has every column of both stores, and each is accounted for."""

import re
from typing import Final

import pytest

import migrations.tables
from core.database import ServiceBase, ViewsBase
from tests.architecture.source import read

PAGE: Final = "docs/dpia-columns.md"
CELLS: Final = ("columns", "what it is", "for what", "who sees it", "how long")
TABLES: Final = {**ServiceBase.metadata.tables, **ViewsBase.metadata.tables}


def sections() -> dict[str, str]:
    """Give what stands under the heading of each table."""
    parts = re.split(r"^### `(\w+)`$", read(PAGE), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def rows(section: str) -> list[list[str]]:
    """Give the rows of a section's table, without its head."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_page_has_a_heading_for_every_table_and_no_other() -> None:
    assert migrations.tables
    assert sorted(sections()) == sorted(TABLES), f"{PAGE}: add or remove the heading, ### `table`"


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_is_there_once(table: str) -> None:
    named = [column for row in rows(sections()[table]) for column in re.findall(r"`(\w+)`", row[0])]
    columns = [column.name for column in TABLES[table].columns]
    assert sorted(named) == sorted(columns), f"{PAGE}: write each column of {table} in one row"


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_row_says_what_for_what_who_sees_it_and_how_long(table: str) -> None:
    section = sections()[table]
    assert re.search(r"^Basis: \w", section, re.MULTILINE), f"{PAGE}: say the basis of {table}"
    assert f"| {' | '.join(CELLS)} |" in section
    for row in rows(section):
        assert len(row) == len(CELLS)
        assert all(row), f"{PAGE}: an empty cell in {table}: {row}"
