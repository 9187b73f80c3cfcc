"""Say where a conversation stands after a turn: which question and which choices are open now."""

from collections.abc import Sequence
from dataclasses import replace

from core.conversation.claim import Claimed
from core.conversation.place import Place
from core.conversation.say import Said


def stand_after(place: Place, said: Sequence[Said], claimed: Claimed) -> Place:
    """Say which question and choices are open now: the last ones asked, or the ones before if none was."""
    is_over = claimed.seq > place.safety_seq
    asked = [each for each in said if each.again]
    offered = tuple(choice for each in said for choice in each.choices)
    if asked:
        question, expects = asked[-1].again, asked[-1].expects
    elif place.state["flow"] is None:
        question, expects = None, "anything"
    else:
        question, expects, offered = place.question, place.expects, (*offered, *place.open)
    return replace(
        place,
        question=question,
        expects=expects,
        open=offered,
        safety_seq=0 if is_over else place.safety_seq,
        is_check_in=place.is_check_in and not is_over,
    )


def meet_news(place: Place, now: Place, before: Place) -> Place:
    """Add what a safety answer offered while this turn was being decided; nothing else changes a place."""
    if now.seed != before.seed:  # another conversation of the same person was joined meanwhile
        place = replace(place, seed=now.seed, linked=now.linked)
    known = {choice.id for choice in before.open}
    added = tuple(choice for choice in now.open if choice.id not in known)
    if now.safety_seq == before.safety_seq:
        return replace(place, open=(*added, *place.open))
    return replace(place, open=(*added, *place.open), safety_seq=now.safety_seq, is_check_in=now.is_check_in)
