"""Sign in, sign out, and the first page that staff see."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.doors import (
    address_of,
    any_staff_door,
    cookie_name,
    half_in_door,
    public_door,
    signed_in,
    token_of,
)
from api.office import Office, office_of
from api.pages import render
from core.errors import Refusal
from core.staff.sign_in import (
    LONGEST,
    AccountLocked,
    Credentials,
    SignedIn,
    WrongPassword,
    sign_in,
    sign_out,
)
from core.staff.tries import TooManyTries

HOME = "/staff/"
SIGN_IN = "/staff/sign-in"
SIGNED_OUT = "/staff/signed-out"

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Anyone = Depends(public_door)
HalfIn = Annotated[SignedIn, Depends(half_in_door)]


@router.get("/staff", dependencies=[Anyone])
async def go_to_home() -> Response:
    """Lead to the first page from its address without the last stroke."""
    return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)


@router.get("/staff/", dependencies=[Depends(any_staff_door)])
async def show_home(http_request: Request) -> Response:
    """Show what this person may open; who has not signed in is led to where they can."""
    return render(http_request, "sign_in/templates/home.html")


@router.get("/staff/sign-in", dependencies=[Anyone])
async def show_sign_in(http_request: Request, way: str = HOME) -> Response:
    """Ask for the e-mail and the password."""
    if await signed_in(http_request) is not None:
        return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
    return ask(http_request, way=way)


@router.post("/staff/sign-in", dependencies=[Anyone])
async def receive_sign_in(
    http_request: Request,
    office: Desk,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    way: Annotated[str, Form()] = HOME,
) -> Response:
    """Let in who has the right password, and lead them where they wanted to go."""
    credentials = Credentials(email, password, address_of(http_request))
    try:
        token = await sign_in(
            office.store,
            office.keys,
            office.passwords,
            credentials,
            clock=office.clock,
            needs_second_step=office.needs_second_step,
        )
    except (WrongPassword, AccountLocked, TooManyTries) as refused:
        return ask(http_request, way=way, email=email, refused=refused)
    return keep_sign_in(RedirectResponse(safe_way(way), HTTPStatus.SEE_OTHER), office, token)


@router.post("/staff/sign-out")
async def receive_sign_out(http_request: Request, office: Desk, who: HalfIn) -> Response:
    """Let out, and leave nothing in the browser."""
    token = token_of(http_request)
    async with office.store.write() as session:
        await sign_out(session, office.keys, token, staff=who.staff, now=office.clock())
    last = SIGNED_OUT if who.has_work_account and office.work_door else SIGN_IN
    answer = RedirectResponse(last, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(cookie_name(office), path="/", httponly=True, secure=office.is_https, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def keep_sign_in(answer: Response, office: Office, token: str) -> Response:
    """Let the browser keep the token of a sign-in session, out of reach of scripts and other sites."""
    answer.set_cookie(
        cookie_name(office),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        httponly=True,
        secure=office.is_https,
        samesite="lax",
    )
    return answer


def safe_way(way: str) -> str:
    """Give an address of ours to go on to; anything that could lead elsewhere becomes the first page."""
    is_ours = (
        way.startswith(HOME) and not set(way) & set('\\:?#"<>') and "//" not in way and way.isprintable()
    )
    return way if is_ours else HOME


def ask(
    http_request: Request,
    *,
    way: str,
    email: str = "",
    refused: Refusal | None = None,
) -> Response:
    """Show the sign-in page, with what went wrong."""
    status = refused.status if refused else HTTPStatus.OK
    return render(
        http_request,
        "sign_in/templates/sign_in.html",
        status=status,
        way=safe_way(way),
        email=email,
        has_work_door=office_of(http_request).work_door is not None,
        problem=refused.said if refused else "",
    )
