"""The second step of a sign-in: type a code, or set up the app that shows codes."""

from http import HTTPStatus
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from api.doors import address_of, half_in_door, token_of
from api.office import Office, office_of
from api.pages import render
from api.sign_in.pages import HOME, keep_sign_in, safe_way
from core.errors import Refusal
from core.staff.second_step import (
    CodeApp,
    NoSetUpBegun,
    TypedCode,
    WrongCode,
    begin_set_up,
    finish_set_up,
    has_code_app,
    prove,
)
from core.staff.sign_in import SecondStep, SignedIn, come_in_whole
from core.staff.tries import TooManyTries

SQUARES = 6
"""How many pixels wide each square of the picture is."""

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
HalfIn = Annotated[SignedIn, Depends(half_in_door)]
Typed = Annotated[str, Form()]


@router.get("/staff/second-step")
async def show_second_step(http_request: Request, who: HalfIn, way: str = HOME) -> Response:
    """Ask for the code, or offer to set the app up; who is in already goes on."""
    match who.second_step:
        case SecondStep.NOTHING:
            return RedirectResponse(safe_way(way), HTTPStatus.SEE_OTHER)
        case SecondStep.CODE:
            return _ask(http_request, way=way)
        case SecondStep.SET_UP:
            return render(http_request, "sign_in/templates/set_up.html", app=None, problem="")


@router.post("/staff/second-step")
async def receive_code(
    http_request: Request, office: Desk, who: HalfIn, code: Typed = "", way: Typed = HOME
) -> Response:
    """Let in wholly who types a code that is right."""
    if who.second_step is not SecondStep.CODE:
        return RedirectResponse("/staff/second-step", HTTPStatus.SEE_OTHER)
    typed = TypedCode(code, address_of(http_request))
    try:
        await prove(office.store, office.keys, who.staff, typed, clock=office.clock)
    except (WrongCode, TooManyTries) as refused:
        return _ask(http_request, way=way, refused=refused)
    answer = RedirectResponse(safe_way(way), HTTPStatus.SEE_OTHER)
    return await _let_in(http_request, office, who, answer)


@router.post("/staff/second-step/set-up")
async def receive_set_up(http_request: Request, office: Desk, who: HalfIn, code: Typed = "") -> Response:
    """Draw a secret and show it this once; who has an app already must prove it with a code first."""
    async with office.store.read() as session:
        has_app = await has_code_app(session, who.staff)
    if has_app:
        await prove(
            office.store,
            office.keys,
            who.staff,
            TypedCode(code, address_of(http_request)),
            clock=office.clock,
        )
    async with office.store.write() as session:
        service = office.words.say("staff_brand")
        app = await begin_set_up(
            session, office.keys, who.staff, token=token_of(http_request), service=service
        )
    return _show_app(http_request, app)


@router.post("/staff/second-step/finish")
async def receive_first_code(http_request: Request, office: Desk, who: HalfIn, code: Typed = "") -> Response:
    """Take the app's first code, show the recovery codes this once, and let in."""
    typed = TypedCode(code, address_of(http_request))
    try:
        codes = await finish_set_up(
            office.store, office.keys, who.staff, typed, token=token_of(http_request), clock=office.clock
        )
    except (WrongCode, NoSetUpBegun, TooManyTries) as refused:
        return _show_app(http_request, None, refused=refused)
    answer = render(http_request, "sign_in/templates/recovery_codes.html", codes=codes)
    return await _let_in(http_request, office, who, answer)


async def _let_in(http_request: Request, office: Office, who: SignedIn, answer: Response) -> Response:
    """Give a new token: the one of the half session may have been seen."""
    async with office.store.write() as session:
        token = await come_in_whole(
            session, office.keys, token_of(http_request), staff=who.staff, now=office.clock()
        )
    return keep_sign_in(answer, office, token)


def _ask(http_request: Request, *, way: str, refused: Refusal | None = None) -> Response:
    return render(
        http_request,
        "sign_in/templates/code.html",
        status=refused.status if refused else HTTPStatus.OK,
        way=safe_way(way),
        problem=refused.said if refused else "",
    )


def _show_app(http_request: Request, app: CodeApp | None, *, refused: Refusal | None = None) -> Response:
    picture = segno.make(app.address, error="m").svg_inline(scale=SQUARES, light="#fff") if app else ""
    return render(
        http_request,
        "sign_in/templates/set_up.html",
        status=refused.status if refused else HTTPStatus.OK,
        app=app,
        picture=Markup(picture),  # noqa: S704 - drawn by segno from our own address; it holds no text
        problem=refused.said if refused else "",
    )
