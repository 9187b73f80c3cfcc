"""Break-glass: a contact that was not given for this opens to two named people, or to one where life is at risk."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from api.concerns.pages import show_one
from api.concerns.places import Desk, Lead, back_to, note_deed
from api.concerns.words import need_key_of
from api.office import Office
from api.pages import Problem, render
from api.queue.words import read_body
from core.conversation.tables import Conversation
from core.ids import ConcernId, ContactId, ConversationId, RequestId
from core.safeguarding.breaking_glass import (
    Asked,
    agree_to_open,
    ask_to_open,
    concern_of,
    require_opening,
    review_opening,
)
from core.safeguarding.clearance import require_clearance
from core.safeguarding.glass_refusals import NoContactKept
from core.safeguarding.listing import read_concern
from core.safeguarding.refusals import NoReason
from core.sealing import CannotOpen
from core.signposting.queue import read_request
from core.signposting.refusals import NoSuchRequest, RequestErased
from core.signposting.tables import SignpostingRequest
from core.staff.audit import Deed
from core.young_people.contact import address_of

router = APIRouter()
Typed = Annotated[str, Form()]


@router.post("/staff/concerns/{concern}/contact")
async def receive_asking(
    http_request: Request, office: Desk, who: Lead, concern: str, reason: Typed = "", risk: Typed = ""
) -> Response:
    """Ask to open their contact; where life may be at risk it is open at once."""
    is_life_at_risk = risk == "life"
    try:
        async with office.store.write() as session:
            its_id = ConcernId(concern)
            await require_clearance(session, its_id, who.staff)
            listed, _ = await read_concern(session, its_id)
            key = await need_key_of(session, office.keys, listed.conversation)
            asked = Asked(reason, is_life_at_risk, key)
            about = await ask_to_open(
                session, office.area, its_id, staff=who.staff, asked=asked, now=office.clock()
            )
            did = Deed.OPENED_CONTACT_ALONE if is_life_at_risk else Deed.ASKED_TO_OPEN_CONTACT
            await note_deed(session, office, who, did, about)
    except NoReason as refused:
        problem = Problem("why", refused.said)
        return await show_one(http_request, office, who, concern, problem=problem, typed={"why": reason})
    return back_to(concern)


@router.post("/staff/openings/{opening}/agree")
async def receive_agreement(office: Desk, who: Lead, opening: str) -> Response:
    """Say yes as the second person."""
    async with office.store.write() as session:
        await require_clearance(session, await concern_of(session, opening), who.staff)
        concern = await agree_to_open(session, opening, staff=who.staff, now=office.clock())
        await note_deed(session, office, who, Deed.AGREED_TO_OPEN_CONTACT, opening)
    return back_to(concern)


@router.post("/staff/openings/{opening}/show")
async def show_contact(http_request: Request, office: Desk, who: Lead, opening: str) -> Response:
    """Show the contact, once for each press of the button, after recording that it was seen."""
    async with office.store.write() as session:
        await require_clearance(session, await concern_of(session, opening), who.staff)
        concern = await require_opening(session, opening, staff=who.staff, now=office.clock())
        listed, _ = await read_concern(session, concern)
        number = await _number(session, office, listed.conversation)
        reach = await _reach(session, office, listed.conversation)
        if not number and not reach:
            raise NoContactKept
        await note_deed(session, office, who, Deed.SAW_CONTACT, opening)
    template = "concerns/templates/contact.html"
    return render(http_request, template, concern=listed, number=number, reach=reach)


@router.post("/staff/openings/{opening}/review")
async def receive_review(office: Desk, who: Lead, opening: str, said: Typed = "") -> Response:
    """Keep whether it was right to open it alone."""
    async with office.store.write() as session:
        await require_clearance(session, await concern_of(session, opening), who.staff)
        now, was_right = office.clock(), said == "right"
        concern = await review_opening(session, opening, staff=who.staff, was_right=was_right, now=now)
        await note_deed(
            session, office, who, Deed.REVIEWED_OPENING, f"{opening}:{'right' if was_right else 'wrong'}"
        )
    return back_to(concern)


async def _number(session: AsyncSession, office: Office, conversation: ConversationId) -> str | None:
    row = await session.get(Conversation, conversation)
    if row is None or row.contact_id is None:
        return None
    try:
        return await address_of(session, ContactId(row.contact_id), office.keys)
    except (CannotOpen, NoResultFound):
        return None


async def _reach(session: AsyncSession, office: Office, conversation: ConversationId) -> str | None:
    """Give the first name and the way to reach them of their latest request."""
    latest = select(SignpostingRequest.id).where(SignpostingRequest.conversation_id == conversation)
    found = (await session.execute(latest.order_by(SignpostingRequest.opened_at.desc()).limit(1))).scalar()
    if found is None:
        return None
    try:
        body = await read_body(session, office.keys, await read_request(session, RequestId(found)))
    except (NoSuchRequest, RequestErased):
        return None
    return f"{body.first_name}: {body.reach}" if body else None
