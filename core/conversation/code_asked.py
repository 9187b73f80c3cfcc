"""Whether a delete code that comes in now is to be read, because it was just asked for, and not to delete.

What is deleted by mistake is gone; what is read by mistake is told, and can be written again. So in doubt it is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import READ_BACK_FOR
from core.conversation.house import House
from core.conversation.ourselves import NO_CODE
from core.conversation.place import Place, read_place
from core.conversation.read_or_delete import asks_to_delete, asks_to_read
from core.conversation.rights import CONFIRM_DELETE, READ_ANSWERS, wish_in
from core.conversation.rows import read_body
from core.conversation.tables import Author, Conversation, Message, Progress
from core.ids import ConversationId

UNANSWERED = (Progress.WAITING, Progress.HELD)
WISHES_TO_DELETE = frozenset({"delete_words", CONFIRM_DELETE})
MOST_LOOKED_AT: Final = 200
"""Messages: nobody writes so many in half an hour who looks for a code."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message of the young person: whether it waits for its answer, whether it was said lately, what it wishes."""

    is_unanswered: bool
    is_recent: bool
    asks: bool
    deletes: bool
    body: Mapping[str, Any]


async def is_asked_here(house: House, conversation: ConversationId) -> bool:
    """Say whether the code to read answers by was just asked for in this conversation on the web."""
    wanted = select(Conversation).where(Conversation.id == conversation)
    return await is_asked_for_code(house, wanted, ends_with_silence=False)


async def is_asked_for_code(
    house: House, wanted: Select[Conversation], *, ends_with_silence: bool = True, is_stopped: bool = False
) -> bool:
    """Say whether a delete code that comes in now is only read, in the first conversation that is found.

    It is for half an hour after any words that ask to read, whatever was said since, also where we know not yet whose
    phone it is, or where it said stop since (`is_stopped`); then also while such a wish still waits for its answer, as
    the first text of a phone may do for long; while we still ask for the code; and where one was read just now:
    whoever writes it once more, because a word was wrong or nothing was found, does not mean to delete. By text the
    last two end with half an hour of silence, and all but the first with STOP: nothing can be sent then that could be
    read. A plain wish to delete that was said later ends them all.
    """
    async with house.service.read() as session:
        row = (await session.scalars(wanted)).first()
        if row is None or not row.sealed_key:
            return False
        place, key = read_place(row, house.keys)
        heard = await _heard(session, house, row, key)
    last = next((each for each in heard if each.asks or each.deletes), None)
    if last is not None and (last.deletes or last.is_recent):
        return last.asks
    if is_stopped:
        return False
    is_silent = house.clock() - row.last_heard_at > READ_BACK_FOR
    if last is not None and last.is_unanswered:
        return True
    return not (ends_with_silence and is_silent) and _is_open(place, heard)


def _is_open(place: Place, heard: Sequence[_Heard]) -> bool:
    if any(choice.intent == NO_CODE for choice in place.open):
        return True
    return bool(heard) and (heard[0].body.get("code") or {}).get("answers") is not None


async def _heard(session: AsyncSession, house: House, row: Conversation, key: bytes) -> list[_Heard]:
    """Give the newest message, those that wait, and those of the last half hour; the newest first."""
    mine = (Message.conversation_id == row.id, Message.author == Author.YOU)
    newest = select(func.max(Message.seq)).where(*mine).scalar_subquery()
    lately = house.clock() - READ_BACK_FOR
    which = (Message.progress.in_(UNANSWERED), Message.seq == newest, Message.at >= lately)
    wanted = select(Message).where(*mine, or_(*which)).order_by(Message.seq.desc()).limit(MOST_LOOKED_AT)
    heard = []
    for each in await session.scalars(wanted):
        body = read_body(each, key)
        asks, deletes = _wishes(house, body)
        heard.append(_Heard(each.progress in UNANSWERED, each.at >= lately, asks, deletes, body))
    return heard


def _wishes(house: House, body: Mapping[str, Any]) -> tuple[bool, bool]:
    """Say whether a message, as it is kept, asks to read what was answered, and whether it plainly asks to delete."""
    chosen, text = body["choice"], str(body["text"])
    wish = chosen["intent"] if chosen is not None else wish_in(house, text)
    if chosen is not None or wish is not None:
        return wish == READ_ANSWERS, wish in WISHES_TO_DELETE
    return asks_to_read(text), asks_to_delete(text)
