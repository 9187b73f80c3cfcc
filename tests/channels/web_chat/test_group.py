"""The page of the group code, and a device that a group shares: the next person begins with nothing of the last."""

import re

import pytest
from httpx import AsyncClient

from tests.channels.web_chat.talk import GROUP_CODE, Talks
from tests.channels.web_chat.test_pages import fields_of

WRONG = "This code does not work now."


async def share(browser: AsyncClient) -> str:
    """Let a helper type the code once; give the page that the first person sees."""
    return (await browser.post("/group", data={"text": GROUP_CODE, "shared": "yes"})).text


async def test_the_first_page_leads_to_the_code_and_the_code_into_a_conversation(
    browser: AsyncClient, talks: Talks
) -> None:
    assert 'href="/group"' in (await browser.get("/")).text
    page = (await browser.get("/group")).text
    assert "Write your group code" in page
    assert 'value="not_safe"' in page
    page = (await browser.post("/group", data={"text": GROUP_CODE})).text
    assert 'role="log"' in page
    assert len(talks.in_group) == 1
    assert "Next person" not in page
    assert "hys_group" not in browser.cookies


@pytest.mark.parametrize("typed", ["", "4821 9376", "<b>", "' OR 1=1", "4821\x009375"])
async def test_a_wrong_code_is_said_beside_the_field_and_opens_nothing(
    browser: AsyncClient, talks: Talks, typed: str
) -> None:
    answer = await browser.post("/group", data={"text": typed})
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert "<b>" not in answer.text
    assert talks.talks == {}


async def test_danger_in_the_field_gets_the_numbers(browser: AsyncClient) -> None:
    answer = await browser.post("/group", data={"text": "he hits me"})
    assert 'href="tel:999"' in answer.text.split('aria-labelledby="group-heading"')[1].split("<form")[0]


async def test_on_a_shared_device_the_next_person_needs_no_code_and_sees_nothing_of_the_last(
    browser: AsyncClient, talks: Talks
) -> None:
    page = await share(browser)
    assert "Your group shares this device." in page
    assert "only_mine" not in page
    for person in (1, 2, 3):
        page = (await browser.post("/chat/start", data={"only_mine": "yes"})).text
        assert "hys_only_mine" not in browser.cookies
        await browser.post("/chat/say", data={**fields_of(page, "say"), "text": f"secret {person}"})
        finished = await browser.post("/chat/finish", data={"next": "yes"})
        assert finished.url.path == "/"
        assert "secret" not in finished.text
        assert "Your group shares this device." in finished.text
        assert "Clear-Site-Data" in finished.history[0].headers
    assert len(talks.in_group) == 3
    assert talks.tokens == {}


async def test_there_is_no_go_on_on_a_shared_device(browser: AsyncClient) -> None:
    await share(browser)
    await browser.post("/chat/start")
    again = (await browser.get("/")).text
    assert 'action="/chat/go-on"' not in again
    assert "Next person" in again


async def test_unsent_words_are_asked_about_before_the_next_person_comes(browser: AsyncClient) -> None:
    await share(browser)
    await browser.post("/chat/start")
    page = (await browser.post("/chat/finish", data={"next": "yes", "text": "my words"})).text
    assert "If you finish now, they will be lost." in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert hidden["next"] == "yes"
    finished = await browser.post("/chat/finish", data={**hidden, "text": "my words", "do": "send"})
    assert finished.url.path == "/"


async def test_who_is_finished_leaves_the_code_for_the_group_until_the_group_is_finished(
    browser: AsyncClient,
) -> None:
    await share(browser)
    await browser.post("/chat/start")
    assert "Next person" in (await browser.post("/chat/finish", data={})).text
    assert "hys_group" in browser.cookies
    await browser.post("/group", data={"do": "end"})
    assert "hys_group" not in browser.cookies
    assert "I have a group code" in (await browser.get("/")).text


async def test_when_the_session_is_over_the_device_asks_for_a_code_but_never_before_danger(
    browser: AsyncClient, talks: Talks
) -> None:
    await share(browser)
    talks.group_is_over = True
    page = await browser.post("/chat/start", data={"first": "not_safe"})
    assert "Call 999" in page.text
    await browser.post("/chat/finish", data={})
    asked = await browser.post("/chat/start")
    assert asked.status_code == 422
    assert WRONG in asked.text
    assert talks.in_group == set()
    assert "I have a group code" in (await browser.get("/")).text
