"""You may use my words: asked apart and once a period, of who said something in own words; taken back at any time."""

import re

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import say
from bot.actions.places import MAY_USE, begin, changed, come_back, open_question, reply_and_ask_again
from bot.actions.turn import Heard, Reply
from core.conversation.bot import State
from core.views.record import SAID_FOR

YES, NO = "yes", "no"
LONGEST_YES = 3
HOW = "about-helper-how"
_REFUSED = re.compile(r"\b(?:don'?t|dnt|do not|not|no|never|stop|can'?t|cannot|take back|changed my mind)\b")


def spoke(state: State, knowledge: Knowledge) -> State:
    """Note that something was said in own words in this period."""
    return changed(state, spoke_in=knowledge.period())


def is_to_be_asked(state: State, knowledge: Knowledge) -> bool:
    """Say whether to ask now: once a period, and never for words that somebody else said for them."""
    period = knowledge.period()
    is_asked = (state.get("words") or {}).get("period") == period
    return state.get("spoke_in") == period and not is_asked and not is_said_for(state)


def ask_may_use(state: State, knowledge: Knowledge) -> Reply:
    """Ask, on top of what is open; it counts as asked whatever comes, and silence is no."""
    asking = begin(_told(state, knowledge, may=None), "view", MAY_USE)
    return Reply(open_question(asking, knowledge), asking)


def answer_may_use(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take the answer; whatever is not a plain yes or no leaves the words unused."""
    chosen = heard.entities.get("answer") if heard.text is None else None
    back = come_back(heard.state)
    if chosen == YES or _is_plain_yes(heard):
        return reply_and_ask_again(_told(back, knowledge, may=True), knowledge, say("view_may_use_kept"))
    if chosen == NO or heard.intent in {"deny", "say_dont_know"}:
        return _refuse(back, knowledge)
    return reply_and_ask_again(heard.state, knowledge, say("trouble_not_understood"))


async def change_use_of_words(heard: Heard, knowledge: Knowledge) -> Reply:
    """Hear a no in any words at once. A yes is only taken when it is tapped, so typed words are asked about."""
    if is_said_for(heard.state):
        return reply_and_ask_again(heard.state, knowledge, say("view_may_use_not_theirs"))
    if heard.text is None or _REFUSED.search(heard.text.lower().replace("\u2019", "'")):
        is_open = heard.state["flow"] == "view" and heard.state["step"] == MAY_USE
        return _refuse(come_back(heard.state) if is_open else heard.state, knowledge)
    asked = begin(heard.state, "view", MAY_USE)
    return Reply(open_question(asked, knowledge), asked)


def is_said_for(state: State) -> bool:
    """Say whether somebody else says what they think the young person feels."""
    return bool(state["answers"].get(HOW) == SAID_FOR)


def _is_plain_yes(heard: Heard) -> bool:
    """Only a short yes is one: "yes but not that bit" is asked again."""
    words = (heard.text or "").lower()
    return heard.intent == "affirm" and len(words.split()) <= LONGEST_YES and not _REFUSED.search(words)


def _refuse(state: State, knowledge: Knowledge) -> Reply:
    return reply_and_ask_again(_told(state, knowledge, may=False), knowledge, say("view_may_use_not_kept"))


def _told(state: State, knowledge: Knowledge, *, may: bool | None) -> State:
    return changed(state, words={"period": knowledge.period(), "may": may})
