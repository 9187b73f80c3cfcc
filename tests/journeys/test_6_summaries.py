"""Journey 6: invented people talk, both terms are published, and the strategy team reads them."""

import asyncio
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect
from rich.console import Console

from app.demo.demo import closed_periods, play_demo
from app.lists import read_lists
from app.stores import bring_up_to_date, open_stores
from core.clock import system_clock
from core.settings import Settings
from tests.journeys.people import StaffMember, password_of
from tests.journeys.service import NOBODY_LISTENS, TunedService, run_command, tuned_service

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

PEOPLE = 200
QUESTION = "edu-like"


@dataclass
class Published:
    """A service on what the demo published; no bot is needed to read it."""

    service: TunedService
    period: str
    key: str

    def ask(self, path: str, *, accept: str = "application/json", **parameters: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", "Accept": accept}
        return httpx.get(
            f"{self.service.url}/api/v1/{path}", params=parameters, headers=headers, trust_env=False
        )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    home = tmp_path_factory.mktemp("demo")
    period = asyncio.run(play(Settings(hys_home=home, _env_file=None)))
    key = run_command(home, "api-keys", "add", "insight tool", "--scope", "summaries")
    assert key.returncode == 0, key.stderr
    assert len(key.stdout.split()) == 1, "the secret stands alone"
    with tuned_service(home, RASA_URL=NOBODY_LISTENS) as service:
        yield Published(service, period, key.stdout.strip())


async def play(settings: Settings) -> str:
    """Play the demo with few people, as its command does with many; give the newest period that it published."""
    stores = open_stores(settings)
    await bring_up_to_date(stores)
    await play_demo(settings, stores, Console(file=StringIO()), people=PEOPLE)
    await stores.close()
    return closed_periods(read_lists(settings).area.periods, system_clock)[-1].id


def test_the_api_answers_in_json_and_csv_with_a_key(published: Published) -> None:
    releases = published.ask("releases").json()["releases"]
    assert len(releases) == 2
    newest = releases[0]
    assert newest["period"] == published.period
    asked = {"release": newest["release"], "measure": QUESTION, "by": "answer"}
    summary = published.ask("summaries", **asked).json()
    assert summary["by"] == ["answer"]
    assert any(row["people"] for row in summary["rows"])
    written = published.ask("summaries", **asked, format="csv")
    assert written.headers["content-type"].startswith("text/csv")
    assert published.ask("summaries", accept="text/csv", **asked).text == written.text
    rows = list(csv.DictReader(io.StringIO(written.text.lstrip("\ufeff"))))
    assert [row["people"] for row in rows] == [str(row["people"] or "") for row in summary["rows"]]


@pytest.mark.parametrize("by", ["answer", "answer,district", "answer,age", "district", "age"])
def test_no_number_under_k_is_ever_served(published: Published, by: str) -> None:
    for release in published.ask("releases").json()["releases"]:
        for question in published.ask("questions", release=release["release"]).json()["questions"]:
            rows = rows_of(published, release["release"], question["id"], by)
            assert all(row["people"] is None or row["people"] >= release["k"] for row in rows)
            assert all((row["people"] is None) == (row["symbol"] is not None) for row in rows)


def rows_of(published: Published, release: str, measure: str, by: str) -> list[dict[str, Any]]:
    answer = published.ask("summaries", release=release, measure=measure, by=by)
    assert answer.is_success, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def test_nobody_reads_without_a_key_and_nonsense_is_refused(published: Published) -> None:
    url = f"{published.service.url}/api/v1/summaries"
    assert httpx.get(url, trust_env=False).status_code == 401
    wrong = httpx.get(url, headers={"Authorization": "Bearer nonsense"}, trust_env=False)
    assert wrong.status_code == 401
    assert published.ask("summaries", measure="nonsense", by="answer").status_code == 422
    assert published.ask("summaries", measure=QUESTION, by="name").status_code == 422


def test_a_term_is_published_once_and_an_open_one_not_at_all(published: Published) -> None:
    again = run_command(published.service.home, "release", published.period)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    assert again.stderr.strip()
    unknown = run_command(published.service.home, "release", "2031-spring")
    assert unknown.returncode == 1
    assert "Traceback" not in unknown.stderr


def test_the_strategy_team_sees_one_chart_with_its_table(published: Published, browser: Browser) -> None:
    context = browser.new_context(base_url=published.service.url)
    page = context.new_page()
    page.goto("/staff/insight")
    page.get_by_label("Work email").fill("kit@example.org")
    page.get_by_label("Password").fill(password_of(published.service, "kit@example.org"))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/staff/insight")
    page.locator("#measure").select_option(QUESTION)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("img")).to_have_count(1)
    expect(page.get_by_role("table")).to_have_count(1)
    newest = published.ask("releases").json()["releases"][0]["release"]
    shown = [cell.strip() for cell in page.locator("td.people").all_inner_texts()]
    served = [row["people"] for row in rows_of(published, newest, QUESTION, "answer")]
    assert len(shown) == len(served)
    assert all(str(people) in cell for people, cell in zip(served, shown, strict=True) if people is not None)
    context.close()


def test_a_key_worker_does_not_see_the_summaries(published: Published) -> None:
    worker = StaffMember.sign_in(published.service, "sam@example.org")
    assert worker.http.get("/staff/insight").status_code == 403


def test_the_demo_is_refused_where_it_was_played(published: Published) -> None:
    refused = run_command(published.service.home, "demo")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
