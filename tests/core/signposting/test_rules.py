"""What is asked when a young person wants a key worker, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import HERE
from core.signposting.rules import (
    ELSE,
    GIVEN,
    NAMED,
    SCRIPT,
    SKIPPED,
    Step,
    is_offered,
    next_step,
    previous_step,
    read_back,
    with_answer,
    without,
)
from core.text.messages import load_catalogue

WHOLE = {
    "about": "school",
    "first_name": GIVEN,
    "reach": "here",
    "when": "any",
    "helped_by": "nobody",
    "permission": "yes",
}


def test_the_first_thing_asked_is_what_it_is_about() -> None:
    assert next_step({}) is Step.ABOUT


def test_something_else_is_asked_for_in_own_words() -> None:
    assert next_step({"about": ELSE}) is Step.ABOUT_WORDS
    assert next_step({"about": "school"}) is Step.FIRST_NAME


@pytest.mark.parametrize(
    ("reach", "step"), [("call", Step.REACH_NUMBER), ("email", Step.REACH_EMAIL), ("here", Step.WHEN)]
)
def test_a_number_or_address_is_asked_for_only_where_it_is_needed(reach: str, step: Step) -> None:
    assert next_step({"about": "school", "first_name": GIVEN, "reach": reach}) is step


def test_permission_is_asked_before_anything_is_read_back_and_sent() -> None:
    unasked = {step: answer for step, answer in WHOLE.items() if step != "permission"}
    assert next_step(unasked) is Step.PERMISSION
    assert next_step(WHOLE) is Step.SEND


def test_another_way_to_be_reached_forgets_the_number_of_before() -> None:
    called = {"about": "school", "first_name": GIVEN, "reach": "call", "reach_number": GIVEN}
    assert with_answer(called, Step.REACH, "here") == {
        "about": "school",
        "first_name": GIVEN,
        "reach": "here",
    }


def test_changing_one_thing_asks_only_that_and_comes_back_to_the_end() -> None:
    changing = without(WHOLE, Step.WHEN)
    assert next_step(changing) is Step.WHEN
    assert next_step(with_answer(changing, Step.WHEN, "morning")) is Step.SEND


def test_going_back_follows_the_steps_that_apply() -> None:
    assert previous_step({}, Step.ABOUT) is None
    assert previous_step({"about": ELSE}, Step.FIRST_NAME) is Step.ABOUT_WORDS
    assert previous_step({"about": "school"}, Step.FIRST_NAME) is Step.ABOUT
    assert previous_step(WHOLE, Step.CHANGE) is Step.SEND


def test_a_step_that_no_longer_applies_goes_back_to_the_beginning() -> None:
    assert previous_step({"about": "school"}, Step.ABOUT_WORDS) is None


def test_what_is_personal_is_never_in_the_read_back() -> None:
    called = {**WHOLE, "reach": "call", "reach_number": GIVEN}
    values = read_back(called)
    assert "first_name" not in values
    assert "reach" not in values
    assert values["about"] == NAMED + "request_about_school"
    assert values["when"] == NAMED + "request_when_any"
    assert values["helped_by"] == NAMED + "request_helped_nobody"


def test_own_words_are_read_back_as_they_were_said() -> None:
    assert read_back({**WHOLE, "about": ELSE, "about_words": "my bus"})["about"] == "my bus"
    assert read_back({**WHOLE, "about": "my bus is late"})["about"] == "my bus is late"
    assert read_back({**WHOLE, "when": "after 4 on mondays"})["when"] == "after 4 on mondays"
    assert read_back({**WHOLE, "helped_by": "my nan"})["helped_by"] == "my nan"


def test_what_was_skipped_is_read_back_as_nothing_asked_for() -> None:
    skipped = dict.fromkeys(WHOLE, SKIPPED)
    assert read_back({}) == read_back(skipped)
    assert read_back({"about": ELSE, "about_words": SKIPPED}) == read_back(skipped)
    assert read_back(skipped) == {
        "about": NAMED + "choice_something_else",
        "first_name": NAMED + "request_name_none",
        "reach": NAMED + "request_reach_here",
        "when": NAMED + "request_when_any",
        "helped_by": NAMED + "request_helped_else",
    }


def test_without_a_number_only_this_chat_reaches_them() -> None:
    assert (
        read_back({**WHOLE, "reach": "call", "reach_number": SKIPPED})["reach"]
        == NAMED + "request_reach_here"
    )


def test_only_what_is_offered_is_an_answer() -> None:
    assert is_offered(Step.PERMISSION, "yes")
    assert not is_offered(Step.PERMISSION, "maybe")


def test_every_sentence_of_the_script_is_in_the_catalogue() -> None:
    catalogue = load_catalogue(HERE / "data" / "messages" / "en-GB")
    names = [
        name for asked in SCRIPT.values() for name in (asked.words, *(label for _, label in asked.choices))
    ]
    assert [name for name in names if name not in catalogue] == []


@given(st.data())
def test_any_answers_lead_to_the_end(data: st.DataObject) -> None:
    request: dict[str, str] = {}
    asked = []
    while (step := next_step(request)) is not Step.SEND:
        asked.append(step)
        offered = [answer for answer, _ in SCRIPT[step].choices]
        request = with_answer(request, step, data.draw(st.sampled_from([*offered, SKIPPED, GIVEN])))
    assert len(asked) == len(set(asked))
    assert Step.PERMISSION in asked
