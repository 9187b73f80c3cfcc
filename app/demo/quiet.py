"""See that no real person hears of an invented one: neither while the demo plays, nor when the service starts then.

Each transaction of the demo ends with it, so that a demo that is killed leaves nothing behind that calls anybody. It
may take all that waits, because the demo plays alone and only where no conversation is (core.conversation); what waits
about anything else, such as a complaint, is left as it is.
"""

from dataclasses import replace

from sqlalchemy import exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.demo.made import MARK
from app.stores import Stores
from core.conversation.tables import IS_UNHEARD, IS_WAITING, Message
from core.database import Store
from core.errors import Refusal
from core.outbox_tables import Post, Status
from core.safeguarding.tables import Concern


class DemoCutOff(Refusal):
    """Its invented people still wait: the bot would answer them, and what it hears would call real people."""

    words = (
        "A demo was cut off here, and its invented people still wait for an answer. "
        "Take it away first: HYS_PROFILE=local haveyoursay demo --remove"
    )


def quiet(stores: Stores) -> Stores:
    """Give the stores as the demo writes to them: it calls nobody, and no text of it leaves."""
    return Stores(replace(stores.service, before_commit=_call_nobody), stores.views)


async def refuse_if_cut_off(service: Store) -> None:
    """Raise DemoCutOff while invented words are not answered, or not listened to."""
    waits = or_(IS_WAITING, IS_UNHEARD)
    async with service.read() as session:
        if await session.scalar(select(exists().where(waits, Message.external_id.startswith(MARK)))):
            raise DemoCutOff


async def _call_nobody(session: AsyncSession) -> None:
    """End texts and alerts unsent, and let nobody be called about a concern; it stays open, and unread."""
    await session.flush()
    theirs = or_(Post.message_id.is_not(None), Post.concern_id.in_(select(Concern.id)))
    ended = update(Post).where(theirs, Post.status == Status.WAITING)
    await session.execute(
        ended.values(status=Status.WITHHELD, reason="demo"),
        execution_options={"synchronize_session": False},
    )
    called = update(Concern).where(Concern.call_at.is_not(None)).values(call_at=None)
    await session.execute(called, execution_options={"synchronize_session": False})
