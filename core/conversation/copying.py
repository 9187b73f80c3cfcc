"""Give a young person a copy of what was said: read when it is asked for, kept nowhere, and only ever on the web.

Turns about danger or a worry are left out, whether or not there are any is never said: a person handles these.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.house import House
from core.conversation.place import read_place
from core.conversation.refusals import NoSuchConversation
from core.conversation.rows import read_body
from core.conversation.tables import Author, Conversation, Kind, Message
from core.conversation.transcript import ShownMessage, shown
from core.ids import ConversationId
from core.safeguarding.keeping import messages_kept

ABOUT_BEING_SAFE = frozenset({"check_in", "say_not_safe"})


async def read_copy(house: House, conversation: ConversationId) -> list[ShownMessage]:
    """List what was said in this conversation, and before it in the one whose return code was just typed for this.

    NoSuchConversation if it is not there or finished.
    """
    async with house.service.read() as session:
        row = await session.get(Conversation, conversation)
        if row is None or row.finished_at is not None:
            raise NoSuchConversation
        place, _ = read_place(row, house.keys)
        said: list[ShownMessage] = []
        if place.copy_of and place.copy_until and datetime.fromisoformat(place.copy_until) > house.clock():
            earlier = await session.get(Conversation, place.copy_of)
            if earlier is not None and earlier.sealed_key:
                said = await _read(session, house, earlier)
        return [*said, *await _read(session, house, row)]


async def _read(session: AsyncSession, house: House, row: Conversation) -> list[ShownMessage]:
    conversation = ConversationId(row.id)
    key = house.keys.open_conversation_key(row.sealed_key, conversation)
    of_concerns = frozenset(await session.scalars(messages_kept(conversation)))
    wanted = select(Message).where(Message.conversation_id == conversation).order_by(Message.seq)
    messages = (await session.scalars(wanted)).all()
    return [
        shown(message, key)
        for turn in _turns(messages)
        if not any(_is_about_being_safe(message, key, of_concerns) for message in turn)
        for message in turn
    ]


def _turns(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Cut a conversation before each thing that the young person said."""
    turn: list[Message] = []
    for message in messages:
        if turn and message.author == Author.YOU:
            yield turn
            turn = []
        turn.append(message)
    if turn:
        yield turn


def _is_about_being_safe(message: Message, key: bytes, of_concerns: frozenset[str]) -> bool:
    if message.kind == Kind.SAFETY or message.level is not None or message.id in of_concerns:
        return True
    body = read_body(message, key)
    return bool(body.get("heard")) or (body.get("choice") or {}).get("intent") in ABOUT_BEING_SAFE
