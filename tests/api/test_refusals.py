"""Every "no" is said in plain words to a person, and as problem+json to a program."""

from http import HTTPStatus

import pytest

from core.errors import Refusal
from tests.api.conftest import Site

JSON = {"accept": "application/json"}


class TooEarly(Refusal):
    """A pretend refusal."""

    status = HTTPStatus.CONFLICT
    words = "It is too early for that."


async def refuse() -> None:
    raise TooEarly


async def fail() -> None:
    raise RuntimeError("secret words of a child")


async def count(number: int) -> int:
    return number


@pytest.fixture
def broken_site(site: Site) -> Site:
    for path, endpoint in (("refuse", refuse), ("fail", fail), ("count", count)):
        for place in ("/staff/", "/api/v1/", "/"):
            site.app.add_api_route(f"{place}{path}", endpoint)
    return site


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/staff/refuse", 409, "It is too early for that."),
        ("/staff/fail", 500, "Something is wrong on our side."),
        ("/staff/count?number=many", 422, "Some of the form is not filled in right."),
        ("/staff/nothing", 404, "There is no page here."),
        ("/nothing", 404, "This page is not here"),
        ("/fail", 500, "Something went wrong"),
    ],
)
async def test_a_person_reads_a_page(broken_site: Site, path: str, status: int, words: str) -> None:
    answer = await broken_site.open_browser().get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert words in answer.text
    assert "secret words" not in answer.text
    assert answer.text.count("<h1>") == 1
    assert answer.headers["cache-control"] == "no-store"


async def test_a_young_person_on_a_wrong_page_is_not_shown_the_pages_of_staff(site: Site) -> None:
    page = (await site.open_browser().get("/nothing")).text
    assert "for staff" not in page
    assert 'href="/"' in page
    assert "call 999" in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/v1/refuse", 409, "It is too early for that."),
        ("/api/v1/fail", 500, "Something is wrong on our side. Please try again soon."),
        ("/api/v1/nothing", 404, "There is no page here."),
    ],
)
async def test_a_program_reads_a_problem(broken_site: Site, path: str, status: int, words: str) -> None:
    answer = await broken_site.open_browser().client.get(path, headers=JSON)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["detail"]) == (status, words)


async def test_a_program_is_told_what_does_not_fit_but_not_what_it_sent(broken_site: Site) -> None:
    answer = await broken_site.open_browser().client.get("/api/v1/count?number=secret", headers=JSON)
    assert answer.json()["wrong"] == [{"at": ["query", "number"], "why": "int_parsing"}]
    assert "secret" not in answer.text


async def test_a_wrong_method_is_refused_with_the_right_ones(broken_site: Site) -> None:
    answer = await broken_site.open_browser().client.delete("/api/v1/refuse", headers=JSON)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


async def test_a_program_that_is_not_signed_in_is_not_led_to_a_page(site: Site) -> None:
    answer = await site.open_browser().client.get("/staff/queue", headers=JSON)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "Please sign in first."
