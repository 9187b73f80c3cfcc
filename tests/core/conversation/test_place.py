"""Where a conversation stands is sealed and opened whole, tells nothing by its length, and opens as it was before."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.place import OpenChoice, Place, new_place, open_place, seal_place
from core.ids import ConversationId
from core.sealing import new_key, one_key, pad, seal
from tests.texting import some_keys

KEYS, KEY, TALK = some_keys("1"), new_key(), ConversationId("ab12")
SEALED_KEY = KEYS.seal_conversation_key(KEY, TALK)
WORDS = st.text(max_size=20)  # no half of a pair of surrogates: those are replaced when they come in


def opened(sealed: bytes) -> Place:
    return open_place(TALK, SEALED_KEY, sealed, KEYS)[0]


@given(
    WORDS, st.dictionaries(WORDS, WORDS, max_size=3), st.none() | st.dictionaries(WORDS, WORDS, max_size=2)
)
def test_a_place_comes_back_as_it_was(word: str, kept: dict[str, str], group: dict[str, Any] | None) -> None:
    choice = OpenChoice("1", word, "choose_answer", {"answer": word}, None)
    place = replace(
        new_place(channel="web", mirrored=True), open=(choice, choice), kept=kept, group=group, linked=(word,)
    )
    assert opened(seal_place(place, KEY, TALK)) == place


def test_what_was_sealed_before_opens_too() -> None:
    """It had the room for a group as a field of its own, and the oldest lacked the fields that came later."""
    state = new_place(channel="sms", mirrored=False).state
    choice: dict[str, Any] = {"id": "1", "label": "Yes", "intent": "affirm", "entities": {}, "symbol": None}
    before: dict[str, Any] = {
        "state": state,
        "open": [choice],
        "question": None,
        "expects": "closed",
        "kept": {"page_1": "x"},
    }
    before |= {"safety_seq": 3, "is_check_in": True, "worrying": ["q1"], "room": " " * 600}
    sealed = seal(pad(json.dumps(before).encode(), smallest=4096), one_key(KEY), row=f"place:{TALK}")
    assert opened(sealed) == Place(
        state,
        (OpenChoice("1", "Yes", "affirm", {}, None),),
        expects="closed",
        kept={"page_1": "x"},
        safety_seq=3,
        is_check_in=True,
        worrying=("q1",),
    )


@pytest.mark.parametrize("group", [{"id": "g"}, {"id": "g" * 300, "names": ["Sam Smith"]}])
def test_no_length_tells_of_a_group(group: dict[str, Any]) -> None:
    place = new_place(channel="web", mirrored=True)
    for size in range(2500, 4200, 20):  # over the border between two sizes
        without = replace(place, kept={"page_1": "x" * size})
        sealed = [seal_place(each, KEY, TALK) for each in (without, replace(without, group=group))]
        assert len(sealed[0]) == len(sealed[1]), size
