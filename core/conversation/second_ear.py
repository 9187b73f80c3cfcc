"""Listen a second time, beside the bot: it raises what no phrase raised, and nothing needs it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from core.conversation.bot import (
    GIVEN,
    Answer,
    HearNotSafe,
    KeepState,
    RecordUnmetNeed,
    RecordView,
    State,
)
from core.conversation.claim import Claimed
from core.conversation.hearing import ask
from core.conversation.house import House
from core.conversation.page_parts import PARTS, WHERE, lifts_for
from core.conversation.town import is_typed_town
from core.conversation.understand import Understood
from core.safeguarding.phrases import Level
from core.signposting.personal_answers import COMPLAINT

log = structlog.get_logger()

BECAUSE: Final[Mapping[Level, str]] = {
    Level.DANGER: "the second listener: it sounds like danger, told plainly",
    Level.WORRY: "the second listener: it sounds like a worry",
}
"""What is told to who reads the concern; it can not say which words."""
OWN_WORDS: Final = frozenset({*map(lifts_for, (*PARTS, WHERE)), COMPLAINT})
"""What no bot sees, and is heard all the same: a page, where its writer learns, a complaint. A name is not."""
FIRST_PAUSE: Final = timedelta(seconds=10)
"""So soon what could not be heard is tried again for the first time."""
SHORT_ANSWER_WORDS: Final = 4
"""Where a question offers answers, so few typed words are one of them in other words."""


class NotHeard(Exception):
    """The second listener is away, or failed on these words: they may hold what only it hears."""


async def hear_more(house: House, claimed: Claimed, understood: Understood) -> tuple[Claimed, Level | None]:
    """Say which level the second listener hears in typed words; a listener that is away or fails hears nothing.

    The answer does not wait for it: the message is given back, to be heard again later (`overhear`).
    """
    if not _is_heard_twice(claimed, understood):
        return claimed, None
    try:
        level = await hear_again(house, claimed)
    except NotHeard:
        return replace(claimed, hear_again_at=house.clock() + FIRST_PAUSE), None
    if level is Level.WORRY and _is_reply(understood):
        return claimed, None  # a worry is open already: they would only be asked once more if they are safe
    return claimed, level


async def hear_again(house: House, claimed: Claimed) -> Level | None:
    """Let the second listener hear the words of a message; without one nothing is heard. Raises NotHeard."""
    ear = house.second_listener
    if ear is None:
        return None
    words = claimed.body["text"]
    try:
        return await ask(ear, words, can_wait=True)
    except Exception as error:
        log.error("second_listener_failed", message=claimed.message, problem=type(error).__name__)  # noqa: TRY400
        raise NotHeard from error


def with_worry(answer: Answer, before: State) -> Answer:
    """Add the worry to what was decided, and keep nothing that the words say as a view, now or later."""
    kept = tuple(
        KeepState(_with_need_unsaid(each.state, before)) if isinstance(each, KeepState) else each
        for each in answer.decisions
        if not (isinstance(each, RecordUnmetNeed) or (isinstance(each, RecordView) and each.text))
    )
    return replace(answer, decisions=(*kept, HearNotSafe(BECAUSE[Level.WORRY])))


def _with_need_unsaid(state: State, before: State) -> State:
    """Let a search go on with the need that these words say, but let it be no view where nothing is found."""
    search, earlier = state.get("help") or {}, before.get("help") or {}
    if not search.get("need") or (search["need"] == earlier.get("need") and not earlier.get("unsaid")):
        return state
    return {**state, "help": {**search, "unsaid": True}}


def _is_heard_twice(claimed: Claimed, understood: Understood) -> bool:
    """Leave out what was tapped or chosen, a name or number that we asked for, and short closed answers.

    A town is typed in a sentence, which may say more, and so is a long reply to "are you safe?"; "My page" and a
    complaint are own words like others.
    """
    is_chosen = understood.chosen is not None and not (
        is_typed_town(claimed, understood.chosen) or _is_typed_reply(claimed, understood)
    )
    is_given = understood.turn.text == GIVEN and understood.unclear is None
    if is_chosen or (is_given and claimed.place.state["lifts"] not in OWN_WORDS):
        return False
    is_short = len(claimed.body["text"].split()) <= SHORT_ANSWER_WORDS
    return not (is_short and claimed.place.expects == "closed")


def _is_reply(understood: Understood) -> bool:
    return understood.chosen is not None and understood.chosen.intent == "check_in"


def _is_typed_reply(claimed: Claimed, understood: Understood) -> bool:
    is_long = len(claimed.body["text"].split()) > SHORT_ANSWER_WORDS
    return _is_reply(understood) and claimed.body["choice"] is None and is_long
