"""The parts of Rasa's side that need no Rasa: reading a turn, and knowing what is remembered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.turn import digest_of as our_digest
from bot.rasa.memory import TURNS_BEFORE_RESTORING, Memory
from bot.rasa.turns import (
    BadTurnError,
    choice_as_understood,
    choice_text,
    digest_of,
    never_a_command,
    read_turn,
)
from tests.bot.states import new_state

STATES = st.dictionaries(
    st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5)
)


def turn(**changes: object) -> dict[str, object]:
    whole = {"sender": "s", "message": "m", "expects": "anything", "state": new_state(), "text": "hello"}
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


@given(st.text())
def test_no_text_is_left_with_a_command_in_front(text: str) -> None:
    left = never_a_command(text)
    assert left == left.strip()
    assert not left.startswith("/")


@given(st.text(alphabet=" /\t\u2003\x1c\u00a0", max_size=8), st.text())
def test_only_what_stands_in_front_is_taken_away(front: str, words: str) -> None:
    assert never_a_command(front + "x" + words) == ("x" + words).strip()


@given(STATES)
def test_both_sides_make_the_same_digest_of_a_state(state: dict[str, object]) -> None:
    assert digest_of(state) == our_digest(state)


def test_a_turn_with_a_text_or_a_choice_is_read() -> None:
    assert read_turn(turn(text="/ hello "))["text"] == "hello"
    assert read_turn(turn(text=None, intent="greet"))["intent"] == "greet"


@pytest.mark.parametrize(
    "broken",
    [
        turn(sender=None),
        turn(message=""),
        turn(expects=7),
        turn(state="none"),
        turn(text=None),
        turn(intent="greet"),
        turn(text="//"),
        turn(text="x" * 2_201),
        ["a list"],
    ],
)
def test_a_turn_that_is_not_as_agreed_is_refused(broken: object) -> None:
    with pytest.raises(BadTurnError):
        read_turn(broken)


def test_a_choice_never_passes_through_text() -> None:
    chosen = read_turn(turn(text=None, intent="choose_answer", entities={"answer": "good"}))
    understood = choice_as_understood(chosen)
    assert understood["intent"] == {"name": "choose_answer", "confidence": 1.0}
    assert understood["entities"] == [{"entity": "answer", "value": "good"}]
    assert not choice_text(chosen).startswith("/")


def test_what_was_decided_last_is_remembered() -> None:
    memory, state = Memory(), new_state(flow="help")
    assert not memory.is_current({"sender": "s", "state": state})
    memory.keep("s", state)
    assert memory.is_current({"sender": "s", "state": state})


def test_another_state_than_the_one_remembered_is_restored() -> None:
    memory = Memory()
    memory.keep("s", new_state(flow="help"))
    assert not memory.is_current({"sender": "s", "state": new_state()})


def test_after_some_turns_a_conversation_is_restored_so_that_turns_stay_quick() -> None:
    memory, asked = Memory(), {"sender": "s", "state": new_state()}
    for _ in range(TURNS_BEFORE_RESTORING):
        memory.keep("s", new_state())
    assert not memory.is_current(asked)
    memory.keep("s", new_state())
    assert memory.is_current(asked)


def test_a_failed_turn_is_forgotten() -> None:
    memory = Memory()
    memory.keep("s", new_state())
    memory.forget("s")
    assert not memory.is_current({"sender": "s", "state": new_state()})


def test_memory_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rasa.memory.MOST_CONVERSATIONS", 10)
    memory = Memory()
    for number in range(25):
        memory.keep(str(number), new_state())
    assert not memory.is_current({"sender": "1", "state": new_state()})
    assert memory.is_current({"sender": "24", "state": new_state()})
