"""Whether a delete code that comes in now is to be read, because it was just asked for, and not to delete.

What is deleted by mistake is gone; what is read by mistake is told, and can be written again. So in doubt it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.house import House
from core.conversation.ourselves import NO_CODE
from core.conversation.place import Place, read_place
from core.conversation.rows import read_body
from core.conversation.tables import Author, Conversation, Message, Progress
from core.conversation.understand import asks_for_answers
from core.ids import ConversationId

UNANSWERED = (Progress.WAITING, Progress.HELD)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message of the young person: whether it waits for its answer, whether it asks to read, how old it is."""

    is_unanswered: bool
    asks: bool
    age: timedelta
    body: dict[str, Any]


async def is_asked_here(house: House, conversation: ConversationId) -> bool:
    """Say whether the code to read answers by was just asked for in this conversation."""
    return await is_asked_for_code(house, select(Conversation).where(Conversation.id == conversation))


async def is_asked_for_code(
    house: House,
    wanted: Select[Conversation],
    *,
    lasting: timedelta | None = None,
    is_stopped: bool = False,
) -> bool:
    """The same for the first conversation that is found; after a silence longer than `lasting`, no more.

    It also is where the wish to read still waits for its answer, as the first text of a phone may do for long (also of
    one that said stop since: `is_stopped`), and where a code was read just now: whoever writes it once more, because
    a word was wrong or nothing was found, does not mean to delete. By text every wish counts for as long as `lasting`:
    it may have been answered before we knew whose phone it is.
    """
    async with house.service.read() as session:
        row = (await session.scalars(wanted)).first()
        if row is None or not row.sealed_key:
            return False
        place, key = read_place(row, house.keys)
        heard = await _heard(session, house, row, key, lasting)
    if any(each.asks and each.is_unanswered for each in heard):
        return True
    if is_stopped or (lasting is not None and house.clock() - row.last_heard_at > lasting):
        return False
    return _was_asked(place, heard, lasting)


def _was_asked(place: Place, heard: Sequence[_Heard], lasting: timedelta | None) -> bool:
    if any(choice.intent == NO_CODE for choice in place.open):
        return True
    if heard and (heard[0].body.get("code") or {}).get("answers") is not None:
        return True
    return lasting is not None and any(each.asks and each.age <= lasting for each in heard)


async def _heard(
    session: AsyncSession, house: House, row: Conversation, key: bytes, lasting: timedelta | None
) -> list[_Heard]:
    """Give the newest message, those that wait, and those no older than `lasting`; the newest first."""
    mine = (Message.conversation_id == row.id, Message.author == Author.YOU)
    newest = select(func.max(Message.seq)).where(*mine).scalar_subquery()
    which = [Message.progress.in_(UNANSWERED), Message.seq == newest]
    if lasting is not None:
        which.append(Message.at >= house.clock() - lasting)
    found = await session.scalars(select(Message).where(*mine, or_(*which)).order_by(Message.seq.desc()))
    heard = []
    for each in found:
        body = read_body(each, key)
        age, asks = house.clock() - each.at, asks_for_answers(house, body)
        heard.append(_Heard(each.progress in UNANSWERED, asks, age, body))
    return heard
