"""The actions, asked as Rasa asks them: through their door, with a tracker."""

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
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


@pytest.fixture
async def rasa(knowledge: Knowledge) -> AsyncIterator[httpx.AsyncClient]:
    async with door(knowledge) as asking:
        yield asking


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
    assert (await rasa.post("/rasa/actions", json=stale)).status_code == 500


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


async def test_a_set_starts_with_its_first_question(rasa: httpx.AsyncClient) -> None:
    handed, state = await said(
        rasa, call("action_start_questions", new_state(), intent="start_questions", set="education")
    )
    assert handed[-1] == {"ask_question": "edu-like", "set": "education"}
    assert (state["flow"], state["question"], state["trail"]) == ("questions", "edu-like", ["edu-like"])


async def test_a_chosen_answer_is_a_view_and_the_next_question_follows(rasa: httpx.AsyncClient) -> None:
    chosen = choose("questions_form", asking("edu-like"), "good")
    handed, state = await said(rasa, chosen)
    assert handed == [
        {
            "decide": "record_view",
            "measure": "edu-like",
            "area": "education",
            "answer": "good",
            "text": False,
        },
        {"ask_question": "edu-safe", "set": "education"},
    ]
    assert state["answers"] == {"edu-like": "good"}


async def test_an_interruption_is_left_to_the_rules(rasa: httpx.AsyncClient) -> None:
    interrupted = call("validate_questions_form", asking("edu-like"), text="help", intent="ask_help")
    reply = (await rasa.post("/rasa/actions", json=interrupted)).json()
    assert reply == {"events": [], "responses": []}


async def test_own_words_in_the_middle_of_a_closed_question_are_kept_too(rasa: httpx.AsyncClient) -> None:
    words = "they shout at us all day"
    handed, state = await said(
        rasa, call("validate_questions_form", asking("edu-safe", "edu-like"), text=words, answer=words)
    )
    assert handed[0]["measure"] == "said"
    assert handed[0]["text"] is True
    assert handed[-1] == {"ask_question": "edu-safe", "set": "education"}
    assert state["question"] == "edu-safe"


async def test_a_slip_is_no_view(rasa: httpx.AsyncClient) -> None:
    handed, _ = await said(
        rasa,
        call(
            "validate_questions_form",
            asking("edu-safe"),
            text="banana",
            answer="banana",
            intent="nlu_fallback",
        ),
    )
    assert [each.get("say", "") for each in handed] == ["trouble_not_understood", ""]


async def test_going_back_opens_the_question_before_and_keeps_its_answer(rasa: httpx.AsyncClient) -> None:
    handed, state = await said(
        rasa, call("action_go_back", asking("edu-safe", "edu-like", edu_like="good"), intent="go_back")
    )
    assert handed == [{"ask_question": "edu-like", "set": "education"}]
    assert (state["trail"], state["answers"]) == (["edu-like"], {"edu-like": "good"})


async def test_nobody_goes_back_before_the_first_question(rasa: httpx.AsyncClient) -> None:
    handed, _ = await said(rasa, call("action_go_back", asking("edu-like"), intent="go_back"))
    assert handed[0]["say"] == "question_first_already"


async def test_skipping_what_was_answered_takes_the_answer_back(rasa: httpx.AsyncClient) -> None:
    handed, state = await said(
        rasa, call("action_skip_question", asking("edu-like", edu_like="good"), intent="skip_question")
    )
    assert handed[0] == {"decide": "take_back_view", "measure": "edu-like"}
    assert state["answers"] == {"edu-like": "skip"}


async def test_a_question_that_left_the_bank_is_passed_over(rasa: httpx.AsyncClient) -> None:
    gone = new_state(flow="questions", set="education", question="edu-gone", trail=["edu-gone"])
    handed, state = await said(rasa, call("validate_questions_form", gone, text="ok then", answer="ok then"))
    assert handed == [{"ask_question": "edu-like", "set": "education"}]
    assert state["question"] == "edu-like"


async def test_a_set_that_left_the_bank_leads_to_the_menu(rasa: httpx.AsyncClient) -> None:
    gone = new_state(flow="questions", set="gardening", question="tulips", trail=["tulips"])
    handed, state = await said(rasa, call("action_skip_question", gone, intent="skip_question"))
    assert [each["say"] for each in handed] == ["question_skipped", "menu_question"]
    assert state["flow"] is None


async def test_a_free_sentence_is_recorded_at_once_and_said_back(rasa: httpx.AsyncClient) -> None:
    words = "i hate maths cos its too loud"
    handed, state = await said(rasa, call("action_tell_view", new_state(), text=words))
    assert handed[0] == {
        "decide": "record_view",
        "measure": "said",
        "area": None,
        "answer": None,
        "text": True,
    }
    assert handed[1]["values"] == {"words": words}
    assert handed[2]["say"] == "view_better_question"
    assert [each["label"] for each in handed[2]["choices"]] == ["view_take_back", "choice_skip"]
    assert state["flow"] == "view"


async def test_after_something_good_what_makes_it_good_is_asked(rasa: httpx.AsyncClient) -> None:
    handed, _ = await said(rasa, call("action_tell_view", new_state(), text="i love art its the best lesson"))
    assert handed[2]["say"] == "view_good_question"


