"""What stands on "My page": kept from every bot beside the conversation, and forgotten unless they ask to keep it."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.house import House
from core.conversation.place import PAGE, Place, read_place, seal_place
from core.conversation.refusals import NoSuchConversation
from core.conversation.rows import read_body
from core.conversation.tables import Conversation, Message
from core.ids import ConversationId
from core.safeguarding.keeping import messages_kept
from core.sealing import seal_json
from core.text.messages import Catalogue

PARTS = ("like", "matters", "helps", "hope", "say")
"""The parts of the page, in order."""
IS_GIVEN = "given"


def lifts_for(part: str) -> str:
    """Name the answer to a part among those that no bot sees."""
    return PAGE + part


def note_page_message(place: Place, message: str, lifts: str | None) -> Place:
    """Remember which message was written for the page, so that its words can go with the page."""
    if lifts is None or not lifts.startswith(PAGE):
        return place
    return replace(place, of_page=(*place.of_page, message))


def page_in(place: Place) -> dict[str, str] | None:
    """Give what was written for each part ("" where it was skipped); None while there is no page."""
    done = place.state.get("page") or {}
    if not done:
        return None
    return {part: place.kept.get(lifts_for(part), "") if done.get(part) == IS_GIVEN else "" for part in PARTS}


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
    """Forget the page and the words that were written for it, but those that a person must see to keep them safe."""
    mine = select(Message).where(Message.id.in_(place.of_page), Message.conversation_id == row.id)
    not_needed = Message.id.not_in(messages_kept(ConversationId(row.id)))
    for message in (await session.scalars(mine.where(not_needed).with_for_update())).all():
        body = {**read_body(message, key), "text": catalogue.say("my_page_typed")}
        message.sealed_body = seal_json(body, key, row=f"message:{message.id}")
    left = {name: words for name, words in place.kept.items() if not name.startswith(PAGE)}
    return replace(place, kept=left, of_page=(), state={**place.state, "page": {}})


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
