"""Whether a young person lets their words of a period be used: asked apart, taken back at any time."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import State
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.conversation.place import Place, read_place
from core.conversation.tables import Conversation
from core.ids import ConversationId, PeriodId
from core.views.record import record_permission


def may_quote(state: State, period: PeriodId) -> bool:
    """Say whether what is said in a period may be used."""
    told = state.get("words") or {}
    return bool(told.get("may")) and told["period"] == period


async def note_permission(
    session: AsyncSession, house: House, claimed: Claimed, *, before: Place, now: State
) -> None:
    """Mark the words of the period when the answer changed. A no is heard in every conversation of the person."""
    told = now.get("words")
    if not told or told["may"] is None or told == before.state.get("words"):
        return
    period, may = PeriodId(told["period"]), bool(told["may"])
    if may != may_quote(before.state, period):
        await record_permission(
            session, conversation=claimed.conversation, key=claimed.key, period=period, may_quote=may
        )
    if not may and before.linked:
        await _refuse_in_linked(session, house, before, period)


async def _refuse_in_linked(session: AsyncSession, house: House, before: Place, period: PeriodId) -> None:
    rows = await session.scalars(select(Conversation).where(Conversation.id.in_(before.linked)))
    for row in rows.all():
        if row.sealed_key:
            key, other = read_place(row, house.keys)[1], ConversationId(row.id)
            await record_permission(session, conversation=other, key=key, period=period, may_quote=False)
