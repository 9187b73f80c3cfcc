"""What has become of the request of whoever sent a message."""

from core.conversation.house import House
from core.conversation.tables import Message
from core.ids import ConversationId
from core.signposting.requests import RequestStatus, request_status


async def request_status_of_message(house: House, message: str) -> RequestStatus | None:
    """Give the latest request of the conversation that a message belongs to; None without one."""
    async with house.service.read() as session:
        row = await session.get(Message, message)
        if row is None:
            return None
        return await request_status(session, ConversationId(row.conversation_id))
