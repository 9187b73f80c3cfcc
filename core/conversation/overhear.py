"""Let the second listener hear what no answer takes: sent after STOP, one text too many, or before we know whose phone.

It may raise a worry, in the transaction that notes that the message was heard. It sends nothing.
"""

from typing import Final

import structlog
from sqlalchemy.exc import NoResultFound

from core.conversation.check_in import raise_worry
from core.conversation.claim import Claimed, LeaseLost, claim_unheard, hold_lease, release
from core.conversation.house import ANY_CONVERSATION, House
from core.conversation.second_ear import BY_LISTENER, hear_again
from core.conversation.tables import Message, Progress
from core.failpoint import Failpoint, pass_by
from core.ids import ConversationId
from core.outbox import OUTBOX_BELL

log = structlog.get_logger()

BECAUSE: Final = {
    Progress.UNHEARD: f"{BY_LISTENER.because}; nothing was sent: it came after STOP, or as one text too many",
    Progress.HELD: f"{BY_LISTENER.because}; the first text of a phone: it is answered when they write again",
}


async def overhear_next(house: House, conversation: ConversationId) -> bool:
    """Listen to the oldest such message of a conversation; False when none is left or another worker has it."""
    claimed = await claim_unheard(house, conversation)
    if claimed is None:
        return False
    is_worry = _is_own_words(claimed) and await hear_again(house, claimed)
    try:
        await _note_heard(house, claimed, is_worry=is_worry)
    except (LeaseLost, NoResultFound):  # another worker hears it again, or all of it was erased meanwhile
        log.warning("lease_lost", message=claimed.message)
        return False
    house.doorbell.ring(OUTBOX_BELL)
    house.doorbell.ring(ANY_CONVERSATION)
    return True


async def _note_heard(house: House, claimed: Claimed, *, is_worry: bool) -> None:
    """Note that it was heard, and raise the worry, at once or not at all; of erased words nothing is raised."""
    async with house.service.write() as session:
        release(await hold_lease(session, house, claimed))
        message = await session.get(Message, claimed.message, with_for_update=True)
        if message is None:
            return
        if is_worry:
            await raise_worry(session, house, claimed, BECAUSE[message.progress])
        if message.progress == Progress.UNHEARD:
            message.progress = Progress.ANSWERED
        else:
            message.attempts = 1
        await session.flush()
        pass_by(Failpoint.TURN_WRITTEN)
    log.info("message_listened_to", message=claimed.message)


def _is_own_words(claimed: Claimed) -> bool:
    return claimed.body["choice"] is None and claimed.body["code"] is None
