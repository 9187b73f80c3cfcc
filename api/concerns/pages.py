"""Concerns, for safeguarding leads only: the list, and one concern to read, acknowledge and close."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from api.concerns.facts import facts_of, setting_of
from api.concerns.places import Desk, Lead, back_to, note_deed
from api.concerns.words import ReadMessage, key_of, read_words
from api.doors import staff_door
from api.office import Office
from api.pages import Problem, render
from core.conversation.late_reviews import late_since
from core.ids import ConcernId, StaffId
from core.safeguarding.clearance import Clearance, clearance_of, require_clearance
from core.safeguarding.concerns import acknowledge_concern, close_concern
from core.safeguarding.listing import (
    list_closed_concerns,
    list_concerns,
    list_second_looks,
    read_concern,
)
from core.safeguarding.notes import read_hand_over, read_notes
from core.safeguarding.openings import changed_since, openings_to_do, read_openings
from core.safeguarding.phrases import Level
from core.safeguarding.tables import ConcernOutcome
from core.staff.audit import Deed
from core.staff.roles import Role
from core.staff.sign_in import SignedIn
from core.text_caps import held_back_today

router = APIRouter()


@router.get("/staff/concerns", dependencies=[Depends(staff_door(Role.SAFEGUARDING_LEAD))])
async def show_concerns(http_request: Request, office: Desk) -> Response:
    """Show all open concerns, danger first, and those closed last."""
    return await show_list(http_request, office)


async def show_list(
    http_request: Request, office: Office, *, problem: Problem | None = None, reason: str = ""
) -> Response:
    """Show the list, with what is wrong in the form under it."""
    async with office.store.read() as session:
        listed = await list_concerns(session)
        closed = await list_closed_concerns(session)
        again = await list_second_looks(session)
        openings = await openings_to_do(session, office.clock())
        held_back = await held_back_today(session, office.texts, office.clock())
        unreviewed_since = await late_since(session, office.area, office.clock())
    return render(
        http_request,
        "concerns/templates/concerns.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        open=listed,
        closed=closed,
        again=again,
        openings=openings,
        held_back=sum(held_back.values()),
        is_review_late=unreviewed_since is not None,
        now=office.clock(),
        problem=problem,
        reason=reason,
    )


@router.get("/staff/concerns/{concern}")
async def show_concern(http_request: Request, office: Desk, who: Lead, concern: str) -> Response:
    """Show what a young person said and why it was heard; that it was opened is recorded first."""
    its_id = ConcernId(concern)
    async with office.store.write() as session:
        clearance = await clearance_of(session, its_id, who.staff)
        if clearance is Clearance.OPEN:
            await note_deed(session, office, who, Deed.OPENED_CONCERN, concern)
        listed, _ = await read_concern(session, its_id)
        setting = await setting_of(session, office.keys, listed.conversation)
    if clearance is not Clearance.OPEN:
        gate, is_shut = "concerns/templates/gate.html", clearance is Clearance.SHUT
        return render(http_request, gate, concern=listed, setting=setting, is_shut=is_shut)
    return await show_one(http_request, office, who, concern)


@router.post("/staff/concerns/{concern}/acknowledge")
async def receive_acknowledgement(
    office: Desk, who: Lead, concern: str, seen: Annotated[int, Form()], level: Annotated[Level, Form()]
) -> Response:
    """Keep that this person has read every message of the concern."""
    async with office.store.write() as session:
        its_id, now = ConcernId(concern), office.clock()
        await require_clearance(session, its_id, who.staff)
        await acknowledge_concern(session, its_id, staff=who.staff, seen=seen, level=level, now=now)
        await note_deed(session, office, who, Deed.ACKNOWLEDGED_CONCERN, concern)
    return back_to(concern)


@router.post("/staff/concerns/{concern}/close")
async def receive_close(
    http_request: Request,
    office: Desk,
    who: Lead,
    concern: str,
    seen: Annotated[int, Form()],
    level: Annotated[Level, Form()],
    outcome: Annotated[str, Form()] = "",
) -> Response:
    """End the concern with what was done."""
    if outcome not in set(ConcernOutcome):
        problem = Problem("outcome", office.words.say("staff_concern_outcome_none"))
        return await show_one(http_request, office, who, concern, problem=problem)
    async with office.store.write() as session:
        its_id, ended = ConcernId(concern), ConcernOutcome(outcome)
        await require_clearance(session, its_id, who.staff)
        now = office.clock()
        await close_concern(session, its_id, staff=who.staff, outcome=ended, seen=seen, level=level, now=now)
        await note_deed(session, office, who, Deed.CLOSED_CONCERN, concern)
    return back_to(concern)


async def show_one(
    http_request: Request,
    office: Office,
    who: SignedIn,
    concern: str,
    *,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Show one concern to who may read it, with what is wrong in one of its forms and what was typed there."""
    shown = await _read_all(office, who.staff, ConcernId(concern))
    return render(
        http_request,
        "concerns/templates/concern.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        outcomes=list(ConcernOutcome),
        now=office.clock(),
        problem=problem,
        typed=typed or {},
        **shown,
    )


async def _read_all(office: Office, staff: StaffId, concern: ConcernId) -> dict[str, Any]:
    async with office.store.read() as session:
        await require_clearance(session, concern, staff)
        listed, heard = await read_concern(session, concern)
        key = await key_of(session, office.keys, listed.conversation)
        messages = await read_words(session, key, list(heard))
        openings = await read_openings(session, concern, key)
        return {
            "concern": listed,
            "facts": await facts_of(session, office.keys, listed, heard),
            "messages": [{"heard": each.heard, "words": _said(office, each)} for each in messages],
            "notes": await read_notes(session, concern, key),
            "openings": openings,
            "changed": await changed_since(session, openings),
            "handed_over": await read_hand_over(session, concern, key),
        }


def _said(office: Office, message: ReadMessage) -> str:
    if message.words is None:
        return office.words.say("staff_concern_erased")
    return message.words or office.words.say("staff_concern_no_words")
