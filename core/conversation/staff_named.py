"""Notice staff of a group session who are named in its conversation: then a concern there is not for their setting.

Who is hit says so in one message and by whom in another; so words before and after it are looked at as well. They are
few, the newest first (`MOST_CHARACTERS`): whoever writes without end must not hold up what others write. Once an open
concern is about staff, that stays known, and nothing is looked at again.
"""

from collections.abc import Sequence
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
from core.safeguarding.clearance import is_known_about_worker, keep_about_worker
from core.safeguarding.phrases import Category, Level
from core.safeguarding.rules import Heard, Match
from core.sealing import CannotOpen

MOST_CHARACTERS: Final = 20_000
"""So far back words are looked at; no message uses up more than half of what is left, from its beginning."""
FEWEST_CHARACTERS: Final = 100
AT_A_TIME: Final = 10
MOST_MESSAGES: Final = 200

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
    row = await session.get_one(Message, message)
    if names_staff(group, _words_of(row, key)[:MOST_CHARACTERS]):
        because = NAMED
    elif names_staff(group, await _said_lately(session, ConversationId(row.conversation_id), key)):
        because = NAMED_ELSEWHERE
    else:
        return heard
    worker = Category.ADULT_WHO_WORKS_WITH_CHILDREN
    categories = tuple(dict.fromkeys((*heard.categories, worker)))
    return Heard(heard.level, categories, (*heard.because, Match(because, worker, Level.WORRY)))


async def is_staff_named(
    session: AsyncSession, conversation: ConversationId, *, place: Place, key: bytes
) -> bool:
    """Say whether what was said lately names staff of the group session."""
    group = group_at(place)
    return group is not None and names_staff(group, await _said_lately(session, conversation, key))


async def note_staff_named(session: AsyncSession, arrived: Arrived) -> None:
    """Let an open concern be about an adult at work where a later message, in which nothing was heard, names them."""
    its_id = ConversationId(arrived.conversation.id)
    if arrived.place.group is None or await is_known_about_worker(session, its_id) is not False:
        return
    if await is_staff_named(session, its_id, place=arrived.place, key=arrived.key):
        await keep_about_worker(session, its_id)


async def _said_lately(session: AsyncSession, conversation: ConversationId, key: bytes) -> str:
    """Give what the young person said, joined: a title and a name, or both parts of one, may be sent one by one.

    The newest messages that fit into the bound, the oldest of them first. What no key opens is left out.
    """
    said: list[str] = []
    left = MOST_CHARACTERS
    for begin in range(0, MOST_MESSAGES, AT_A_TIME):
        rows = await _newest(session, conversation, begin)
        for row in rows:
            said.append(_words_of(row, key)[: left // 2])
            left -= len(said[-1])
            if left < FEWEST_CHARACTERS:
                break
        if left < FEWEST_CHARACTERS or len(rows) < AT_A_TIME:
            break
    return "\n".join(reversed(said))


async def _newest(session: AsyncSession, conversation: ConversationId, begin: int) -> Sequence[Message]:
    theirs = select(Message).where(Message.conversation_id == conversation, Message.author == Author.YOU)
    found = await session.scalars(theirs.order_by(Message.seq.desc()).offset(begin).limit(AT_A_TIME))
    return found.all()


def _words_of(row: Message, key: bytes) -> str:
    try:
        return str(read_body(row, key).get("text") or "")
    except CannotOpen:
        return ""
