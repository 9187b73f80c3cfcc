"""Erase what a young person said, when they asked a person for it: `haveyoursay erase`.

It is the same erasing as when they say so themselves, for every conversation that is joined with the one found. What
must stay to keep people safe stays, and nothing here tells whether there was any.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.erase import ERASED, erase_on_wish
from core.conversation.place import read_place
from core.conversation.tables import Conversation
from core.database import Store
from core.errors import Refusal
from core.keys import ServiceKeys
from core.signposting.tables import SignpostingRequest
from core.staff.audit import Deed, record_deed
from core.young_people.contact import find_contact

log = structlog.get_logger()


class NothingToErase(Refusal):
    """Nobody said anything under this name, or it is gone already."""

    status = HTTPStatus.NOT_FOUND
    words = "No conversation was found for that. Nothing was erased."


class MoreThanOne(Refusal):
    """Words of requests that are closed may be drawn again."""

    status = HTTPStatus.CONFLICT
    words = "More than one request has had those words. Erase by number or by conversation instead."


@dataclass(frozen=True, slots=True)
class Whose:
    """By what a person is found: one of these. `reference` are the words of a request."""

    reference: str | None = None
    number: str | None = None
    conversation: str | None = None


async def erase_by_hand(store: Store, keys: ServiceKeys, whose: Whose, *, by: str, now: datetime) -> int:
    """Erase all that a person said, record it, and say in how many conversations; NothingToErase, MoreThanOne."""
    async with store.write() as session:
        found = await _with_joined(session, keys, await _find(session, keys, whose))
        for row in found:
            await erase_on_wish(session, keys, row, since=None, now=now)
        for row in found:
            await record_deed(
                session, keys, who=by, did=Deed.ERASED_CONVERSATION, about=row.id, now=now
            )  # last: it holds the head of the record until the commit
    log.info("conversations_erased", count=len(found))
    return len(found)


async def _find(session: AsyncSession, keys: ServiceKeys, whose: Whose) -> set[str]:
    wanted = select(Conversation.id)
    if whose.reference is not None:
        return await _of_request(session, " ".join(whose.reference.lower().split()))
    if whose.number is not None:
        contact = await find_contact(session, whose.number, keys)
        return await _ids(session, wanted.where(Conversation.contact_id == contact)) if contact else set()
    return await _ids(session, wanted.where(Conversation.id == whose.conversation))


async def _of_request(session: AsyncSession, words: str) -> set[str]:
    found = await _ids(
        session, select(SignpostingRequest.conversation_id).where(SignpostingRequest.words == words)
    )
    if len(found) > 1:
        raise MoreThanOne
    return found


async def _ids(session: AsyncSession, wanted: Select[str]) -> set[str]:
    return set(await session.scalars(wanted))


async def _with_joined(session: AsyncSession, keys: ServiceKeys, found: set[str]) -> list[Conversation]:
    """Hold the conversations and all that are joined with them, in one order, so that two can't deadlock."""
    looked, to_look = set[str](), found
    while to_look:
        looked |= to_look
        rows = await session.scalars(select(Conversation).where(Conversation.id.in_(to_look)))
        joined = {other for row in rows if row.sealed_key for other in read_place(row, keys)[0].linked}
        to_look = joined - looked
    held = select(Conversation).where(Conversation.id.in_(looked), Conversation.sealed_key != ERASED)
    rows = await session.scalars(
        held.order_by(Conversation.id).with_for_update().execution_options(populate_existing=True)
    )
    if not (whole := list(rows)):
        raise NothingToErase
    return whole
