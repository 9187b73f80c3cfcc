"""Sign in with the council's own account: the way there, the way back, and the way out."""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.doors import address_of, public_door, signed_in
from api.office import Office, office_of
from api.pages import render
from api.sign_in.pages import HOME, SIGN_IN, SIGNED_OUT, ask, keep_sign_in, safe_way
from core.errors import Refusal
from core.rate_limits import Limit
from core.sealing import CannotOpen, Keyring, seal, unseal
from core.staff.tries import TooManyTries
from core.staff.work_account import (
    Asked,
    WorkDoor,
    WorkSignInAway,
    WorkSignInLost,
    WorkSignInRefused,
)
from core.staff.work_sign_in import sign_in_with_work_account

THERE = "/staff/work-account"
BACK = "/staff/work-account/back"
LONGEST_WAY = timedelta(minutes=10)
LONGEST_CODE = 4096
LONGEST_KEPT = 4000
TOKEN_BYTES = 32
ROW = "work sign-in"

router = APIRouter()
Desk = Annotated[Office, Depends(office_of)]
Anyone = Depends(public_door)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that this browser began: what was drawn for it, where to go on to, and when."""

    asked: Asked
    way: str
    at: float


@dataclass(frozen=True, slots=True)
class CameBack:
    """What the provider sent a browser back with."""

    code: str = ""
    state: str = ""
    error: str = ""


@router.get(THERE, dependencies=[Anyone])
async def go_to_work_sign_in(http_request: Request, office: Desk, way: str = HOME) -> Response:
    """Lead to the council's own sign-in, and keep what was drawn for it sealed in the browser.

    It is a link, not a form: our pages let forms go nowhere but here.
    """
    door = office.work_door
    if door is None or await signed_in(http_request) is not None:
        return RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    asked = Asked(*(secrets.token_urlsafe(TOKEN_BYTES) for _ in range(3)))
    try:
        address = await door.provider.way_in(asked)
    except WorkSignInAway as refused:
        return ask(http_request, way=way, refused=refused)
    answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    begun = Begun(asked, safe_way(way), office.clock().timestamp())
    answer.set_cookie(
        _cookie(office),
        _write(office, begun),
        max_age=int(LONGEST_WAY.total_seconds()),
        path="/",
        httponly=True,
        secure=office.is_https,
        samesite="lax",
    )
    return answer


@router.get(BACK, dependencies=[Anyone])
async def come_back(
    http_request: Request, office: Desk, came: Annotated[CameBack, Depends(CameBack)]
) -> Response:
    """Let in who the council's own sign-in has proved, and say in plain words why anybody else stays out."""
    door, limit, address = office.work_door, Limit.WRONG_WORK_SIGN_INS, address_of(http_request)
    if door is None:
        return RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    if not office.limiter.is_within(limit, address):
        return ask(http_request, way=HOME, refused=TooManyTries())
    try:
        answer = await _let_in(http_request, office, door, came)
    except Refusal as refused:
        if not isinstance(refused, WorkSignInAway):
            office.limiter.count(limit, address)
        answer = ask(http_request, way=HOME, refused=refused)
    answer.delete_cookie(_cookie(office), path="/", httponly=True, secure=office.is_https, samesite="lax")
    return answer


@router.get(SIGNED_OUT, dependencies=[Anyone])
async def show_signed_out(http_request: Request, office: Desk) -> Response:
    """Offer the way out of the work account too, which is still open in this browser."""
    if office.work_door is None:
        return RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    try:
        way_out = await office.work_door.way_out()
    except WorkSignInAway:
        way_out = ""
    return render(http_request, "sign_in/templates/signed_out.html", way_out=way_out)


async def _let_in(http_request: Request, office: Office, door: WorkDoor, came: CameBack) -> Response:
    begun = _read(office, http_request.cookies.get(_cookie(office), ""))
    if not hmac.compare_digest(begun.asked.state.encode(), came.state.encode()):
        raise WorkSignInLost
    if came.error:
        raise WorkSignInRefused
    if not came.code or len(came.code) > LONGEST_CODE:
        raise WorkSignInLost
    proven = await door.provider.prove(came.code, begun.asked)
    token = await sign_in_with_work_account(office.store, office.keys, proven, door.roles, clock=office.clock)
    return keep_sign_in(RedirectResponse(begun.way, HTTPStatus.SEE_OTHER), office, token)


def _cookie(office: Office) -> str:
    return "__Host-staff-way" if office.is_https else "staff-way"


def _ring(office: Office) -> Keyring:
    return office.keys.staff.derive("work sign-in")


def _write(office: Office, begun: Begun) -> str:
    return urlsafe_b64encode(seal(json.dumps(asdict(begun)).encode(), _ring(office), row=ROW)).decode()


def _read(office: Office, kept: str) -> Begun:
    """Open what `_write` sealed; WorkSignInLost if it is not ours or too old."""
    try:
        said = json.loads(unseal(urlsafe_b64decode(kept[:LONGEST_KEPT].encode()), _ring(office), row=ROW))
    except (CannotOpen, ValueError) as error:
        raise WorkSignInLost from error
    begun = Begun(Asked(**said["asked"]), said["way"], said["at"])
    if office.clock().timestamp() - begun.at > LONGEST_WAY.total_seconds():
        raise WorkSignInLost
    return begun