async def test_what_was_said_can_be_taken_back_at_once(rasa: httpx.AsyncClient) -> None:
    handed, state = await said(
        rasa, call("action_go_back", new_state(flow="view", step="better"), intent="go_back")
    )
    assert handed[0] == {"decide": "take_back_view", "measure": "said"}
    assert state["flow"] is None


async def test_a_sentence_nobody_understood_is_kept_and_said_back(rasa: httpx.AsyncClient) -> None:
    unclear = call("action_hear_unclear", new_state(), text="i do pottery on fridays", intent="nlu_fallback")
    handed, _ = await said(rasa, unclear)
    assert handed[0]["decide"] == "record_view"
    for words in ("bzzz", "what time is it there?"):
        handed, _ = await said(
            rasa, call("action_hear_unclear", new_state(), text=words, intent="nlu_fallback")
        )
        assert handed[0]["say"] == "trouble_not_understood"


async def test_a_set_can_be_asked_for_by_its_name(rasa: httpx.AsyncClient) -> None:
    asked = call("action_start_questions", new_state(), text="ask me about health", intent="start_questions")
    _, state = await said(rasa, asked)
    assert state["set"] == "health"


async def test_what_is_thought_is_no_new_search(rasa: httpx.AsyncClient) -> None:
    found = new_state(flow="help", step="found", help={"need": "x"})
    words = "my school never listens"
    handed, state = await said(
        rasa, call("validate_help_form", found, text=words, answer=words, intent="tell_view")
    )
    assert handed[0]["measure"] == "said"
    assert state["step"] == "found"


async def test_a_word_is_explained_and_the_question_asked_again(rasa: httpx.AsyncClient) -> None:
    handed, state = await said(
        rasa,
        call("action_explain_word", asking("edu-safe"), text="what does EHCP mean", intent="explain_word"),
    )
    assert handed == [{"explain_word": "ehcp"}, {"ask_question": "edu-safe", "set": "education"}]
    assert state["question"] == "edu-safe"


async def test_a_personal_answer_is_only_a_mark_in_the_state(rasa: httpx.AsyncClient) -> None:
    naming = new_state(flow="request", step="first_name", request={"about": "school"}, lifts="first_name")
    handed, state = await said(
        rasa, call("validate_request_form", naming, text="(given)", answer="(given)", intent="give_answer")
    )
    assert state["request"] == {"about": "school", "first_name": "given"}
    assert state["lifts"] is None
    assert handed[0]["say"] == "request_reach_question"


async def test_the_number_to_reach_somebody_by_is_lifted(rasa: httpx.AsyncClient) -> None:
    reaching = new_state(flow="request", step="reach", request={"about": "school", "first_name": "none"})
    called = choose("request_form", reaching, "call")
    _, state = await said(rasa, called)
    assert (state["step"], state["lifts"]) == ("reach_number", "reach")


@pytest.mark.parametrize(("answer", "is_opened"), [("send", True), ("no", False)])
async def test_a_request_is_sent_only_when_it_was_agreed_to(
    rasa: httpx.AsyncClient, answer: str, *, is_opened: bool
) -> None:
    whole = {"about": "school", "first_name": "given", "reach": "here", "when": "any", "permission": "yes"}
    ready = new_state(flow="request", step="send", request={**whole, "helped_by": "nobody"})
    called = choose("request_form", ready, answer)
    handed, state = await said(rasa, called)
    assert ({"decide": "open_request"} in handed) is is_opened
    assert state["flow"] is None
    assert bool(state["request"]) is is_opened


async def test_a_no_to_permission_ends_it_and_keeps_nothing(rasa: httpx.AsyncClient) -> None:
    asked = new_state(flow="request", step="permission", request={"about": "school"})
    handed, state = await said(
        rasa, call("validate_request_form", asked, text="no", answer="no", intent="deny")
    )
    assert handed[0]["say"] == "request_not_sent"
    assert state["request"] == {}


async def test_a_request_is_not_spoken_of_on_a_shared_phone(rasa: httpx.AsyncClient) -> None:
    for private in (False, None):
        handed, _ = await said(
            rasa,
            call("action_tell_request_status", new_state(private=private), intent="ask_request_status"),
        )
        assert handed[0]["say"] == "request_status_hidden"


async def test_help_is_found_at_once_when_the_message_says_what_for(rasa: httpx.AsyncClient) -> None:
    words = "i need someone to talk to im 14"
    handed, state = await said(rasa, call("action_find_help", new_state(), text=words, intent="find_help"))
    assert {"show_service": "kooth"} in handed
    assert (state["flow"], state["step"]) == ("help", "found")


async def test_none_of_these_is_an_unmet_need_and_the_open_question_comes_back(
    rasa: httpx.AsyncClient,
) -> None:
    below = [{"flow": "questions", "step": None, "lifts": None}]
    found = {**asking("edu-safe"), "flow": "help", "step": "found", "suspended": below, "help": {"need": "x"}}
    called = choose("help_form", found, "none-of-these")
    handed, state = await said(rasa, called)
    assert handed[0] == {"decide": "record_unmet_need", "area": None}
    assert handed[-1] == {"ask_question": "edu-safe", "set": "education"}
    assert state["flow"] == "questions"


async def test_not_safe_is_told_to_core_at_once(rasa: httpx.AsyncClient) -> None:
    handed, _ = await said(rasa, call("action_say_not_safe", asking("edu-safe"), intent="say_not_safe"))
    assert handed == [{"decide": "hear_not_safe"}]
