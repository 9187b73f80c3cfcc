"""Words that are refused are heard all the same: who is in danger gets the numbers that help."""

from typing import Any

import pytest
from httpx import AsyncClient

from channels.web_chat.refused_words import words_in
from core.ids import ConversationId
from tests.channels.web_chat.talk import CATALOGUE, Talks

DANGER = "he hits me and im scared to go home"
ID = "9f1c7f9e-6f0b-4b3e-9a55-2f7a6c1f0001"
NUMBERS = [CATALOGUE.say("danger_numbers_age_unknown")]


async def open_chat(client: AsyncClient) -> tuple[str, dict[str, str]]:
    opened = (await client.post("/chat/conversations", json={"client": "api"})).json()
    return f"/chat/conversations/{opened['conversation']}", {"Authorization": f"Bearer {opened['token']}"}


@pytest.mark.parametrize(
    "body",
    [
        {"text": DANGER},
        {"text": DANGER, "client_id": "not an id"},
        {"text": DANGER, "choice": "both", "client_id": ID},
        {"text": [DANGER], "client_id": ID},
    ],
)
async def test_a_message_that_is_none_is_heard_in_its_conversation(
    script: AsyncClient, talks: Talks, body: dict[str, Any]
) -> None:
    address, key = await open_chat(script)
    answer = await script.post(f"{address}/messages", json=body, headers=key)
    assert answer.status_code == 422
    assert answer.json()["safety"] == NUMBERS
    whose, words = talks.refused[-1]
    assert whose == address.rpartition("/")[2]
    assert DANGER in words


@pytest.mark.parametrize(
    "body",
    [b'{"text": "' + DANGER.encode() + b'", "client_id":', DANGER.encode(), b'{"text": "\\q he hits me"}'],
)
async def test_broken_json_is_heard(script: AsyncClient, body: bytes) -> None:
    address, key = await open_chat(script)
    answer = await script.post(f"{address}/messages", content=body, headers=key)
    assert (answer.status_code, answer.json()["safety"]) == (422, NUMBERS)


async def test_a_body_without_end_whose_words_can_not_be_found_is_heard(script: AsyncClient) -> None:
    address, key = await open_chat(script)
    body = b'{"words": "' + DANGER.encode() + b" a" * 1_100_000
    answer = await script.post(f"{address}/messages", content=body, headers=key)
    assert (answer.status_code, answer.json()["safety"]) == (422, NUMBERS)


async def test_words_sent_after_finishing_are_heard_and_belong_to_nobody(
    script: AsyncClient, talks: Talks
) -> None:
    address, key = await open_chat(script)
    await script.post(f"{address}/finish", headers=key)
    answer = await script.post(f"{address}/messages", json={"text": DANGER, "client_id": ID}, headers=key)
    assert (answer.status_code, answer.json()["safety"]) == (404, NUMBERS)
    assert talks.refused == [(None, DANGER)]


async def test_everyday_words_that_are_refused_get_no_numbers(script: AsyncClient) -> None:
    address, key = await open_chat(script)
    answer = await script.post(f"{address}/messages", json={"text": "i like art"}, headers=key)
    assert (answer.status_code, "safety" in answer.json()) == (422, False)


async def test_a_form_after_finishing_shows_the_numbers_to_press(browser: AsyncClient, talks: Talks) -> None:
    await browser.post("/chat/start")
    await browser.post("/chat/finish", data={"do": "leave"})
    page = await browser.post("/chat/say", data={"text": DANGER, "client_id": ID})
    assert page.status_code == 404
    assert 'href="tel:999"' in page.text
    assert DANGER in page.text
    assert talks.refused == [(None, DANGER)]


async def test_what_a_form_holds_beside_the_words_is_not_listened_to(
    browser: AsyncClient, talks: Talks
) -> None:
    await browser.post("/chat/start")
    await browser.post("/chat/say", data={"code": DANGER})
    assert talks.refused == []


async def test_a_form_without_an_id_is_heard_in_the_conversation_of_the_cookie(
    browser: AsyncClient, talks: Talks
) -> None:
    await browser.post("/chat/start")
    page = await browser.post("/chat/say", data={"text": DANGER})
    assert page.status_code == 422
    assert 'href="tel:999"' in page.text
    assert talks.refused == [(ConversationId(f"{1:032x}"), DANGER)]


async def test_another_page_can_put_no_words_into_the_conversation_of_a_cookie(
    browser: AsyncClient, talks: Talks
) -> None:
    await browser.post("/chat/start")
    elsewhere = {"Origin": "https://elsewhere.example"}
    page = await browser.post("/chat/say", data={"text": DANGER, "client_id": ID}, headers=elsewhere)
    assert page.status_code == 403
    assert 'href="tel:999"' in page.text
    assert talks.refused == [(None, DANGER)]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('{"text": "a b"}', "a b"),
        ('{"text": "a \\u00e9 b', "a \u00e9 b"),
        ("a%20b", "a b"),
        ("[1, 2]", "[1, 2]"),
        ("", ""),
    ],
)
def test_words_are_found_in_whole_and_broken_json(written: str, words: str) -> None:
    assert words_in(written) == words
