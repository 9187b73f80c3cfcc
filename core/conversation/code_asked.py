"""Whether a delete code that comes in now is to be read, because it was just asked for, and not to delete."""

from datetime import timedelta

from sqlalchemy import Select, select

from core.conversation.house import House
from core.conversation.ourselves import NO_CODE
from core.conversation.place import read_place
from core.conversation.rows import read_body
from core.conversation.tables import Author, Conversation, Message, Progress
from core.conversation.understand import asks_for_answers
from core.ids import ConversationId


async def is_asked_here(house: House, conversation: ConversationId) -> bool:
    """Say whether the code to read answers by was just asked for in this conversation."""
    return await is_asked_for_code(house, select(Conversation).where(Conversation.id == conversation))


async def is_asked_for_code(
    house: House, wanted: Select[Conversation], *, lasting: timedelta | None = None
) -> bool:
    """The same for the first conversation that is found; after a silence longer than `lasting`, no more.

    It also is where the wish to read still waits for its answer, and where a code was read just now: whoever writes it
    once more, because a word was wrong or nothing was found, does not mean to delete.
    """
    async with house.service.read() as session:
        row = (await session.scalars(wanted)).first()
        if row is None or not row.sealed_key:
            return False
        if lasting is not None and house.clock() - row.last_heard_at > lasting:
            return False
        heard = select(Message).where(Message.conversation_id == row.id, Message.author == Author.YOU)
        newest = (await session.scalars(heard.order_by(Message.seq.desc()).limit(1))).first()
    place, key = read_place(row, house.keys)
    if any(choice.intent == NO_CODE for choice in place.open):
        return True
    if newest is None or place.state["private"] is not True:
        return False
    body = read_body(newest, key)
    if (body.get("code") or {}).get("answers") is not None:
        return True
    return newest.progress == Progress.WAITING and asks_for_answers(house, body)
