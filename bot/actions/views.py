"""Something said in a young person's own words, without having been asked."""

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import record_view, say, take_back_view
from bot.actions.places import BETTER, GOOD, begin, come_back, open_question, reply_and_ask_again
from bot.actions.turn import SAID, Heard, Reply, sounds_like_a_view
from core.conversation.bot import State
from core.views.reading import Sentiment, read_sentiment

LONGEST_SAID_BACK = 120
"""Characters. More is only thanked for: nobody wants to read their own long message again."""


async def tell_view(heard: Heard, knowledge: Knowledge) -> Reply:
    """Record what was said at once, say it back, and ask what makes it good, or what would make it better.

    "Take it back" stands beside; silence leaves it.
    """
    if heard.text is None:
        return reply_and_ask_again(heard.state, knowledge)
    is_short = len(heard.text) <= LONGEST_SAID_BACK
    back = say("view_said_back", words=heard.text) if is_short else say("view_kept")
    kept = (record_view(SAID, None), back)
    if heard.state["flow"] is not None:
        return reply_and_ask_again(heard.state, knowledge, *kept)
    is_good = read_sentiment(heard.text) is Sentiment.GOOD
    asking = begin(heard.state, "view", GOOD if is_good else BETTER)
    return Reply((*kept, *open_question(asking, knowledge)), asking)


async def hear_unclear(heard: Heard, knowledge: Knowledge) -> Reply:
    """Keep a sentence that was not understood as something said; ask again after anything shorter."""
    if sounds_like_a_view(heard):
        return await tell_view(heard, knowledge)
    return reply_and_ask_again(heard.state, knowledge, say("trouble_not_understood"))


async def answer_better(heard: Heard, knowledge: Knowledge) -> Reply:
    """Record what would make it better as one more view."""
    back = come_back(heard.state)
    is_view = heard.text is not None and heard.intent != "say_dont_know"
    said = (record_view(SAID, None), say("view_kept")) if is_view else (say("question_skipped"),)
    return reply_and_ask_again(back, knowledge, *said)


async def leave_view(state: State, knowledge: Knowledge) -> Reply:
    """Leave the question what would make it better."""
    return reply_and_ask_again(come_back(state), knowledge, say("question_skipped"))


async def take_back_words(state: State, knowledge: Knowledge) -> Reply:
    """Going back from it takes back what was said."""
    return reply_and_ask_again(come_back(state), knowledge, take_back_view(SAID), say("view_taken_back"))
