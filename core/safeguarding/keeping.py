"""Which words must stay although a young person asked to delete them: those of a concern."""

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import ConversationId
from core.safeguarding.tables import Concern, ConcernMessage


def messages_kept(conversation: ConversationId) -> Select[str]:
    """Name the messages of a conversation's concerns, open or closed."""
    return (
        select(ConcernMessage.message_id)
        .join(Concern, Concern.id == ConcernMessage.concern_id)
        .where(Concern.conversation_id == conversation)
    )


async def has_concern(session: AsyncSession, conversation: ConversationId, *, is_open: bool = False) -> bool:
    """Say whether a conversation has a concern, or one that is open."""
    wanted = select(Concern.id).where(Concern.conversation_id == conversation)
    if is_open:
        wanted = wanted.where(Concern.closed_at.is_(None))
    return (await session.execute(wanted.limit(1))).first() is not None
