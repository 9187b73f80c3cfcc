"""The JSON in which actions say things and tell what was decided; bot/client.py reads it back."""

from collections.abc import Mapping, Sequence
from typing import Any

Payload = dict[str, Any]


def say(name: str, **values: str) -> Payload:
    """Say a message of the catalogue."""
    return {"say": name, "values": values, "kind": "message"}


def offer(name: str, choices: Sequence[Payload]) -> Payload:
    """Say a message that offers choices and asks nothing: the open question stays open."""
    return {"say": name, "values": {}, "kind": "message", "choices": list(choices)}


def ask(name: str, choices: Sequence[Payload] = ()) -> Payload:
    """Ask with a message of the catalogue, and offer choices."""
    return {"say": name, "values": {}, "kind": "question", "choices": list(choices)}


def choice(intent: str, label: str, **entities: str) -> Payload:
    """Offer a choice: what choosing it means, and the catalogue's name of its label."""
    return {"intent": intent, "label": label, "entities": entities}


def answers(labels: Sequence[tuple[str, str]]) -> list[Payload]:
    """Offer answers, given as (answer, label's message)."""
    return [choice("choose_answer", label, answer=answer) for answer, label in labels]


def ask_question(set_id: str, question: str) -> Payload:
    """Ask a question of the bank."""
    return {"ask_question": question, "set": set_id}


def show_service(service: str) -> Payload:
    """Show an entry of the Local Offer."""
    return {"show_service": service}


def explain_word(entry: str) -> Payload:
    """Say what a word of the glossary means."""
    return {"explain_word": entry}


def record_view(
    measure: str, area: str | None, *, answer: str | None = None, meant: str | None = None
) -> Payload:
    """Decide that this message is a view: the answer given, or its own words (`meant`: as they are meant)."""
    return {
        "decide": "record_view",
        "measure": measure,
        "area": area,
        "answer": answer or meant,
        "text": answer is None,
    }


def mean_view(measure: str, message: str, feeling: str, area: str | None) -> Payload:
    """Decide that the words of an earlier message are meant as good, mixed or bad."""
    return {"decide": "mean_view", "measure": measure, "message": message, "feeling": feeling, "area": area}


def take_back_view(measure: str, message: str | None = None) -> Payload:
    """Decide that the last answer to this measure, or what was said in an earlier message, is forgotten."""
    return {"decide": "take_back_view", "measure": measure, "message": message}


def open_request() -> Payload:
    """Decide that the request in the state is sent."""
    return {"decide": "open_request"}


def send_page() -> Payload:
    """Decide that "My page" is sent as it was read back."""
    return {"decide": "send_page"}


def make_complaint() -> Payload:
    """Decide that the complaint whose words core keeps is sent."""
    return {"decide": "make_complaint"}


def forget_page() -> Payload:
    """Decide that "My page" and the words written for it are forgotten."""
    return {"decide": "forget_page"}


def record_unmet_need(area: str | None = None) -> Payload:
    """Decide that nothing in the Local Offer fitted."""
    return {"decide": "record_unmet_need", "area": area}


def record_comment(services: Sequence[str], verdict: str) -> Payload:
    """Decide that services that were shown are commented on: right, one-was-right or not-right."""
    return {"decide": "record_comment", "services": list(services), "verdict": verdict}


def hand_back(intent: str) -> Payload:
    """Let the house itself answer a wish that only it can do."""
    return {"decide": "hand_back", "intent": intent}


def hear_not_safe() -> Payload:
    """Tell core that somebody may not be safe; what is said and who is told is core's."""
    return {"decide": "hear_not_safe"}


def keep_state(state: Mapping[str, Any]) -> Payload:
    """Decide where the conversation stands now; the last one of a turn counts."""
    return {"decide": "state", "state": dict(state)}


MENU = ask(
    "menu_question",
    [
        choice("start_questions", "menu_tell"),
        choice("find_help", "menu_find_help"),
        choice("request_key_worker", "menu_key_worker"),
        choice("explain_word", "menu_explain_word"),
        choice("make_my_page", "menu_my_page"),
        choice("ask_what_happened", "menu_what_happened"),
        choice("ask_request_status", "menu_request_status"),
        choice("ask_who_reads", "menu_who_reads"),
        choice("change_my_way", "menu_my_way"),
    ],
)
