"""Notice staff of a group session who are named in its conversation: then a concern there is not for their setting.

Who is hit says so in one message and by whom in another; so all words are looked at that are still kept.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import Arrived
from core.conversation.group import group_at
from core.conversation.place import Place
from core.conversation.rows import read_body
from core.conversation.tables import Author, Message
from core.group_sessions.group import names_staff
from core.ids import ConversationId, MessageId
from core.safeguarding.clearance import keep_about_worker
from core.safeguarding.concerns import has_open_concern
from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.sealing import CannotOpen

NAMED: Final = "names who leads the group session"
NAMED_ELSEWHERE: Final = "another message names who leads the group session"


async def with_staff_named(
    session: AsyncSession, heard: Heard, *, message: MessageId, place: Place, key: bytes
) -> Heard:
    """Add, to danger or a worry, that staff of the group session are named in this message or in another one.

    It raises no level. `message` is written already.
    """
    group = group_at(place)
    if group is None:
        return heard
    mine = select(Message.conversation_id).where(Message.id == message)
    conversation = ConversationId(str(await session.scalar(mine)))
    said = await _words(session, conversation, key)
    if names_staff(group, said.get(message, "")):
        because = NAMED
    elif names_staff(group, _together(said)):
        because = NAMED_ELSEWHERE
    else:
        return heard
    worker = Category.ADULT_WHO_WORKS_WITH_CHILDREN
    categories = tuple(dict.fromkeys((*heard.categories, worker)))
    return Heard(heard.level, categories, (*heard.because, Match(because, worker, Level.WORRY)))


async def is_staff_named(
    session: AsyncSession, conversation: ConversationId, *, place: Place, key: bytes
) -> bool:
    """Say whether any message that is still kept names staff of the group session."""
    group = group_at(place)
    return group is not None and names_staff(group, _together(await _words(session, conversation, key)))


async def note_staff_named(session: AsyncSession, arrived: Arrived) -> None:
    """Let an open concern be about an adult at work where a later message, in which nothing was heard, names them."""
    its_id = ConversationId(arrived.conversation.id)
    if arrived.place.group is None or not await has_open_concern(session, its_id):
        return
    if await is_staff_named(session, its_id, place=arrived.place, key=arrived.key):
        await keep_about_worker(session, its_id)


async def _words(session: AsyncSession, conversation: ConversationId, key: bytes) -> dict[str, str]:
    """Give what the young person said, by message, the oldest first; what no key opens is left out."""
    theirs = select(Message).where(Message.conversation_id == conversation, Message.author == Author.YOU)
    said = {}
    for row in await session.scalars(theirs.order_by(Message.seq)):
        try:
            said[row.id] = str(read_body(row, key).get("text") or "")
        except CannotOpen:
            continue
    return said


def _together(said: dict[str, str]) -> str:
    """Join messages: a title and a name, or both parts of a name, may be sent one after the other."""
    return "\n".join(said.values())
