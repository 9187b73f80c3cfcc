"""Write messages of web conversations that came together with few statements, where their words are plain."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.arrived import Accepted, Inbound
from core.conversation.house import House
from core.conversation.plain import PlainWords, held_under_way, keep_plain, read_standing, which_plain
from core.conversation.tables import Conversation, Message
from core.group_commit import Alike

_HELD: Final = (
    held_under_way().where(Conversation.id.in_(bindparam("wanted", expanding=True))).order_by(Conversation.id)
)
_BEFORE: Final = select(Message.external_id).where(Message.external_id.in_(bindparam("ids", expanding=True)))


def find_plain_message(house: House, inbound: Inbound) -> Alike | None:
    """Give how a message, of whose words nothing was heard, can be written with others; None for a choice."""
    if inbound.text is None:
        return None
    return Alike(
        write_plain_messages, PlainWords(house, inbound.conversation, inbound.external_id, inbound.text)
    )


async def write_plain_messages(
    session: AsyncSession, messages: Sequence[PlainWords]
) -> list[Accepted | None]:
    """Write what is plain; None for each message that is to be written by itself: one that came before, too."""
    keys = messages[0].house.keys
    wanted = {words.whose for words in messages}
    held = await session.execute(_HELD, {"wanted": sorted(wanted)})
    standing = {row.id: read_standing(row, keys) for row in held}
    before = set(await session.scalars(_BEFORE, {"ids": [words.external_id for words in messages]}))
    new = [words for words in messages if words.external_id not in before]
    kept = await keep_plain(session, which_plain(new, standing), standing)
    return [kept.get(words) for words in messages]
