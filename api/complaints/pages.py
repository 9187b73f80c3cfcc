"""Complaints, for who answers them: what waits, what was said, and an answer."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.doors import staff_door
from api.office import Office, office_of
from api.pages import Problem, render
from core.complaints.complaints import (
    FoundComplaint,
    list_answered,
    list_complaints,
    open_words,
    read_complaint,
)
from core.conversation.tables import Conversation
from core.errors import Refusal
from core.ids import ComplaintId, new_id
from core.sealing import CannotOpen
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.sign_in import SignedIn

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Officer = Annotated[SignedIn, Depends(staff_door(Role.COMPLAINTS_OFFICER))]
Typed = Annotated[str, Form()]


@router.get("/staff/complaints", dependencies=[Depends(staff_door(Role.COMPLAINTS_OFFICER))])
async def show_complaints(http_request: Request, office: Desk) -> Response:
    """Show what waits for an answer, and what was answered."""
    async with office.store.read() as session:
        waiting, answered = await list_complaints(session), await list_answered(session)
    return render(http_request, "complaints/templates/complaints.html", waiting=waiting, answered=answered)


@router.get("/staff/complaints/{complaint}")
async def show_complaint(
    http_request: Request, office: Desk, who: Officer, complaint: str, done: str = ""
) -> Response:
    """Show what was said, and remember who looked."""
    async with office.store.write() as session:
        await read_complaint(session, ComplaintId(complaint))
        await _record(session, office, who, Deed.OPENED_COMPLAINT, complaint)
    return await _show(http_request, office, complaint, is_done=done == "sent")


@router.post("/staff/complaints/{complaint}/answer")
async def receive_answer(
    http_request: Request,
    office: Desk,
    who: Officer,
    complaint: str,
    text: Typed = "",
    step: Typed = "check",
    once: Typed = "",
) -> Response:
    """Show the words once more before they go to the young person, then send them."""
    words = text.replace("\r\n", "\n").strip()
    if step == "change":
        return await _show(http_request, office, complaint, text=words)
    if step != "send" and words:
        async with office.store.read() as session:
            found = await read_complaint(session, ComplaintId(complaint))
        return render(
            http_request,
            "complaints/templates/check_answer.html",
            complaint=found.listed,
            text=words,
            once=new_id(),
        )
    return await _send(http_request, office, who, complaint, text=words, once=once)


async def _send(
    http_request: Request, office: Office, who: SignedIn, complaint: str, *, text: str, once: str
) -> Response:
    try:
        await office.answer_complaint(ComplaintId(complaint), who.staff, text, once=once or new_id())
    except Refusal as refused:
        return await _show(http_request, office, complaint, problem=Problem("text", refused.said), text=text)
    async with office.store.write() as session:
        await _record(session, office, who, Deed.ANSWERED_COMPLAINT, complaint)
    return RedirectResponse(f"/staff/complaints/{complaint}?done=sent", HTTPStatus.SEE_OTHER)


async def _show(
    http_request: Request,
    office: Office,
    complaint: str,
    *,
    problem: Problem | None = None,
    text: str = "",
    is_done: bool = False,
) -> Response:
    async with office.store.read() as session:
        found = await read_complaint(session, ComplaintId(complaint))
        words = await _words(session, office, found)
    return render(
        http_request,
        "complaints/templates/complaint.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        complaint=found.listed,
        words=words,
        problem=problem,
        text=text,
        is_done=is_done,
    )


async def _words(session: AsyncSession, office: Office, found: FoundComplaint) -> str | None:
    """Open what was said; None where the key of its conversation is gone."""
    conversation = await session.get_one(Conversation, found.listed.conversation)
    try:
        key = office.keys.open_conversation_key(conversation.sealed_key, found.listed.conversation)
        return open_words(found, key)
    except CannotOpen:
        return None


async def _record(session: AsyncSession, office: Office, who: SignedIn, did: Deed, complaint: str) -> None:
    await record_deed(session, office.keys, who=who.staff, did=did, about=complaint, now=office.clock())
