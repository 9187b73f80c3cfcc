"""A person's own account: change the password, set up the second step."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from api.doors import address_of, any_staff_door, token_of
from api.office import Office, office_of
from api.pages import Problem, render
from core.errors import Refusal
from core.staff.accounts import PasswordTooEasy, PasswordTooShort
from core.staff.own_account import NoPasswordHere, PasswordChange, change_password
from core.staff.second_step import has_code_app
from core.staff.sign_in import SignedIn, WrongPassword
from core.staff.tries import TooManyTries

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Staff = Annotated[SignedIn, Depends(any_staff_door)]
Typed = Annotated[str, Form()]


@router.get("/staff/my-account")
async def show_own_account(http_request: Request, office: Desk, who: Staff) -> Response:
    """Show what a person may change about their own sign-in."""
    return await _show(http_request, office, who)


@router.post("/staff/my-account/password")
async def receive_password(
    http_request: Request, office: Desk, who: Staff, old: Typed = "", new: Typed = ""
) -> Response:
    """Change the password, and end every other sign-in of this person."""
    asked = PasswordChange(who.staff, old, new, address_of(http_request), token_of(http_request))
    try:
        await change_password(office.store, office.keys, office.passwords, asked, clock=office.clock)
    except (PasswordTooShort, PasswordTooEasy) as refused:
        return await _show(http_request, office, who, problem=Problem("new", refused.said), refused=refused)
    except (WrongPassword, TooManyTries, NoPasswordHere) as refused:
        return await _show(http_request, office, who, problem=Problem("old", refused.said), refused=refused)
    return await _show(http_request, office, who, changed=True)


async def _show(
    http_request: Request,
    office: Office,
    who: SignedIn,
    *,
    problem: Problem | None = None,
    refused: Refusal | None = None,
    changed: bool = False,
) -> Response:
    async with office.store.read() as session:
        has_app = await has_code_app(session, who.staff)
    return render(
        http_request,
        "own_account/templates/own_account.html",
        status=refused.status if refused else HTTPStatus.OK,
        problem=problem,
        changed=changed,
        has_app=has_app,
    )
