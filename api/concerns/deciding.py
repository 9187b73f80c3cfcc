"""What a safeguarding lead decides and writes down about one concern."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.concerns.pages import show_one
from api.concerns.places import Desk, Lead, back_to, note_deed
from api.concerns.words import need_key_of
from api.office import Office
from api.pages import Problem
from core.ids import ConcernId
from core.safeguarding.clearance import require_clearance, say_if_about_me
from core.safeguarding.deciding import escalate_concern, tell_key_worker
from core.safeguarding.listing import read_concern
from core.safeguarding.notes import add_note, hand_over
from core.safeguarding.refusals import NoReference, NoWords
from core.staff.audit import Deed

router = APIRouter()
Typed = Annotated[str, Form()]
CLEAR = "not-me"


@router.post("/staff/concerns/{concern}/about-me")
async def receive_clearance(office: Desk, who: Lead, concern: str, said: Typed = "") -> Response:
    """Keep whether the concern may be about the reader or their line; anything but a plain no shuts it to them."""
    is_clear = said == CLEAR
    async with office.store.write() as session:
        its_id, now = ConcernId(concern), office.clock()
        await read_concern(session, its_id)
        await say_if_about_me(session, office.area, its_id, staff=who.staff, is_clear=is_clear, now=now)
        did = Deed.SAID_NOT_ABOUT_ME if is_clear else Deed.SAID_MAY_BE_ABOUT_ME
        await note_deed(session, office, who, did, concern)
    return back_to(concern)


@router.post("/staff/concerns/{concern}/notes")
async def receive_note(
    http_request: Request, office: Desk, who: Lead, concern: str, note: Typed = ""
) -> Response:
    """Add a note to the log of the concern."""
    try:
        async with office.store.write() as session:
            its_id, key = await _open(session, office, who, concern)
            await add_note(session, its_id, staff=who.staff, text=note, key=key, now=office.clock())
            await note_deed(session, office, who, Deed.NOTED_ON_CONCERN, concern)
    except NoWords as refused:
        problem = Problem("note", refused.said)
        return await show_one(http_request, office, who, concern, problem=problem, typed={"note": note})
    return back_to(concern)


@router.post("/staff/concerns/{concern}/escalate")
async def receive_escalation(office: Desk, who: Lead, concern: str) -> Response:
    """Make it danger, and call everyone who is there and the duty manager."""
    async with office.store.write() as session:
        its_id = ConcernId(concern)
        await require_clearance(session, its_id, who.staff)
        await escalate_concern(session, office.area, its_id, staff=who.staff, now=office.clock())
        await note_deed(session, office, who, Deed.RAISED_LEVEL, concern)
    return back_to(concern)


@router.post("/staff/concerns/{concern}/key-worker")
async def receive_key_worker(office: Desk, who: Lead, concern: str, may_know: Typed = "") -> Response:
    """Let the key worker of the same person see that a lead is involved, or no more."""
    async with office.store.write() as session:
        its_id = ConcernId(concern)
        await require_clearance(session, its_id, who.staff)
        await tell_key_worker(session, its_id, may_know=may_know == "yes")
        await note_deed(session, office, who, Deed.TOLD_KEY_WORKER, concern)
    return back_to(concern)


@router.post("/staff/concerns/{concern}/hand-over")
async def receive_hand_over(
    http_request: Request, office: Desk, who: Lead, concern: str, reference: Typed = "", reader: Typed = ""
) -> Response:
    """Keep that the council's case system has confirmed its own copy."""
    try:
        async with office.store.write() as session:
            its_id, key = await _open(session, office, who, concern)
            now = office.clock()
            await hand_over(
                session, its_id, staff=who.staff, reference=reference, reader=reader, key=key, now=now
            )
            await note_deed(session, office, who, Deed.HANDED_CONCERN_OVER, concern)
    except NoReference as refused:
        problem = Problem("reference", refused.said)
        typed = {"reference": reference, "reader": reader}
        return await show_one(http_request, office, who, concern, problem=problem, typed=typed)
    return back_to(concern)


async def _open(session: AsyncSession, office: Office, who: Lead, concern: str) -> tuple[ConcernId, bytes]:
    its_id = ConcernId(concern)
    await require_clearance(session, its_id, who.staff)
    listed, _ = await read_concern(session, its_id)
    return its_id, await need_key_of(session, office.keys, listed.conversation)
