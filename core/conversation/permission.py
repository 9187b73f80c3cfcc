"""Whether a young person lets their words of a period be used: asked apart, taken back at any time."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import State
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.conversation.place import Place, read_place, seal_place
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
        await _refuse_in_linked(session, house, claimed.conversation, before, period)


def keep_no(state: State, *, stands: State, before: State) -> State:
    """Keep in a turn's new state what was said of use in a joined conversation while the turn was decided."""
    is_ours = state.get("words") != before.get("words")
    return state if is_ours or "words" not in stands else {**state, "words": stands["words"]}


async def _refuse_in_linked(
    session: AsyncSession, house: House, here: ConversationId, before: Place, period: PeriodId
) -> None:
    """Take the words back in all conversations of the person, whichever was joined with which.

    What is said there later in the period is not used either.
    """
    seen, left = {str(here)}, list(before.linked)
    while left:
        its_id = left.pop()
        row = None if its_id in seen else await session.get(Conversation, its_id, with_for_update=True)
        seen.add(its_id)
        if row is None or not row.sealed_key:
            continue
        place, key = read_place(row, house.keys)
        other = ConversationId(row.id)
        await record_permission(session, conversation=other, key=key, period=period, may_quote=False)
        if may_quote(place.state, period):
            state = {**place.state, "words": {"period": period, "may": False}}
            row.sealed_place = seal_place(replace(place, state=state), key, other)
        left += place.linked
