"""The strategy API, as a program meets it."""

import csv
import io

import pytest

from api.summaries.spreadsheet import safe_cell, write_csv
from core.summaries.query import PARAMETERS
from tests.api.summaries.conftest import Strategy

SAFE = "/api/v1/summaries?measure=edu-safe&by=answer"


async def test_a_table_is_given_with_its_release_and_rows(published: Strategy) -> None:
    answer = (await published.program.get(SAFE)).json()
    assert answer["period"] == "2026-spring"
    assert answer["measure"] == "edu-safe"
    assert answer["by"] == ["answer"]
    assert answer["rows"] == [
        {"answer": "safe", "people": 40, "symbol": None},
        {"answer": "sometimes-safe", "people": 30, "symbol": None},
        {"answer": "not-safe", "people": 25, "symbol": None},
        {"answer": "dont-know", "people": 10, "symbol": None},
    ]


async def test_too_few_people_are_a_symbol_and_no_number(published: Strategy) -> None:
    answer = (await published.program.get("/api/v1/summaries?measure=edu-like")).json()
    assert answer["rows"] == [{"people": None, "symbol": "c"}]


async def test_the_same_table_is_the_same_bytes_whatever_the_order_of_parameters(published: Strategy) -> None:
    one = await published.program.get("/api/v1/summaries?measure=edu-safe&by=district,answer&age=18")
    other = await published.program.get("/api/v1/summaries?age=18&by=answer,district&measure=edu-safe")
    assert one.content == other.content
    assert one.headers["etag"] == other.headers["etag"]


async def test_the_release_is_the_etag_and_who_has_it_gets_no_body(published: Strategy) -> None:
    answer = await published.program.get(SAFE)
    assert answer.headers["etag"] == f'"{answer.json()["release"]}"'
    again = await published.program.get(SAFE, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_answer_tells_no_time_and_no_number_of_rows(published: Strategy) -> None:
    answer = await published.program.get(SAFE)
    assert "last-modified" not in answer.headers
    assert set(answer.json()) == {"release", "period", "measure", "by", "rows"}


@pytest.mark.parametrize("asked", [{"params": {"format": "csv"}}, {"headers": {"accept": "text/csv"}}])
async def test_a_spreadsheet_has_the_same_columns(
    published: Strategy, asked: dict[str, dict[str, str]]
) -> None:
    path = SAFE + ("&format=csv" if "params" in asked else "")
    answer = await published.program.get(path, headers=asked.get("headers"))
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0] == {"answer": "safe", "people": "40", "symbol": ""}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/summaries",
        "/api/v1/summaries?measure=edu-nothing",
        "/api/v1/summaries?measure=edu-safe&by=tag",
        "/api/v1/summaries?measure=edu-safe&by=helped_by,channel",
        "/api/v1/summaries?measure=edu-safe&place=school",
        "/api/v1/summaries?measure=edu-safe&format=xml",
        "/api/v1/releases?since=yesterday",
    ],
)
async def test_what_can_not_be_asked_is_refused_in_plain_words(published: Strategy, path: str) -> None:
    answer = await published.program.get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_an_unknown_category_is_answered_like_one_that_is_too_small(published: Strategy) -> None:
    unknown = await published.program.get(SAFE + "&district=atlantis")
    small = await published.program.get(SAFE + "&district=redditch")
    assert unknown.status_code == 200
    assert unknown.content == small.content
    assert {row["symbol"] for row in unknown.json()["rows"]} == {"c"}


async def test_the_open_period_can_not_be_asked(published: Strategy) -> None:
    answer = await published.program.get(SAFE + "&release=2026-autumn")
    assert answer.status_code == 404
    assert answer.content == (await published.program.get(SAFE + "&release=nonsense")).content


async def test_releases_questions_and_themes_are_listed(published: Strategy) -> None:
    [release] = (await published.program.get("/api/v1/releases")).json()["releases"]
    assert (release["period"], release["k"], release["anchoring"]) == ("2026-spring", 10, "proven")
    assert "redditch" in {each["id"] for each in release["categories"]["district"]}
    questions = (await published.program.get("/api/v1/questions")).json()["questions"]
    assert questions[0]["id"] == "edu-like"
    assert questions[0]["answers"][0] == {"id": "good", "label": "Good"}
    themes = (await published.program.get("/api/v1/themes")).json()["themes"]
    assert len(themes) == 41
    assert themes[0]["area"] == "education"


async def test_before_the_first_release_there_is_nothing(strategy: Strategy) -> None:
    assert (await strategy.program.get("/api/v1/releases")).json() == {"releases": []}
    assert (await strategy.program.get(SAFE)).status_code == 404


async def test_nobody_comes_in_without_a_key(published: Strategy) -> None:
    for path in (SAFE, "/api/v1/releases", "/api/v1/questions", "/api/v1/themes"):
        answer = await published.program.get(path, headers={"authorization": ""})
        assert answer.status_code == 401


async def test_what_may_be_asked_is_described_in_openapi(strategy: Strategy) -> None:
    described = strategy.site.app.openapi()["paths"]["/api/v1/summaries"]["get"]
    assert {each["name"] for each in described["parameters"]} == {*PARAMETERS, "format"}
    assert {"200", "304", "401", "404", "422"} <= set(described["responses"])


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-5", "@name", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert write_csv(["a"], [[cell]]).splitlines()[1].lstrip('"').startswith("'")


def test_ordinary_cells_stay_as_they_are() -> None:
    assert write_csv(["a", "b", "c"], [["x, y", 4, None]]) == 'a,b,c\r\n"x, y",4,\r\n'
