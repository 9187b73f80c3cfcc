"""My way: how somebody likes the bot to talk. Chosen once, kept, and changed at any time by a tap or in words."""

import re

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import choice, offer, say
from bot.actions.places import changed, reply_and_ask_again
from bot.actions.turn import Heard, Reply
from core.conversation.bot import State

STANDARD, EASY = "standard", "easy"
WAYS = ("pictures", "aloud", "big", "numbers", "time")
"""Ways beside the words: each is there or not, and `ways` in the state lists those that are."""

_HEARD = (
    ("words", r"\b(?:stop (?:the |using )?numbers|no (?:more )?numbers|words again)\b"),
    ("numbers", r"\bnumbers?\b"),
    ("time", r"\b(?:more time|slow(?:er|ly)?|too fast|no hurry|dont rush|wait for me)\b"),
    ("aloud", r"\b(?:aloud|out loud|read (?:it|this|that|to)|speak|talk to me|voice|say it to me)\b"),
    ("pictures", r"\b(?:pictures?|pics|symbols?|images?|widgit|makaton)\b"),
    (
        "big",
        r"\b(?:big(?:ger)? (?:text|words|letters|writing|print|font)|bigger|zoom|words bigger|larger?)\b",
    ),
    (STANDARD, r"\b(?:normal|usual|ordinary|standard|longer) (?:words|way)\b"),
    (EASY, r"\b(?:eas(?:y|ier)|simpl(?:e|er)|short(?:er)?|too hard|too many words|big words|fewer)\b"),
)


async def change_my_way(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take the way that was chosen or asked for in words; offer all where none was named."""
    way = heard.entities.get("answer") or (way_in(heard.text) if heard.text else None)
    state = heard.state
    if way in {STANDARD, EASY}:
        kept = changed(state, my_way=way)
        return reply_and_ask_again(kept, knowledge, say(f"my_way_{way}_kept"))
    if way == "words":
        return reply_and_ask_again(_without(state, "numbers"), knowledge, say("my_way_words_kept"))
    if way in WAYS:
        by_text = "_text" if state["channel"] == "sms" and way not in {"numbers", "time"} else ""
        return reply_and_ask_again(_with(state, way), knowledge, say(f"my_way_{way}_kept{by_text}"))
    words = STANDARD if state["my_way"] == EASY else EASY
    ways = [choice("change_my_way", f"my_way_{each}", answer=each) for each in (words, *_offered(state))]
    return Reply((offer("my_way_question", ways),), state)


def way_in(text: str) -> str | None:
    """Name the way that the words ask for; None where they name none."""
    words = " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())
    return next((way for way, pattern in _HEARD if re.search(pattern, words)), None)


def _offered(state: State) -> tuple[str, ...]:
    return tuple("words" if way == "numbers" and way in _ways(state) else way for way in WAYS)


def _with(state: State, way: str) -> State:
    return changed(state, ways=[*(each for each in _ways(state) if each != way), way])


def _without(state: State, way: str) -> State:
    return changed(state, ways=[each for each in _ways(state) if each != way])


def _ways(state: State) -> list[str]:
    return list(state.get("ways") or [])
