"""What a word means, in the middle of anything, and then back to the question."""

from bot.actions.knowledge import Knowledge
from bot.actions.payloads import explain_word as explanation
from bot.actions.payloads import say
from bot.actions.places import begin, come_back, open_question, reply_and_ask_again
from bot.actions.turn import Heard, Reply


async def explain_word(heard: Heard, knowledge: Knowledge) -> Reply:
    """Explain the word in the message or the choice; ask which one where there is none."""
    asked = heard.entities.get("word") or heard.text
    if asked is None:
        state = begin(heard.state, "word")
        return Reply(open_question(state, knowledge), state)
    found = knowledge.find_words(asked)
    if not found:
        return reply_and_ask_again(heard.state, knowledge, say("word_not_known"))
    return reply_and_ask_again(heard.state, knowledge, explanation(found[0]))


async def answer_word(heard: Heard, knowledge: Knowledge) -> Reply:
    """Explain the word that was written, and go back to what was open before."""
    back = come_back(heard.state)
    found = knowledge.find_words(heard.text or "")
    said = explanation(found[0]) if found else say("word_not_known")
    return reply_and_ask_again(back, knowledge, said)
