"""Send a complaint in the words that no bot saw, and forget the words of one that is over."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from core.complaints.complaints import make_complaint
from core.conversation.bot import Say, SayMessage, State
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.signposting.personal_answers import COMPLAINT


async def send_complaint(
    session: AsyncSession, house: House, claimed: Claimed, words: str | None
) -> tuple[Say, ...]:
    """Send it to who answers complaints; nothing is sent where its words were deleted meanwhile."""
    if words is None:
        return (SayMessage("complaint_not_sent"),)
    await make_complaint(
        session, conversation=claimed.conversation, key=claimed.key, words=words, now=house.clock()
    )
    return (SayMessage("complaint_sent", {"office": house.area.complaints.name}),)


def without_left_complaint(kept: Mapping[str, str], state: State) -> Mapping[str, str]:
    """Forget the words of a complaint that was sent, or that is not to be sent."""
    flows = {state.get("flow"), *(below["flow"] for below in state.get("suspended") or ())}
    if COMPLAINT in flows:
        return kept
    return {name: answer for name, answer in kept.items() if name != COMPLAINT}
