"""The blind review, for safeguarding leads: one message at a time, whose nobody sees, and how much was missed."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.doors import staff_door
from api.office import Office, office_of
from api.pages import Problem, render
from core.conversation.reviewing import answer_review, next_review, oldest_unreviewed_at
from core.safeguarding.review_tables import Verdict
from core.safeguarding.reviews import how_much_is_missed
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.sign_in import SignedIn

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Lead = Annotated[SignedIn, Depends(staff_door(Role.SAFEGUARDING_LEAD))]


@router.get("/staff/review")
async def show_review(http_request: Request, office: Desk, who: Lead) -> Response:
    """Show one of the messages that wait, the same until it is answered."""
    return await _show(http_request, office, who)


@router.post("/staff/review/{review}")
async def receive_review(
    http_request: Request, office: Desk, who: Lead, review: str, verdict: Annotated[str, Form()] = ""
) -> Response:
    """Keep what a person heard in it; what was missed becomes a concern."""
    if verdict not in set(Verdict):
        problem = Problem("verdict", office.words.say("staff_review_none_picked"))
        return await _show(http_request, office, who, problem=problem)
    async with office.store.write() as session:
        now = office.clock()
        await answer_review(session, office.keys, office.area, review, Verdict(verdict), now)
        await _record(session, office, who, Deed.REVIEWED_MESSAGE, review)
    return RedirectResponse("/staff/review", HTTPStatus.SEE_OTHER)


async def _show(
    http_request: Request, office: Office, who: SignedIn, *, problem: Problem | None = None
) -> Response:
    async with office.store.write() as session:
        message = await next_review(session, office.keys, who.staff)
        if message is not None:
            await _record(session, office, who, Deed.SAW_MESSAGE, message.id)
        oldest = await oldest_unreviewed_at(session)
        missed = await how_much_is_missed(session, office.clock())
        quieted = await how_much_is_missed(session, office.clock(), of_quieted=True)
    return render(
        http_request,
        "review/templates/review.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        message=message,
        oldest_days=None if oldest is None else (office.clock() - oldest).days,
        rates={"": missed, "_quieted": quieted},
        verdicts=list(Verdict),
        problem=problem,
        in_100=lambda share: f"{share * 100:.1f}",
    )


async def _record(session: AsyncSession, office: Office, who: SignedIn, did: Deed, review: str) -> None:
    now = office.clock()
    await record_deed(session, office.keys, who=who.staff, did=did, about=review, now=now)
