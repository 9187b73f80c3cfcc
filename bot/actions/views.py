"""Something said in a young person's own words: kept at once, said back, and asked about where that is not sure."""

from bot.actions.knowledge import Knowledge
from bot.actions.meaning import Feeling, feeling_in
from bot.actions.payloads import Payload, mean_view, record_view, say, take_back_view
from bot.actions.permission import answer_may_use, spoke
from bot.actions.places import (
    AGAIN,
    BETTER,
    CHANGE,
    FEELING,
    GOOD,
    MAY_USE,
    begin,
    changed,
    come_back,
    open_question,
    reply_and_ask_again,
)
from bot.actions.turn import SAID, Heard, Reply, sounds_like_a_view
from core.conversation.bot import State
from core.views.reading import PLAIN, Sentiment, read_sentiment

LONGEST_SAID_BACK = 120
"""Characters. More is only thanked for: nobody wants to read their own long message again."""

FEELINGS: dict[Sentiment, Feeling | None] = {
    Sentiment.GOOD: "good",
    Sentiment.MIXED: "mixed",
    Sentiment.BAD: "bad",
    Sentiment.UNCLEAR: None,
}
HEARD = {"good": "view_heard_good", "mixed": "view_heard_mixed", "bad": "view_heard_not_good"}
SAY_AGAIN, TAKE_BACK, DONT_KNOW = "again", "take-back", "dont-know"


async def tell_view(heard: Heard, knowledge: Knowledge) -> Reply:
    """Keep what was said at once, say it back, and ask what makes it good, or what would make it better.

    Where it is not plain whether it is good or not, that is asked first. Whatever was open is come back to.
    """
    if heard.text is None:
        return reply_and_ask_again(heard.state, knowledge)
    return keep_words(heard, knowledge, area=knowledge.area_of(heard.text))


def keep_words(heard: Heard, knowledge: Knowledge, *, area: str | None) -> Reply:
    """Keep the words of this message as said about an area, and open the question that follows."""
    words = heard.text or ""
    feeling = FEELINGS[read_sentiment(words, clear=PLAIN)]
    back = (say("view_said_back", words=words),) if len(words) <= LONGEST_SAID_BACK else ()
    understood = (say(HEARD[feeling]),) if feeling else ()
    said = {"message": heard.message, "area": area, "feeling": feeling}
    asking = changed(begin(spoke(heard.state, knowledge), "view", _next_step(feeling)), said=said)
    kept = record_view(SAID, area)
    return Reply((kept, *back, *understood, *open_question(asking, knowledge)), asking)


async def answer_view(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take what was said as the answer to what was asked about their words."""
    match heard.state["step"]:
        case str(step) if step == FEELING:
            return _answer_feeling(heard, knowledge)
        case str(step) if step == CHANGE:
            return _answer_change(heard, knowledge)
        case str(step) if step == MAY_USE:
            return answer_may_use(heard, knowledge)
        case str(step) if step == AGAIN:
            back = changed(come_back(heard.state), said=None)
            return await tell_view(_with(heard, back), knowledge)
        case _:
            return _answer_why(heard, knowledge)


def mean_words(state: State, knowledge: Knowledge, feeling: Feeling, *, before: Payload) -> Reply:
    """Keep how the last words were meant, and ask what follows from it, if that was not asked before."""
    said = state["said"]
    meant = mean_view(SAID, said["message"], feeling, said["area"])
    known = changed(state, said={**said, "feeling": feeling})
    if said.get("is_asked"):
        back = come_back(known) if state["flow"] == "view" else known
        return reply_and_ask_again(back, knowledge, meant, before)
    asking = begin(known, "view", _next_step(feeling)) if state["flow"] != "view" else known
    asking = changed(asking, step=_next_step(feeling))
    return Reply((meant, before, *open_question(asking, knowledge)), asking)


def take_back_words(state: State, knowledge: Knowledge) -> Reply:
    """Forget what was last said in own words."""
    taken = take_back_view(SAID, state["said"]["message"])
    back = changed(come_back(state) if state["flow"] == "view" else state, said=None)
    return reply_and_ask_again(back, knowledge, taken, say("view_taken_back"))


async def leave_view(state: State, knowledge: Knowledge) -> Reply:
    """Leave what is asked about their words; the words stay."""
    return reply_and_ask_again(come_back(state), knowledge, say("question_skipped"))


async def go_back_from_view(state: State, knowledge: Knowledge) -> Reply:
    """Go back to what was open before; the words stay."""
    return reply_and_ask_again(come_back(state), knowledge)


def _answer_feeling(heard: Heard, knowledge: Knowledge) -> Reply:
    """Hear whether it is good or not; "I don't know" leaves it open, and another sentence is one more view."""
    chosen = heard.entities.get("answer") if heard.text is None else None
    if chosen == DONT_KNOW or heard.intent == "say_dont_know":
        return reply_and_ask_again(come_back(heard.state), knowledge, say("view_kept"))
    feeling = _feeling(chosen) or (feeling_in(heard.text) if heard.text else None)
    if feeling is not None:
        return mean_words(heard.state, knowledge, feeling, before=say("view_kept"))
    if sounds_like_a_view(heard):
        return keep_words(heard, knowledge, area=heard.state["said"]["area"])
    return reply_and_ask_again(heard.state, knowledge, say("trouble_not_understood"))


def _answer_change(heard: Heard, knowledge: Knowledge) -> Reply:
    """Hear what is to become of the words: meant in another way, said again, or taken back."""
    chosen = heard.entities.get("answer") if heard.text is None else None
    if chosen == TAKE_BACK:
        return take_back_words(heard.state, knowledge)
    if chosen == SAY_AGAIN:
        again = changed(heard.state, step=AGAIN)
        taken = take_back_view(SAID, heard.state["said"]["message"])
        return Reply((taken, *open_question(again, knowledge)), again)
    feeling = _feeling(chosen) or (feeling_in(heard.text) if heard.text else None)
    if feeling is not None:
        return mean_words(heard.state, knowledge, feeling, before=say("view_changed"))
    return reply_and_ask_again(heard.state, knowledge, say("trouble_not_understood"))


def _answer_why(heard: Heard, knowledge: Knowledge) -> Reply:
    """Keep what makes it good, or what would make it better, as one more view that is meant the same way."""
    is_view = heard.text is not None and heard.intent != "say_dont_know"
    said = heard.state.get("said") or {"area": None, "feeling": None}
    kept = (record_view(SAID, said["area"], meant=said["feeling"]), say("view_kept"))
    back = changed(come_back(heard.state), said={**said, "is_asked": True} if "message" in said else None)
    return reply_and_ask_again(back, knowledge, *(kept if is_view else (say("question_skipped"),)))


def _next_step(feeling: Feeling | None) -> str:
    if feeling is None:
        return FEELING
    return GOOD if feeling == "good" else BETTER


def _feeling(answer: str | None) -> Feeling | None:
    match answer:
        case "good" | "mixed" | "bad":
            return answer
        case _:
            return None


def _with(heard: Heard, state: State) -> Heard:
    return Heard(heard.intent, heard.text, heard.entities, heard.message, state)
