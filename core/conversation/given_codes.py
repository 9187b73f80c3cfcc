"""Give a code: drawn, shown once, and kept nowhere but as a keyed hash."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from random import SystemRandom

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import GiveCode
from core.conversation.house import House
from core.conversation.periods import period_at
from core.conversation.place import Place, read_place
from core.conversation.rows import add_said, lock_conversation
from core.conversation.say import Said
from core.conversation.tables import Conversation, GivenCode
from core.errors import Refusal
from core.ids import ContactId, ConversationId, MessageId
from core.outbox import post_text
from core.text.code_words import CodeKind, draw_code
from core.text.messages import Variant
from core.text.sms import to_gsm7
from core.views.delete_codes import hold_code

log = structlog.get_logger()

LINK_LASTS = timedelta(minutes=15)
SHOWN = {
    CodeKind.DELETE: "code_delete_text",
    CodeKind.RETURN: "code_return_text",
    CodeKind.LINK: "code_link_text",
}


class CodeGivenBefore(Refusal):
    """A delete code is shown once for each term."""

    status = HTTPStatus.CONFLICT
    words = "I gave you a code before. I can not show it again."


@dataclass(frozen=True, slots=True)
class _Owner:
    """The conversation that gets a code, held until commit."""

    row: Conversation
    place: Place
    key: bytes


async def draw(house: House, kind: CodeKind, *, with_copy: bool = False) -> GiveCode:
    """Draw a code and stretch it, outside of any transaction."""
    words = draw_code(kind, SystemRandom())
    stretched = await house.codes.stretcher.stretch(words, house.keys)
    return GiveCode(kind, words, stretched.names[0], stretched.key, with_copy)


async def show_code(house: House, conversation: ConversationId, kind: CodeKind) -> tuple[str, ...]:
    """Give a conversation a code and return its words, to be drawn on one page; CodeGivenBefore."""
    drawn = await draw(house, kind)
    async with house.service.write() as session:
        row = await lock_conversation(session, conversation)
        place, key = read_place(row, house.keys)
        await _keep(session, house, _Owner(row, place, key), drawn)
        add_said(session, row, key, [_mark(house)], house.clock())
    log.info("code_given", conversation=conversation)
    house.doorbell.ring(conversation)
    return drawn.words


async def text_code(
    session: AsyncSession, house: House, row: Conversation, place: Place, key: bytes, drawn: GiveCode
) -> bool:
    """Text a code to a phone, in the caller's transaction; False when it had one for this term.

    The message's row says only that a code was shown, and the outbox forgets the words as they leave.
    """
    try:
        await _keep(session, house, _Owner(row, place, key), drawn)
    except CodeGivenBefore:
        return False
    (message,) = add_said(session, row, key, [_mark(house)], house.clock())
    await session.flush()
    text = house.catalogue.say(SHOWN[CodeKind(drawn.kind)], Variant.SMS, code=" ".join(drawn.words))
    await post_text(
        session,
        contact=ContactId(row.contact_id or ""),
        message=MessageId(message.id),
        text=to_gsm7(text),
        key=key,
        now=house.clock(),
        is_code=True,
    )
    return True


async def _keep(session: AsyncSession, house: House, owner: _Owner, drawn: GiveCode) -> None:
    conversation, now = ConversationId(owner.row.id), house.clock()
    if drawn.kind == CodeKind.DELETE:
        is_new = await hold_code(
            session,
            conversation=conversation,
            key=owner.key,
            period=period_at(house, now),
            name=drawn.name,
            code_key=drawn.code_key,
            seed=owner.place.seed,
        )
        if not is_new:
            raise CodeGivenBefore
        return
    lasts = (
        LINK_LASTS if drawn.kind == CodeKind.LINK else timedelta(days=house.area.retention.return_code_days)
    )
    before = GivenCode.conversation_id == conversation, GivenCode.kind == drawn.kind
    await session.execute(delete(GivenCode).where(*before))
    session.add(
        GivenCode(
            name=drawn.name,
            kind=drawn.kind,
            conversation_id=conversation,
            with_copy=drawn.with_copy,
            ends_at=now + lasts,
        )
    )
    await session.flush()


def _mark(house: House) -> Said:
    """Say in the conversation that a code was shown, and not which."""
    return Said(house.catalogue.say("code_shown"), house.catalogue.say("code_shown", Variant.EASY))
