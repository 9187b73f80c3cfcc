"""Ask the actions as Rasa asks them: through their door, with a tracker."""

from typing import Any

import httpx
from fastapi import FastAPI

from bot.actions.knowledge import Knowledge
from bot.actions.server import actions_router
from bot.actions.turn import digest_of
from core.conversation.bot import State
from tests.bot.states import new_state

TOKEN = "a-secret"


def door(knowledge: Knowledge, *, host: str = "127.0.0.1", token: str = TOKEN) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(actions_router(knowledge, TOKEN))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=(host, 50000), raise_app_exceptions=False),
        base_url="http://actions",
        headers={"x-hys-token": token},
    )


def call(
    action: str,
    state: State,
    *,
    text: str | None = None,
    intent: str = "tell_view",
    answer: str | None = None,
    digest: str | None = None,
    slots: dict[str, Any] | None = None,
    **entities: str,
) -> dict[str, Any]:
    """What Rasa sends for one action; with a text it was typed, without it was chosen."""
    latest = {
        "text": text or f"({intent})",
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "metadata": {"message": "message-1", "digest": digest or digest_of(state)},
        "choice": text is None,
    }
    held = {"state": state, "answer": answer, **(slots or {})}
    tracker = {"sender_id": "s", "slots": held, "latest_message": latest, "events": [], "paused": False}
    tracker |= {"followup_action": None, "active_loop": {}, "latest_action_name": "action_listen"}
    return {"next_action": action, "sender_id": "s", "tracker": tracker, "version": "3.6.21"}


def choose(form: str, state: State, answer: str) -> dict[str, Any]:
    """What Rasa sends when an answer to a form's open question was chosen."""
    called = call(f"validate_{form}", state, intent="choose_answer", answer="(choose_answer)")
    called["tracker"]["latest_message"]["entities"] = [{"entity": "answer", "value": answer}]
    return called


async def said(rasa: httpx.AsyncClient, called: dict[str, Any]) -> tuple[list[dict[str, Any]], State]:
    """What the action hands over, and the state it leaves."""
    reply = await rasa.post("/rasa/actions", json=called)
    assert reply.status_code == 200
    handed = [each["custom"] for each in reply.json()["responses"]]
    states = [each["state"] for each in handed if each.get("decide") == "state"]
    assert len(states) == 1
    return handed[:-1], states[0]


def asking(question: str, *shown: str, **answers: str) -> State:
    return new_state(
        flow="questions",
        set="education",
        question=question,
        trail=[*shown, question],
        answers={name.replace("_", "-"): answer for name, answer in answers.items()},
    )
