"""What has become of the requests of whoever sent a message."""

from collections.abc import Sequence

from core.conversation.house import House
from core.conversation.tables import Message
from core.ids import ConversationId
from core.signposting.requests import RequestStatus, request_statuses


async def requests_of_message(house: House, message: str) -> Sequence[RequestStatus]:
    """Give the latest request of each kind of the conversation that a message belongs to, the newest first."""
    async with house.service.read() as session:
        row = await session.get(Message, message)
        if row is None:
            return ()
        return await request_statuses(session, ConversationId(row.conversation_id))
