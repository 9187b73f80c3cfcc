"""Bring the answer to a complaint to the young person, on their own channel."""

import structlog

from core.complaints.complaints import mark_answered, read_complaint
from core.conversation.bot import SayMessage
from core.conversation.house import House
from core.conversation.rows import find_heard
from core.conversation.tables import Conversation
from core.conversation.worker_reply import LONGEST_ONCE, checked_words, deliver
from core.ids import ComplaintId, StaffId
from core.staff.tables import StaffAccount

log = structlog.get_logger()


async def answer_complaint(
    house: House, complaint: ComplaintId, staff: StaffId, text: str, *, once: str
) -> None:
    """Say the answer, and note that there is one; NoWords, ReplyTooLong, NoSuchComplaint, ComplaintTakenBack.

    `once` is the id of the form that was sent: sent twice by a double click, it is one answer.
    """
    words = checked_words(text)
    async with house.service.write() as session:
        listed = (await read_complaint(session, complaint)).listed
        row = await session.get_one(Conversation, listed.conversation, with_for_update=True)
        external_id = f"complaint:{complaint}:{once[:LONGEST_ONCE]}"
        if await find_heard(session, external_id) is not None:
            return
        officer = await session.get_one(StaffAccount, staff)
        values = {"worker": officer.name.split(" ")[0], "office": house.area.complaints.name, "words": words}
        message = await deliver(session, house, row, SayMessage("complaint_answer_says", values))
        message.external_id = external_id
        await mark_answered(session, complaint, staff, house.clock())
    house.doorbell.ring(listed.conversation)
