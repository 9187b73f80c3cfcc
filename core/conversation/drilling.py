"""A drill: tell of danger as a young person would, by the same way, and take it away when its time is over."""

from http import HTTPStatus

import structlog
from sqlalchemy import select

from core.conversation.accept import accept_message
from core.conversation.arrived import Inbound
from core.conversation.erase import let_go
from core.conversation.house import House
from core.conversation.opening import open_conversation
from core.conversation.tables import Conversation
from core.errors import Refusal
from core.ids import new_id
from core.safeguarding.concerns import has_open_concern
from core.safeguarding.drill_tables import Drill
from core.safeguarding.drills import measure_drills, note_drill

log = structlog.get_logger()

WORDS = "This is a drill. I am not safe."


class DrillUnderWay(Refusal):
    """One at a time, so that nobody is called about two."""

    status = HTTPStatus.CONFLICT
    words = "A drill is under way. It ends by itself: an hour after it was read, or after it began."


class DrillNotHeard(Refusal):
    """The words of the drill raised no concern: this is an alarm of its own."""

    words = "The drill was not heard as danger. Look into the phrases now: haveyoursay safeguarding check"


async def begin_drill(house: House) -> None:
    """Open a conversation, mark it as a drill, and say in it that somebody is not safe.

    Raises DrillUnderWay, DrillNotHeard.
    """
    running = select(Drill.id).where(Drill.conversation_id.is_not(None)).limit(1)
    async with house.service.read() as session:
        if (await session.execute(running)).first() is not None:
            raise DrillUnderWay
    conversation = (await open_conversation(house)).conversation
    async with house.service.write() as session:
        await note_drill(session, conversation, house.clock())
    await accept_message(house, Inbound(conversation, f"drill:{new_id()}", WORDS, None))
    async with house.service.read() as session:
        if not await has_open_concern(session, conversation):
            raise DrillNotHeard
    log.warning("drill_begun", conversation=conversation)


async def end_drills(house: House) -> int:
    """Note what became of the drills under way, take those away whose time is over, and say how many."""
    async with house.service.write() as session:
        over = await measure_drills(session, house.clock())
        for conversation in over:
            row = await session.get(Conversation, conversation, with_for_update=True)
            if row is not None:
                await let_go(session, house.keys, row, house.clock())
    return len(over)
