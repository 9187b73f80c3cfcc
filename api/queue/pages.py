"""The queue of requests for a key worker, and one request: take it, write, plan, close."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.doors import staff_door
from api.office import Office, office_of
from api.pages import Problem, render
from api.queue.words import read_body
from api.sent_texts import texts_of_request
from core.conversation.worker_reply import LONGEST_REPLY
from core.errors import Refusal
from core.ids import RequestId, new_id
from core.safeguarding.deciding import is_lead_involved
from core.signposting.queue import (
    FoundRequest,
    list_closed_requests,
    list_requests,
    read_request,
)
from core.signposting.refusals import RequestNotYours
from core.signposting.requests import close_request, give_back_request, plan_request, take_request
from core.signposting.tables import RequestKind, RequestOutcome, RequestState
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.sign_in import SignedIn

DONE = {"sent": "staff_request_sent", "planned": "staff_request_planned"}

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Worker = Annotated[SignedIn, Depends(staff_door(Role.KEY_WORKER))]
Typed = Annotated[str, Form()]


@router.get("/staff/queue")
async def show_queue(http_request: Request, office: Desk, who: Worker) -> Response:
    """Show who waits, whom this key worker helps, and whom others help."""
    async with office.store.read() as session:
        listed = await list_requests(session)
        done = await list_closed_requests(session, who.staff)
    return render(
        http_request,
        "queue/templates/queue.html",
        waiting=[each for each in listed if each.state is RequestState.WAITING],
        mine=[each for each in listed if each.taken_by == who.staff],
        others=[each for each in listed if each.taken_by not in (None, who.staff)],
        done=done,
    )


@router.get("/staff/queue/{request}")
async def show_request(
    http_request: Request, office: Desk, who: Worker, request: str, done: str = ""
) -> Response:
    """Show one request; what was said only while it waits or to the key worker who took it, a page only to them."""
    async with office.store.write() as session:
        await read_request(session, RequestId(request))
        await _record(session, office, who, Deed.OPENED_REQUEST, request)
    return await _show(http_request, office, who, request, done=DONE.get(done, ""))


@router.post("/staff/queue/{request}/take")
async def receive_take(office: Desk, who: Worker, request: str) -> Response:
    """Make the request this key worker's own, unless another was first."""
    async with office.store.write() as session:
        await take_request(session, RequestId(request), staff=who.staff, now=office.clock())
        await _record(session, office, who, Deed.TOOK_REQUEST, request)
    return _back_to(request)


@router.post("/staff/queue/{request}/give-back")
async def receive_give_back(office: Desk, who: Worker, request: str) -> Response:
    """Put the request back among those that wait, so that another key worker can take it."""
    async with office.store.write() as session:
        await give_back_request(session, RequestId(request), staff=who.staff)
        await _record(session, office, who, Deed.GAVE_BACK_REQUEST, request)
    return RedirectResponse("/staff/queue", HTTPStatus.SEE_OTHER)


@router.post("/staff/queue/{request}/reply")
async def receive_reply(
    http_request: Request,
    office: Desk,
    who: Worker,
    request: str,
    text: Typed = "",
    step: Typed = "check",
    once: Typed = "",
) -> Response:
    """Show the words once more before they go to the young person, then send them."""
    found = await _find_own(office, who, request)
    words = text.replace("\r\n", "\n").strip()
    wrong = _wrong_reply(office, words)
    if wrong or step == "change":
        return await _show(http_request, office, who, request, problem=wrong, text=words)
    if step != "send":
        return render(
            http_request, "queue/templates/check.html", request=found.listed, text=words, once=new_id()
        )
    try:
        await office.reply(RequestId(request), who.staff, words, once=once or new_id())
    except Refusal as refused:
        problem = Problem("text", refused.said)
        return await _show(http_request, office, who, request, problem=problem, text=words)
    async with office.store.write() as session:
        await _record(session, office, who, Deed.REPLIED_TO_REQUEST, request)
    return _back_to(request, done="sent")


@router.post("/staff/queue/{request}/plan")
async def receive_plan(
    http_request: Request, office: Desk, who: Worker, request: str, day: Typed = ""
) -> Response:
    """Keep the day on which the key worker will help."""
    planned_for = _read_day(day)
    if planned_for is None or planned_for < office.clock().astimezone(office.zone).date():
        problem = Problem("day", office.words.say("staff_request_plan_wrong"))
        return await _show(http_request, office, who, request, problem=problem)
    async with office.store.write() as session:
        now = office.clock()
        await plan_request(session, RequestId(request), staff=who.staff, planned_for=planned_for, now=now)
        await _record(session, office, who, Deed.PLANNED_REQUEST, request)
    return _back_to(request, done="planned")


@router.post("/staff/queue/{request}/close")
async def receive_close(
    http_request: Request, office: Desk, who: Worker, request: str, outcome: Typed = ""
) -> Response:
    """End the request with how it ended."""
    if outcome not in set(RequestOutcome):
        problem = Problem("outcome", office.words.say("staff_request_outcome_none"))
        return await _show(http_request, office, who, request, problem=problem)
    async with office.store.write() as session:
        ended = RequestOutcome(outcome)
        await close_request(session, RequestId(request), staff=who.staff, outcome=ended, now=office.clock())
        await _record(session, office, who, Deed.CLOSED_REQUEST, request)
    return _back_to(request)


async def _show(
    http_request: Request,
    office: Office,
    who: SignedIn,
    request: str,
    *,
    problem: Problem | None = None,
    text: str = "",
    done: str = "",
) -> Response:
    async with office.store.read() as session:
        found = await read_request(session, RequestId(request))
        is_of_another = found.listed.taken_by not in (None, who.staff)
        body = None if is_of_another else await read_body(session, office.keys, found)
        texts = () if is_of_another else await texts_of_request(session, RequestId(request))
        is_lead_there = body is not None and await is_lead_involved(session, found.listed.conversation)
    is_open = found.listed.state is not RequestState.CLOSED
    is_mine = found.listed.taken_by == who.staff
    return render(
        http_request,
        "queue/templates/request.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        request=found.listed,
        body=body,
        is_of_another=is_of_another,
        is_lead_there=is_lead_there,
        texts=texts,
        is_mine_and_open=is_open and is_mine,
        is_page=found.listed.kind is RequestKind.PAGE,
        page=body.page if body and is_mine else None,
        outcomes=list(RequestOutcome),
        problem=problem,
        text=text,
        done=done,
    )


async def _find_own(office: Office, who: SignedIn, request: str) -> FoundRequest:
    async with office.store.read() as session:
        found = await read_request(session, RequestId(request))
    if found.listed.taken_by != who.staff or found.listed.state is RequestState.CLOSED:
        raise RequestNotYours
    return found


def _wrong_reply(office: Office, words: str) -> Problem | None:
    if not words:
        return Problem("text", office.words.say("staff_request_answer_none"))
    if len(words) > LONGEST_REPLY:
        said = office.words.say("staff_request_answer_long", most=LONGEST_REPLY, count=len(words))
        return Problem("text", said)
    return None


def _read_day(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


async def _record(session: AsyncSession, office: Office, who: SignedIn, did: Deed, request: str) -> None:
    await record_deed(session, office.keys, who=who.staff, did=did, about=request, now=office.clock())


def _back_to(request: str, *, done: str = "") -> Response:
    asked = f"?done={done}" if done else ""
    return RedirectResponse(f"/staff/queue/{request}{asked}", HTTPStatus.SEE_OTHER)
