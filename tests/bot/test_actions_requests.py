"""What the actions decide: a request for a key worker, and a search for help."""

import httpx
import pytest

from tests.bot.asking import asking, call, choose, said
from tests.bot.states import new_state


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


@pytest.mark.parametrize(
    ("answer", "shown", "verdict"),
    [
        ("yes", ["a"], "right"),
        ("yes", ["a", "b"], "one-was-right"),
        ("none-of-these", ["a", "b"], "not-right"),
    ],
)
async def test_how_services_fitted_is_kept_as_a_comment_on_each(
    rasa: httpx.AsyncClient, answer: str, shown: list[str], verdict: str
) -> None:
    found = new_state(flow="help", step="found", help={"need": "x", "shown": shown})
    handed, state = await said(rasa, choose("help_form", found, answer))
    assert handed[0] == {"decide": "record_comment", "services": shown, "verdict": verdict}
    assert ({"decide": "record_unmet_need", "area": None} in handed) is (answer == "none-of-these")
    assert state["flow"] is None


async def test_not_safe_is_told_to_core_at_once(rasa: httpx.AsyncClient) -> None:
    handed, _ = await said(rasa, call("action_say_not_safe", asking("edu-safe"), intent="say_not_safe"))
    assert handed == [{"decide": "hear_not_safe"}]
