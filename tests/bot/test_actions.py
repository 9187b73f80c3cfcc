"""What the actions decide: questions, own words, words explained."""

import httpx
import pytest

from bot.actions.unclear import MEANINGS
from core.settings import HERE
from core.text.messages import load_catalogue
from tests.bot.asking import asking, call, choose, said
from tests.bot.states import new_state


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
    assert handed[-1]["say"] == "view_feeling_question"
    below = [(each["flow"], each["step"]) for each in state["suspended"]]
    assert (state["question"], below) == ("edu-safe", [("questions", None)])


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
    assert handed[0] == {"decide": "take_back_view", "measure": "edu-like", "message": None}
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
        "area": "education",
        "answer": None,
        "text": True,
    }
    assert handed[1]["values"] == {"words": words}
    assert [each["say"] for each in handed[2:]] == ["view_heard_not_good", "view_better_question"]
    assert [each["label"] for each in handed[3]["choices"]] == ["view_not_right", "choice_skip"]
    assert state["flow"] == "view"


async def test_a_long_message_is_kept_whole_and_not_said_back(rasa: httpx.AsyncClient) -> None:
    handed, _ = await said(rasa, call("action_tell_view", new_state(), text="it is loud and i hate it " * 20))
    assert (handed[0]["text"], handed[1]["say"]) == (True, "view_heard_not_good")


async def test_after_something_good_what_makes_it_good_is_asked(rasa: httpx.AsyncClient) -> None:
    handed, _ = await said(rasa, call("action_tell_view", new_state(), text="i love art its the best lesson"))
    assert handed[3]["say"] == "view_good_question"


async def test_what_was_said_can_be_taken_back_and_going_back_leaves_it(rasa: httpx.AsyncClient) -> None:
    before = {"message": "message-0", "area": None, "feeling": "bad"}
    changing = new_state(flow="view", step="change", said=before)
    handed, state = await said(rasa, choose("view_form", changing, "take-back"))
    assert handed[0] == {"decide": "take_back_view", "measure": "said", "message": "message-0"}
    assert (state["flow"], state["said"]) == (None, None)
    handed, state = await said(
        rasa, call("action_go_back", new_state(flow="view", step="better", said=before), intent="go_back")
    )
    assert (handed[0]["say"], state["said"]) == ("menu_question", before)


async def test_a_sentence_nobody_understood_is_kept_and_said_back(rasa: httpx.AsyncClient) -> None:
    unclear = call("action_hear_unclear", new_state(), text="i do pottery on fridays", intent="nlu_fallback")
    handed, _ = await said(rasa, unclear)
    assert handed[0]["decide"] == "record_view"
    for words in ("bzzz", "what time is it there?"):
        handed, _ = await said(
            rasa, call("action_hear_unclear", new_state(), text=words, intent="nlu_fallback")
        )
        assert handed[0]["say"] == "trouble_not_understood"


async def test_a_few_words_nobody_understood_are_met_with_two_guesses_a_person_and_a_way_on(
    rasa: httpx.AsyncClient,
) -> None:
    likeliest = ("nlu_fallback", "deny", "go_back", "find_help", "ask_help")
    for state, way_on in ((new_state(), "open_menu"), (asking("edu-safe"), "go_on")):
        unclear = call("action_hear_unclear", state, text="bak hlp", intent="nlu_fallback")
        unclear["tracker"]["latest_message"]["intent_ranking"] = [{"name": name} for name in likeliest]
        handed, after = await said(rasa, unclear)
        assert [each["say"] for each in handed] == ["trouble_which_of_these"]
        offered = [each["intent"] for each in handed[0]["choices"]]
        assert offered == ["go_back", "find_help", "talk_to_person", way_on]
        assert after == state


@pytest.mark.parametrize(("intent", "label"), MEANINGS.items())
def test_every_guess_means_something_and_has_a_label(intent: str, label: str) -> None:
    assert f"- {intent}\n" in (HERE / "bot" / "domain" / "intents.yml").read_text(encoding="utf-8")
    assert label in load_catalogue(HERE / "data" / "messages" / "en-GB")


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
    assert [(each["flow"], each["step"]) for each in state["suspended"]] == [("help", "found")]


async def test_a_word_is_explained_and_the_question_asked_again(rasa: httpx.AsyncClient) -> None:
    handed, state = await said(
        rasa,
        call("action_explain_word", asking("edu-safe"), text="what does EHCP mean", intent="explain_word"),
    )
    assert handed == [{"explain_word": "ehcp"}, {"ask_question": "edu-safe", "set": "education"}]
    assert state["question"] == "edu-safe"
