"""Open what a young person said in a request, with the key of their conversation."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.tables import Conversation
from core.keys import ServiceKeys
from core.sealing import CannotOpen
from core.signposting.queue import FoundRequest, open_body
from core.signposting.requests import RequestBody


async def read_body(session: AsyncSession, keys: ServiceKeys, found: FoundRequest) -> RequestBody | None:
    """Give what was said; None when the young person has had it erased."""
    conversation = await session.get(Conversation, found.listed.conversation)
    if conversation is None:
        return None
    try:
        key = keys.open_conversation_key(conversation.sealed_key, found.listed.conversation)
        return open_body(found, key)
    except CannotOpen:
        return None
