"""Only Rasa may ask the actions, and they answer only from the state that was sent."""

import json
import zlib

import httpx
import pytest

from bot.actions.knowledge import Knowledge
from bot.actions.server import actions_router
from tests.bot.asking import TOKEN, asking, call, door
from tests.bot.states import new_state


async def test_only_rasa_on_this_machine_with_the_token_may_ask(knowledge: Knowledge) -> None:
    for host, token in (("10.0.0.7", TOKEN), ("127.0.0.1", "wrong"), ("127.0.0.1", "")):
        async with door(knowledge, host=host, token=token) as stranger:
            reply = await stranger.post("/rasa/actions", json=call("action_ask_again", new_state()))
            assert reply.status_code == 403


async def test_there_is_no_door_without_a_token(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="token"):
        actions_router(knowledge, "")


async def test_a_deflated_call_is_read(rasa: httpx.AsyncClient) -> None:
    body = zlib.compress(json.dumps(call("action_ask_again", new_state())).encode())
    reply = await rasa.post("/rasa/actions", content=body, headers={"content-encoding": "deflate"})
    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"), [(b"no json", 422), (b"[]", 422), (b"{" + b" " * 4_000_001 + b"}", 413)]
)
async def test_what_is_no_call_is_refused(rasa: httpx.AsyncClient, body: bytes, status: int) -> None:
    assert (await rasa.post("/rasa/actions", content=body)).status_code == status


async def test_an_action_nobody_knows_is_not_found(rasa: httpx.AsyncClient) -> None:
    reply = await rasa.post("/rasa/actions", json=call("action_dance", new_state()))
    assert (reply.status_code, reply.json()["action_name"]) == (404, "action_dance")


async def test_an_action_does_not_answer_from_a_state_that_was_not_sent(rasa: httpx.AsyncClient) -> None:
    stale = call("action_go_back", asking("edu-safe", "edu-like"), digest="another")
    assert (await rasa.post("/rasa/actions", json=stale)).status_code == 409


async def test_rasa_is_restored_to_wait_for_the_open_answer(rasa: httpx.AsyncClient) -> None:
    state = asking("edu-safe", "edu-like")
    restore = call("action_session_start", {}, slots={"session_started_metadata": {"state": state}})
    events = (await rasa.post("/rasa/actions", json=restore)).json()["events"]
    assert [each["event"] for each in events] == [
        "session_started",
        "slot",
        "slot",
        "active_loop",
        "slot",
        "action",
    ]
    assert events[1]["value"] == state
    assert events[3]["name"] == "questions_form"
    assert (events[4]["name"], events[4]["value"]) == ("requested_slot", "answer")
    assert events[5]["name"] == "action_listen"
