"""Concerns, for safeguarding leads only: the list, and one concern to read, acknowledge and close."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.concerns.words import ReadMessage, channel_of, read_words
from api.doors import staff_door
from api.office import Office, office_of
from api.pages import Problem, render
from core.ids import ConcernId
from core.safeguarding.concerns import acknowledge_concern, close_concern
from core.safeguarding.listing import list_closed_concerns, list_concerns, read_concern
from core.safeguarding.tables import ConcernOutcome
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.sign_in import SignedIn

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Lead = Annotated[SignedIn, Depends(staff_door(Role.SAFEGUARDING_LEAD))]


@router.get("/staff/concerns", dependencies=[Depends(staff_door(Role.SAFEGUARDING_LEAD))])
async def show_concerns(http_request: Request, office: Desk) -> Response:
    """Show all open concerns, danger first, and those closed last."""
    async with office.store.read() as session:
        listed = await list_concerns(session)
        closed = await list_closed_concerns(session)
    return render(http_request, "concerns/templates/concerns.html", open=listed, closed=closed)


@router.get("/staff/concerns/{concern}")
async def show_concern(http_request: Request, office: Desk, who: Lead, concern: str) -> Response:
    """Show what a young person said and why it was heard; that it was opened is recorded first."""
    async with office.store.write() as session:
        await read_concern(session, ConcernId(concern))
        now = office.clock()
        await record_deed(
            session, office.keys, who=who.staff, did=Deed.OPENED_CONCERN, about=concern, now=now
        )
    return await _show(http_request, office, concern)


@router.post("/staff/concerns/{concern}/acknowledge")
async def receive_acknowledgement(
    office: Desk, who: Lead, concern: str, seen: Annotated[int, Form()]
) -> Response:
    """Keep that this person has read every message of the concern."""
    async with office.store.write() as session:
        now = office.clock()
        await acknowledge_concern(session, ConcernId(concern), staff=who.staff, seen=seen, now=now)
        await record_deed(
            session, office.keys, who=who.staff, did=Deed.ACKNOWLEDGED_CONCERN, about=concern, now=now
        )
    return _back_to(concern)


@router.post("/staff/concerns/{concern}/close")
async def receive_close(
    http_request: Request,
    office: Desk,
    who: Lead,
    concern: str,
    seen: Annotated[int, Form()],
    outcome: Annotated[str, Form()] = "",
) -> Response:
    """End the concern with what was done."""
    if outcome not in set(ConcernOutcome):
        problem = Problem("outcome", office.words.say("staff_concern_outcome_none"))
        return await _show(http_request, office, concern, problem=problem)
    async with office.store.write() as session:
        now = office.clock()
        ended = ConcernOutcome(outcome)
        await close_concern(session, ConcernId(concern), staff=who.staff, outcome=ended, seen=seen, now=now)
        await record_deed(
            session, office.keys, who=who.staff, did=Deed.CLOSED_CONCERN, about=concern, now=now
        )
    return _back_to(concern)


async def _show(
    http_request: Request, office: Office, concern: str, *, problem: Problem | None = None
) -> Response:
    async with office.store.read() as session:
        listed, heard = await read_concern(session, ConcernId(concern))
        messages = await read_words(session, office.keys, listed, list(heard))
        channel = await channel_of(session, listed.conversation)
    return render(
        http_request,
        "concerns/templates/concern.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        concern=listed,
        channel=channel,
        messages=[{"heard": each.heard, "words": _said(office, each)} for each in messages],
        outcomes=list(ConcernOutcome),
        problem=problem,
    )


def _said(office: Office, message: ReadMessage) -> str:
    if message.words is None:
        return office.words.say("staff_concern_erased")
    return message.words or office.words.say("staff_concern_no_words")


def _back_to(concern: str) -> Response:
    return RedirectResponse(f"/staff/concerns/{concern}", HTTPStatus.SEE_OTHER)
