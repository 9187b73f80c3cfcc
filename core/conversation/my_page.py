"""What stands on "My page": kept from every bot beside the conversation, and forgotten unless they ask to keep it.

It is sent only when they say so, after it was read back; words of a concern never go with it.
"""

from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.house import House
from core.conversation.page_parts import WRITTEN, page_in, written_for
from core.conversation.place import PAGE, Place, read_place, seal_place
from core.conversation.refusals import NoSuchConversation
from core.conversation.rows import read_body
from core.conversation.tables import Author, Conversation, Message
from core.ids import ConversationId
from core.safeguarding.keeping import messages_kept
from core.sealing import seal_json
from core.signposting.erasing import erase_requests
from core.signposting.tables import RequestKind
from core.text.clean import clean_text
from core.text.messages import Catalogue


async def hold_back(session: AsyncSession, conversation: ConversationId, place: Place, key: bytes) -> Place:
    """Hold back the parts with words of a concern: who keeps people safe reads these, and no key worker."""
    heard = Message.id.in_(messages_kept(conversation))
    messages = (await session.scalars(select(Message).where(Message.id.in_(place.of_page), heard))).all()
    texts = {clean_text(read_body(message, key)["text"]).strip() for message in messages}
    return replace(place, held_back=tuple(part for part in WRITTEN if written_for(place, part) in texts))


async def read_my_page(house: House, conversation: ConversationId) -> dict[str, str] | None:
    """Give the page made in this conversation, or else on the phone that goes with it; None where there is none."""
    async with house.service.read() as session:
        row = await session.get(Conversation, conversation)
        if row is None or row.finished_at is not None:
            raise NoSuchConversation
        place, _ = read_place(row, house.keys)
        for other in (None, *place.linked):
            found = page_in(place) if other is None else await _page_of(session, house, other)
            if found is not None:
                return found
    return None


async def forget_page(
    session: AsyncSession, catalogue: Catalogue, row: Conversation, place: Place, key: bytes
) -> Place:
    """Forget the page and the words that were written for it, but those that a person must see to keep them safe.

    Where it was read back before it was sent, these words go too.
    """
    may_be_of_it = or_(Message.id.in_(place.of_page), Message.author == Author.BOT)
    mine = select(Message).where(may_be_of_it, Message.conversation_id == row.id)
    not_needed = Message.id.not_in(messages_kept(ConversationId(row.id)))
    gone = catalogue.say("my_page_typed")
    for message in (await session.scalars(mine.where(not_needed).with_for_update())).all():
        body = read_body(message, key)
        if message.id in place.of_page or body.get("of_page"):
            body |= {"text": gone, "easy_text": gone}
            message.sealed_body = seal_json(body, key, row=f"message:{message.id}")
    left = {name: words for name, words in place.kept.items() if not name.startswith(PAGE)}
    state = {**place.state, "page": {}, "page_sent": False, "page_old": False}
    return replace(place, kept=left, of_page=(), held_back=(), state=state)


async def take_back_page(
    session: AsyncSession, house: House, row: Conversation, place: Place, key: bytes
) -> Place:
    """Forget the page because they said so, and take it back from the key workers where it was sent."""
    conversation = ConversationId(row.id)
    await erase_requests(session, conversation, house.clock(), only=RequestKind.PAGE)
    return await forget_page(session, house.catalogue, row, place, key)


async def forget_page_not_kept(session: AsyncSession, house: House, row: Conversation) -> None:
    """Forget the page of somebody who is finished here and did not ask to keep it."""
    place, key = read_place(row, house.keys)
    if place.of_page and not place.state.get("page_kept"):
        place = await forget_page(session, house.catalogue, row, place, key)
        row.sealed_place = seal_place(place, key, ConversationId(row.id))


async def _page_of(session: AsyncSession, house: House, conversation: str) -> dict[str, str] | None:
    row = await session.get(Conversation, conversation)
    if row is None or row.finished_at is not None or not row.sealed_key:
        return None
    return page_in(read_place(row, house.keys)[0])
