"""The strategy team's page: a chart, and its table."""

import re
from html import unescape

import pytest

from api.summaries.chart import LONGEST_LINE, Told, draw_chart
from core.staff.roles import Role
from tests.api.summaries.conftest import Strategy


def table_of(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def drawn_in(page: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<text[^>]*>(.*?)</text>", page)]


async def page_of(strategy: Strategy, query: str = "") -> str:
    browser = await strategy.site.come_in(Role.STRATEGY)
    answer = await browser.get(f"/staff/insight{query}")
    assert answer.status_code == 200
    return answer.text


async def test_the_chart_and_the_table_say_the_same_numbers(published: Strategy) -> None:
    page = await page_of(published, "?measure=edu-safe&by=answer")
    assert table_of(page) == [
        ["Answer", "People"],
        ["Safe", "40"],
        ["Sometimes safe", "30"],
        ["Not safe", "25"],
        ["I don't know", "10"],
    ]
    assert drawn_in(page) == ["Safe: 40", "Sometimes safe: 30", "Not safe: 25", "I don't know: 10"]


async def test_the_chart_has_a_name_and_a_description(published: Strategy) -> None:
    page = await page_of(published, "?measure=edu-safe&by=answer")
    assert 'role="img" aria-labelledby="chart-title chart-words"' in page
    assert re.search(r'<title id="chart-title">Chart: .+</title>', page)
    assert re.search(r'<desc id="chart-words">.+</desc>', page)


async def test_what_is_hidden_is_said_in_words(published: Strategy) -> None:
    page = await page_of(published, "?measure=edu-like&by=answer")
    assert "Too few people to show" in page
    assert "There are too few people to draw a chart." in page
    assert "<svg" not in page


async def test_the_form_keeps_what_was_picked(published: Strategy) -> None:
    page = await page_of(published, "?measure=edu-safe&by=answer,district")
    assert '<option value="edu-safe" selected>' in page
    assert '<option value="answer,district" selected>' in page


@pytest.mark.parametrize("measure", ["area", "theme", "unanchored", "edu-like"])
async def test_every_kind_of_measure_has_its_page(published: Strategy, measure: str) -> None:
    page = await page_of(published, f"?measure={measure}&by=answer")
    assert "<table" in page


async def test_before_the_first_release_the_page_says_so(strategy: Strategy) -> None:
    assert "There is no summary yet." in await page_of(strategy)


async def test_only_the_strategy_team_comes_in(published: Strategy) -> None:
    for role in set(Role) - {Role.STRATEGY}:
        browser = await published.site.come_in(role)
        assert (await browser.get("/staff/insight")).status_code == 403


async def test_an_address_changed_by_hand_is_refused_in_plain_words(published: Strategy) -> None:
    browser = await published.site.come_in(Role.STRATEGY)
    answer = await browser.get("/staff/insight?measure=nonsense")
    assert answer.status_code == 422
    assert "We do not measure this." in answer.text


def test_words_beside_a_bar_fit_a_small_screen() -> None:
    chart = draw_chart([Told(("A class for extra help in a school", "Wyre Forest"), "40", 40)])
    assert all(len(line) <= LONGEST_LINE for bar in chart.bars for _, line in bar.lines)


def test_the_longest_bar_is_the_largest_number_and_hidden_ones_have_none() -> None:
    rows = [Told(("a",), "40", 40), Told(("b",), "10", 10), Told(("c",), "Too few", None)]
    assert [bar.length for bar in draw_chart(rows).bars] == [100, 25]
