"""Know a message that came before under the same id, before anything is counted or done for it."""

from core.conversation.arrived import Accepted
from core.conversation.heard_texts import ERASED_SINCE, was_noted
from core.conversation.house import House
from core.conversation.rows import find_heard
from core.ids import ConversationId


async def was_heard(house: House, external_id: str) -> bool:
    """Say whether a message came with this id before."""
    async with house.service.read() as session:
        return await find_heard(session, external_id) is not None


async def was_text_heard(house: House, sid: str) -> bool:
    """The same of a text, also when its words are erased since."""
    return await find_repeat(house, sid) is not None


async def find_repeat(house: House, sid: str) -> Accepted | None:
    """Give what was said of this text when it came before, if it did."""
    async with house.service.read() as session:
        before = await find_heard(session, sid)
        if before is not None:
            return Accepted(ConversationId(before.conversation_id), before.seq, is_repeat=True)
        return ERASED_SINCE if await was_noted(session, sid) else None
