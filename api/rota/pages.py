"""The rota: who is called about concerns, at which hours, and in which order."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.doors import staff_door
from api.office import Office, office_of
from api.pages import Problem, render
from api.times import how_long
from core.safeguarding.drills import list_drills
from core.safeguarding.rota import (
    PLACES,
    NewTurn,
    NoDays,
    NotALead,
    NotAMobile,
    NotAPlace,
    NotHours,
    add_turn,
    leads,
    read_rota,
    remove_turn,
)
from core.safeguarding.rota_rules import Day, hours_without, on_duty
from core.staff.roles import Role
from core.staff.sign_in import SignedIn

router = APIRouter()
door = staff_door(Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR)
Desk = Annotated[Office, Depends(office_of)]
Planner = Annotated[SignedIn, Depends(door)]
FIELDS = {NotALead: "person", NoDays: "days", NotHours: "from", NotAMobile: "mobile", NotAPlace: "place"}


class TurnForm(BaseModel):
    """A turn as it was typed and ticked."""

    person: str = ""
    mobile: str = ""
    days: list[str] = []
    from_: str = Field("", alias="from")
    to: str = ""
    place: str = ""


@router.get("/staff/rota", dependencies=[Depends(door)])
async def show_rota(http_request: Request, office: Desk) -> Response:
    """Show every turn, who has one now, and the hours without anyone."""
    return await _show(http_request, office)


@router.post("/staff/rota")
async def receive_turn(
    http_request: Request, office: Desk, who: Planner, form: Annotated[TurnForm, Form()]
) -> Response:
    """Add a turn; what is wrong in it is said beside the field, and what was typed stays."""
    new = NewTurn(form.person, form.mobile, form.days, form.from_, form.to, form.place)
    try:
        async with office.store.write() as session:
            await add_turn(session, office.keys, new, by=who.staff, now=office.clock())
    except tuple(FIELDS) as refused:
        return await _show(http_request, office, new, Problem(FIELDS[type(refused)], refused.said))
    return RedirectResponse("/staff/rota", HTTPStatus.SEE_OTHER)


@router.post("/staff/rota/{turn}/remove")
async def receive_removal(office: Desk, who: Planner, turn: str) -> Response:
    """Take a turn off the rota."""
    async with office.store.write() as session:
        await remove_turn(session, office.keys, turn, by=who.staff, now=office.clock())
    return RedirectResponse("/staff/rota", HTTPStatus.SEE_OTHER)


async def _show(
    http_request: Request, office: Office, typed: NewTurn | None = None, problem: Problem | None = None
) -> Response:
    async with office.store.read() as session:
        turns, people = await read_rota(session), await leads(session)
        drills = await list_drills(session)
    return render(
        http_request,
        "rota/templates/rota.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        turns=turns,
        there=on_duty(turns, office.area, office.clock()),
        people=people,
        days=list(Day),
        places=PLACES,
        gaps=_by_day(hours_without(turns)),
        no_manager=_by_day(hours_without(turns, managers=True)),
        clock_time=clock_time,
        typed=typed or NewTurn("", "", (), "09:00", "17:00", ""),
        problem=problem,
        drills=drills,
        length=lambda time: how_long(office.clock() - time, office.clock()),
    )


def clock_time(minute: int) -> str:
    """Write a minute of the day as on a 24-hour clock: "09:00", "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _by_day(gaps: Iterable[tuple[Day, int, int]]) -> list[dict[str, Any]]:
    """Put the gaps of each day together, as the page shows them."""
    found: dict[Day, list[str]] = {}
    for day, first, last in gaps:
        found.setdefault(day, []).append(f"{clock_time(first)} to {clock_time(last)}")
    return [{"day": day, "hours": ", ".join(hours)} for day, hours in found.items()]
