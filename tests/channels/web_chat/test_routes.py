"""The way in for browsers and scripts."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response

from core.conversation.tables import Kind
from tests.channels.web_chat.talk import ORIGIN, Talks


async def open_by_script(script: AsyncClient) -> tuple[str, dict[str, str], list[dict[str, Any]]]:
    opened = (await script.post("/chat/conversations", json={"client": "api"})).json()
    return (
        f"/chat/conversations/{opened['conversation']}",
        {"Authorization": f"Bearer {opened['token']}"},
        opened["messages"],
    )


async def send(script: AsyncClient, address: str, key: dict[str, str], **said: Any) -> Response:
    said.setdefault("client_id", str(uuid4()))
    return await script.post(f"{address}/messages", json=said, headers=key)


async def test_a_browser_gets_the_welcome_and_a_cookie_that_scripts_cannot_read(browser: AsyncClient) -> None:
    answer = await browser.post("/chat/conversations")
    assert answer.status_code == 201
    assert set(answer.json()) == {"conversation", "messages"}
    assert "robot" in answer.json()["messages"][0]["text"]
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie.split("hys_only_mine")[0], "on a shared device it goes with the browser"


async def test_on_a_device_that_is_only_theirs_the_place_is_kept(browser: AsyncClient) -> None:
    answer = await browser.post("/chat/conversations", json={"only_mine": True})
    assert "Max-Age=7776000" in answer.headers["set-cookie"]


async def test_a_secure_address_gets_a_host_cookie() -> None:
    talks = Talks(public_url="https://say.example.org")
    from fastapi import FastAPI
    from httpx import ASGITransport

    from channels.web_chat.routes import web_chat_router

    app = FastAPI()
    app.include_router(web_chat_router(talks.web))
    async with AsyncClient(transport=ASGITransport(app), base_url="https://say.example.org") as client:
        answer = await client.post("/chat/conversations")
    assert answer.headers["set-cookie"].startswith("__Host-hys_conversation=")
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_script_gets_a_token_and_no_cookie(script: AsyncClient) -> None:
    answer = await script.post("/chat/conversations", json={"client": "api"})
    assert answer.status_code == 201
    assert answer.json()["token"]
    assert "set-cookie" not in answer.headers


async def test_messages_have_the_public_shape(script: AsyncClient) -> None:
    _, _, messages = await open_by_script(script)
    assert messages[-1] == {
        "seq": 2,
        "author": "bot",
        "text": "What do you want to do?",
        "easy_text": "Easy: What do you want to do?",
        "choices": [
            {"id": "2-Yes please", "label": "Yes please", "symbol": "good"},
            {"id": "2-No thanks", "label": "No thanks", "symbol": "no"},
        ],
        "kind": "question",
    }


async def test_only_a_safety_answer_has_a_level(script: AsyncClient, talks: Talks) -> None:
    address, key, _ = await open_by_script(script)
    talks.say(next(iter(talks.talks)), "Call 999.", kind=Kind.SAFETY, level="danger")
    messages = (await script.get(f"{address}/messages", headers=key)).json()["messages"]
    assert messages[-1]["level"] == "danger"
    assert all("level" not in each for each in messages[:-1])


async def test_the_same_message_twice_is_one_message(script: AsyncClient) -> None:
    address, key, _ = await open_by_script(script)
    client_id = str(uuid4())
    first = await send(script, address, key, client_id=client_id, text="i like art")
    again = await send(script, address, key, client_id=client_id, text="i like art")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json() == {"seq": 3}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"text": "a", "choice": "b"}, 422),
        ({}, 422),
        ({"text": "   "}, 422),
        ({"text": 7}, 422),
        ({"text": "a", "client_id": "not an id"}, 422),
        ({"text": "a", "client_id": None}, 422),
        ({"choice": "of another question"}, 409),
        ({"text": "a" * 200_001}, 413),
    ],
)
async def test_a_message_that_cannot_be_taken_is_refused_in_plain_words(
    script: AsyncClient, said: dict[str, Any], status: int
) -> None:
    address, key, _ = await open_by_script(script)
    answer = await send(script, address, key, **said)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"].endswith(".")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"words"', b"[" * 100_000, b"\xff\xfe"])
async def test_a_body_that_is_no_message_is_refused(script: AsyncClient, body: bytes) -> None:
    address, key, _ = await open_by_script(script)
    answer = await script.post(f"{address}/messages", content=body, headers=key)
    assert answer.status_code == 422


async def test_of_a_body_without_end_the_first_part_is_still_heard(script: AsyncClient, talks: Talks) -> None:
    address, key, _ = await open_by_script(script)
    text = "he hits me " + "a" * 3_000_000
    answer = await send(script, address, key, text=text)
    assert answer.status_code == 413
    heard = next(iter(talks.talks.values())).messages[2].text
    assert heard.startswith("he hits me")
    assert len(heard) == 200_000


async def test_only_what_came_after_a_seq_is_given(script: AsyncClient) -> None:
    address, key, _ = await open_by_script(script)
    answer = await script.get(f"{address}/messages", params={"after": 1}, headers=key)
    assert [each["seq"] for each in answer.json()["messages"]] == [2]


async def test_who_waits_is_told_as_soon_as_there_is_something(script: AsyncClient, talks: Talks) -> None:
    address, key, _ = await open_by_script(script)
    waiting = asyncio.create_task(
        script.get(f"{address}/messages", params={"after": 2, "wait": 20}, headers=key)
    )
    await asyncio.sleep(0.05)
    talks.say(next(iter(talks.talks)), "Here I am.")
    answer = await asyncio.wait_for(waiting, 2)
    assert [each["text"] for each in answer.json()["messages"]] == ["Here I am."]


async def test_a_stream_says_it_is_ready_then_gives_messages_under_their_seq(script: AsyncClient) -> None:
    address, key, _ = await open_by_script(script)
    answer = await script.get(f"{address}/events", params={"after": 1}, headers=key)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    events = answer.text.split("\n\n")
    assert events[0] == "retry: 1000\nevent: ready\ndata: {}"
    number, data = events[1].split("\n")
    assert number == "id: 2"
    assert json.loads(data.removeprefix("data: "))["seq"] == 2
    assert ": still here" in events


async def test_a_stream_goes_on_after_the_last_event_a_browser_has(script: AsyncClient) -> None:
    address, key, _ = await open_by_script(script)
    answer = await script.get(f"{address}/events", headers={**key, "Last-Event-ID": "2"})
    assert "id: " not in answer.text


async def test_a_stream_ends_quietly_when_the_conversation_does(script: AsyncClient) -> None:
    address, key, _ = await open_by_script(script)
    reading = asyncio.create_task(script.get(f"{address}/events", headers=key))
    await asyncio.sleep(0.05)
    await script.post(f"{address}/finish", headers=key)
    answer = await asyncio.wait_for(reading, 2)
    assert answer.status_code == 200


async def test_nobody_reads_or_writes_with_another_conversations_key(script: AsyncClient) -> None:
    mine, _, _ = await open_by_script(script)
    _, other_key, _ = await open_by_script(script)
    for answer in (
        await script.get(f"{mine}/messages", headers=other_key),
        await script.get(f"{mine}/events", headers=other_key),
        await script.get(f"{mine}/messages"),
        await script.get(f"{mine}/messages", headers={"Authorization": "Bearer made-up"}),
        await send(script, mine, other_key, text="hello"),
    ):
        assert answer.status_code == 404


async def test_a_cookie_from_another_page_is_not_enough_to_write(browser: AsyncClient) -> None:
    opened = (await browser.post("/chat/conversations")).json()
    address = f"/chat/conversations/{opened['conversation']}/messages"
    said = {"client_id": str(uuid4()), "text": "hello"}
    for origin in (
        "https://elsewhere.example",
        "null",
        "http://127.0.0.1:9999",
        "http://127.0.0.1.evil:8000",
    ):
        answer = await browser.post(address, json=said, headers={"Origin": origin})
        assert answer.status_code == 403
    assert (await browser.post(address, json=said)).status_code == 202
    by_referer = await browser.post(address, json=said, headers={"Origin": "", "Referer": f"{ORIGIN}/"})
    assert by_referer.status_code == 200


async def test_without_a_word_of_where_it_comes_from_a_cookie_may_not_write(
    browser: AsyncClient, script: AsyncClient
) -> None:
    opened = (await browser.post("/chat/conversations")).json()
    answer = await script.post(
        f"/chat/conversations/{opened['conversation']}/messages",
        json={"client_id": str(uuid4()), "text": "hello"},
        headers={"Cookie": f"hys_conversation={browser.cookies['hys_conversation']}"},
    )
    assert answer.status_code == 403


async def test_another_page_cannot_open_a_conversation_in_somebodys_browser(script: AsyncClient) -> None:
    answer = await script.post("/chat/conversations", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


async def test_on_this_machine_both_of_its_names_are_our_page(browser: AsyncClient) -> None:
    answer = await browser.post("/chat/start", headers={"Origin": "http://localhost:8000"})
    assert answer.status_code == 200


async def test_finishing_takes_the_key_from_both_sides(browser: AsyncClient) -> None:
    opened = (await browser.post("/chat/conversations")).json()
    address = f"/chat/conversations/{opened['conversation']}"
    answer = await browser.post(f"{address}/finish")
    assert answer.status_code == 200
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert not browser.cookies
    assert (await browser.get(f"{address}/messages")).status_code == 404
