"""Take away all that the demo made, and nothing else; doing it again, or after a demo that was cut off, is fine."""

from collections.abc import Sequence

import structlog
from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.demo.made import MARK, find_made, forget_played, read_played
from app.stores import Stores
from core.conversation.tables import Conversation, HeardText, Message
from core.database import ServiceBase, ViewsBase
from core.ids import ConversationId, PeriodId
from core.outbox_tables import Post
from core.safeguarding.tables import Concern, ConcernMessage
from core.settings import Settings
from core.summaries.tables import Release
from core.views.tables import HeldPerson, HeldView
from core.young_people.tables import Contact

log = structlog.get_logger()

AT_ONCE = 100


async def remove_demo(stores: Stores, settings: Settings) -> int:
    """Remove it, and say how many conversations there were; AnotherDatabase if the file is of another one."""
    played = read_played(settings)
    async with stores.service.read() as session:
        made = await find_made(session, played)
    for start in range(0, len(made), AT_ONCE):
        async with stores.service.write() as session:
            await _remove_conversations(session, made[start : start + AT_ONCE])
    async with stores.service.write() as session:
        await session.execute(delete(HeardText).where(HeardText.sid.startswith(MARK)))
    if played is not None:
        async with stores.views.write() as session:
            await _remove_periods(session, played.periods)
    forget_played(settings)
    log.info("demo_removed", conversations=len(made))
    return len(made)


async def _remove_conversations(session: AsyncSession, made: Sequence[ConversationId]) -> None:
    """Remove some conversations with all that hangs on them; what refers to something goes before it."""
    contacts = list(await session.scalars(select(Conversation.contact_id).where(Conversation.id.in_(made))))
    concerns = list(await session.scalars(select(Concern.id).where(Concern.conversation_id.in_(made))))
    messages = select(Message.id).where(Message.conversation_id.in_(made))
    await session.execute(delete(ConcernMessage).where(ConcernMessage.concern_id.in_(concerns)))
    await session.execute(delete(Post).where(Post.message_id.in_(messages)))
    await session.execute(delete(Post).where(Post.concern_id.in_(concerns)))
    for table in _tables_with(ServiceBase, "conversation_id"):
        await session.execute(delete(table).where(table.c.conversation_id.in_(made)))
    await session.execute(delete(Conversation).where(Conversation.id.in_(made)))
    await _remove_contacts(session, [each for each in contacts if each is not None])


async def _remove_contacts(session: AsyncSession, contacts: Sequence[str]) -> None:
    """Remove the phones that no other conversation has."""
    in_use = select(Conversation.contact_id).where(Conversation.contact_id.in_(contacts))
    await session.execute(delete(Contact).where(Contact.id.in_(contacts), Contact.id.not_in(in_use)))


async def _remove_periods(session: AsyncSession, periods: Sequence[PeriodId]) -> None:
    """Remove views and releases of the periods that were empty before the demo."""
    releases = select(Release.id).where(Release.period.in_(periods))
    for table in _tables_with(ViewsBase, "release_id"):
        await session.execute(delete(table).where(table.c.release_id.in_(releases)))
    await session.execute(delete(Release).where(Release.period.in_(periods)))
    for held in (HeldView, HeldPerson):
        await session.execute(delete(held).where(held.period.in_(periods)))


def _tables_with(base: type[ServiceBase] | type[ViewsBase], column: str) -> list[Table]:
    """List the tables that have this column, those that refer to others first; so a new one is not forgotten."""
    return [table for table in reversed(base.metadata.sorted_tables) if column in table.c]
