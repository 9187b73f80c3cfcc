"""Say things to a young person: as turns of the conversation, and on a phone as texts in the outbox."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.rows import add_said
from core.conversation.say import Said
from core.conversation.tables import Channel, Conversation, Message
from core.ids import ContactId, MessageId
from core.outbox import post_text
from core.text.sms import segments, split_for_sms, to_gsm7

MOST_SEGMENTS = 2


async def speak(
    session: AsyncSession, conversation: Conversation, key: bytes, said: Sequence[Said], now: datetime
) -> list[Message]:
    """Write what is said, and post it where the young person has only a phone; sent after the commit."""
    rows = add_said(session, conversation, key, said, now)
    await session.flush()
    if conversation.channel == Channel.SMS and conversation.contact_id is not None and rows:
        contact, last = ContactId(conversation.contact_id), MessageId(rows[-1].id)
        for text in texts_of(said):
            await post_text(session, contact=contact, message=last, text=text, key=key, now=now)
    return rows


def texts_of(said: Sequence[Said]) -> list[str]:
    """Join messages into as few texts as hold them, each of at most two segments."""
    texts: list[str] = []
    for words in (to_gsm7(as_text(each)) for each in said):
        joined = f"{texts[-1]}\n{words}" if texts else words
        if texts and segments(joined) <= MOST_SEGMENTS:
            texts[-1] = joined
        else:
            texts.extend(split_for_sms(words, MOST_SEGMENTS))
    return texts


def as_text(said: Said) -> str:
    """Give the words and then the choices, each with its number."""
    numbered = [f"{number} {each.label}" for number, each in enumerate(said.choices, start=1)]
    return "\n".join([said.text, *numbered])
