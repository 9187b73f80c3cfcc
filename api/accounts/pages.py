"""Staff accounts, for administrators: who can sign in, and add a person."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.doors import staff_door
from api.office import Office, office_of
from api.pages import Problem, render
from core.ids import StaffId
from core.staff.accounts import (
    NewStaff,
    NoName,
    NotAnEmail,
    StaffAlreadyThere,
    TwoHats,
    add_staff,
    end_staff,
    list_staff,
)
from core.staff.own_account import give_new_password, lock_staff, unlock_staff
from core.staff.passwords import draw_password
from core.staff.roles import Role
from core.staff.sign_in import SignedIn
from core.text_caps import held_back_today

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Administrator = Annotated[SignedIn, Depends(staff_door(Role.ADMINISTRATOR))]
Typed = Annotated[str, Form()]


@router.get("/staff/accounts", dependencies=[Depends(staff_door(Role.ADMINISTRATOR))])
async def show_accounts(http_request: Request, office: Desk) -> Response:
    """Show who can sign in."""
    return await _show(http_request, office)


@router.post("/staff/accounts")
async def receive_account(
    http_request: Request,
    office: Desk,
    who: Administrator,
    email: Typed = "",
    name: Typed = "",
    role: Typed = "",
) -> Response:
    """Add a person, and show their password this once."""
    typed = {"email": email, "name": name}
    if role not in set(Role):
        problem = Problem("role", office.words.say("staff_accounts_role_none"))
        return await _show(http_request, office, problem=problem, **typed)
    password = draw_password()
    new = NewStaff(email, name, Role(role), await office.passwords.hash(password))
    try:
        async with office.store.write() as session:
            await add_staff(session, office.keys, new, by=who.staff, now=office.clock())
    except (NotAnEmail, StaffAlreadyThere, TwoHats) as refused:
        return await _show(http_request, office, problem=Problem("email", refused.said), **typed)
    except NoName as refused:
        return await _show(http_request, office, problem=Problem("name", refused.said), **typed)
    return await _show(http_request, office, added=name, password=password)


@router.post("/staff/accounts/{staff}/end")
async def receive_end(office: Desk, who: Administrator, staff: str) -> Response:
    """Let a person who left in no more."""
    async with office.store.write() as session:
        await end_staff(session, office.keys, StaffId(staff), by=who.staff, now=office.clock())
    return RedirectResponse("/staff/accounts", HTTPStatus.SEE_OTHER)


@router.post("/staff/accounts/{staff}/lock")
async def receive_lock(office: Desk, who: Administrator, staff: str) -> Response:
    """Let a person in no more until they are unlocked."""
    async with office.store.write() as session:
        await lock_staff(session, office.keys, StaffId(staff), by=who.staff, now=office.clock())
    return RedirectResponse("/staff/accounts", HTTPStatus.SEE_OTHER)


@router.post("/staff/accounts/{staff}/unlock")
async def receive_unlock(office: Desk, who: Administrator, staff: str) -> Response:
    """Let a locked person in again."""
    async with office.store.write() as session:
        await unlock_staff(session, office.keys, StaffId(staff), by=who.staff, now=office.clock())
    return RedirectResponse("/staff/accounts", HTTPStatus.SEE_OTHER)


@router.post("/staff/accounts/{staff}/new-password")
async def receive_new_password(
    http_request: Request, office: Desk, who: Administrator, staff: str
) -> Response:
    """Give a person who is locked out a new password, shown this once, and a new start for the second step."""
    password = draw_password()
    kept = await office.passwords.hash(password)
    async with office.store.write() as session:
        name = await give_new_password(
            session, office.keys, StaffId(staff), kept, by=who.staff, now=office.clock()
        )
    return await _show(
        http_request, office, added=name, password=password, why="staff_accounts_new_password_for"
    )


async def _show(
    http_request: Request, office: Office, *, problem: Problem | None = None, **values: Any
) -> Response:
    async with office.store.read() as session:
        staff = await list_staff(session)
        held_back = await held_back_today(session, office.texts, office.clock())
    shown: dict[str, Any] = {
        "email": "",
        "name": "",
        "added": "",
        "password": "",
        "why": "staff_accounts_added",
        **values,
    }
    return render(
        http_request,
        "accounts/templates/accounts.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        staff=staff,
        roles=list(Role),
        held_back=sum(held_back.values()),
        problem=problem,
        **shown,
    )
