"""The keys of many conversations at once, for the move of their views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.tables import Conversation
from core.ids import ConversationId
from core.keys import ServiceKeys
from core.safeguarding.tables import Concern


@dataclass(frozen=True, slots=True)
class KeysOfConversations:
    """Looks the keys of conversations up in the service store."""

    keys: ServiceKeys

    async def __call__(
        self, session: AsyncSession, conversations: Sequence[ConversationId]
    ) -> Mapping[ConversationId, bytes]:
        """Give the key of each conversation that is still there."""
        wanted = select(Conversation.id, Conversation.sealed_key).where(Conversation.id.in_(conversations))
        found = await session.execute(wanted)
        return {
            ConversationId(each): self.keys.open_conversation_key(sealed, ConversationId(each))
            for each, sealed in found
        }


async def with_open_concern(
    session: AsyncSession, conversations: Sequence[ConversationId]
) -> frozenset[ConversationId]:
    """Give those of the conversations that have a concern open: their free text stays here."""
    wanted = select(Concern.conversation_id).where(
        Concern.conversation_id.in_(conversations), Concern.closed_at.is_(None)
    )
    return frozenset(ConversationId(each) for each in (await session.execute(wanted)).scalars())
