"""Every action that Rasa may call, by the name it has in bot/domain."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import (
    complaining,
    correcting,
    finding_help,
    happened,
    helpers,
    moving,
    my_page,
    my_way,
    permission,
    questions,
    requesting,
    unclear,
    views,
    words,
)
from bot.actions.knowledge import Knowledge
from bot.actions.payloads import keep_state
from bot.actions.turn import (
    Decide,
    Reply,
    events_after_action,
    events_after_answer,
    hear,
    restoring_events,
)

DECIDING: Mapping[str, Decide] = {
    "action_ask_again": moving.ask_again,
    "action_show_menu": moving.show_menu,
    "action_pause_conversation": moving.pause_conversation,
    "action_change_my_way": my_way.change_my_way,
    "action_start_questions": questions.start_questions,
    "action_go_back": moving.go_back,
    "action_skip_question": moving.skip_question,
    "action_tell_view": views.tell_view,
    "action_hear_unclear": unclear.hear_unclear,
    "action_correct_view": correcting.correct_view,
    "action_explain_word": words.explain_word,
    "action_find_help": finding_help.find_help,
    "action_request_key_worker": requesting.request_key_worker,
    "action_tell_request_status": requesting.tell_request_status,
    "action_tell_what_happened": happened.tell_what_happened,
    "action_make_my_page": my_page.make_my_page,
    "action_start_complaint": complaining.start_complaint,
    "action_hear_who_they_are": helpers.hear_who_they_are,
    "action_talk_to_person": moving.talk_to_person,
    "action_change_use_of_words": permission.change_use_of_words,
    "action_hand_over_wish": moving.hand_over,
    "action_say_not_safe": moving.say_not_safe,
}
ANSWERING: Mapping[str, Decide] = {
    "validate_questions_form": questions.answer_question,
    "validate_request_form": requesting.answer_step,
    "validate_page_form": my_page.answer_page_step,
    "validate_complaint_form": complaining.answer_complaint_step,
    "validate_help_form": finding_help.answer_search,
    "validate_view_form": views.answer_view,
    "validate_word_form": words.answer_word,
}


Run = Callable[[CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[list[EventType]]]


def every_action(knowledge: Knowledge) -> Mapping[str, Run]:
    """Give all actions by name, with what they may look up."""
    return {
        "action_session_start": _restore,
        **{name: _deciding(decide, knowledge) for name, decide in DECIDING.items()},
        **{name: _answering(decide, knowledge) for name, decide in ANSWERING.items()},
    }


def _deciding(decide: Decide, knowledge: Knowledge) -> Run:
    """Make an action that answers a message."""

    async def run(
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG001 - the shape that rasa-sdk asks for
    ) -> list[EventType]:
        reply = await decide(hear(tracker), knowledge)
        _hand_over(dispatcher, reply)
        return events_after_action(reply.state)

    return run


def _answering(decide: Decide, knowledge: Knowledge) -> Run:
    """Make an action that a form asks what to make of the answer to its open question.

    Without an answer (an interruption) it gives nothing, and the form lets the rules go on.
    """

    async def run(
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG001
    ) -> list[EventType]:
        if tracker.get_slot("answer") is None:
            return []
        reply = await decide(hear(tracker), knowledge)
        _hand_over(dispatcher, reply)
        return events_after_answer(reply.state)

    return run


async def _restore(
    dispatcher: CollectingDispatcher,  # noqa: ARG001
    tracker: Tracker,
    domain: dict[str, Any],  # noqa: ARG001
) -> list[EventType]:
    """Begin Rasa's memory of a conversation with the state that came with the message."""
    metadata = tracker.get_slot("session_started_metadata") or {}
    return restoring_events(metadata["state"])


def _hand_over(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    for payload in (*reply.payloads, keep_state(reply.state)):
        dispatcher.utter_message(json_message=payload)
