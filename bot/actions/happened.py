"""What happened next: what was done about what young people said, or honestly that there is nothing yet."""

from bot.actions.finding_help import district_of_state
from bot.actions.knowledge import Knowledge
from bot.actions.payloads import say
from bot.actions.places import reply_and_ask_again
from bot.actions.turn import Heard, Reply


async def tell_what_happened(heard: Heard, knowledge: Knowledge) -> Reply:
    """Tell what was done, newest first, in the middle of whatever is open."""
    told = knowledge.what_was_done(district_of_state(heard.state))
    if not told:
        none = (say("happened_none"), say("happened_when"), say("happened_own"))
        return reply_and_ask_again(heard.state, knowledge, *none)
    each_told = (say("happened_said_did", said=each.said, did=each.did) for each in told)
    return reply_and_ask_again(heard.state, knowledge, say("happened_start"), *each_told, say("happened_own"))
