"""Who may come in: every route of the staff's pages and of the API has one of these doors.

A door is a dependency with an attribute `door` that says of which kind; a test fails on any route without.
"""

import hmac
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from fastapi import Request

from api.office import Office, office_of
from core.addresses import place_of
from core.errors import Refusal
from core.rate_limits import Limit, TooMuch
from core.staff.api_keys import FoundApiKey, find_api_key
from core.staff.roles import Role, Scope
from core.staff.sign_in import SecondStep, SignedIn, find_signed_in

CSRF_FIELD = "csrf"
LOOKS_AGAIN = "x-looks-again"
"""Sent by refresh.js: nobody touched the page."""
READING = frozenset({"GET", "HEAD"})
OUR_OWN = frozenset({"same-origin", "none"})


class NotSignedIn(Refusal):
    """Nobody has signed in, or it is over."""

    status = HTTPStatus.UNAUTHORIZED
    words = "Please sign in first."


class SecondStepFirst(Refusal):
    """The password was right; the code is still asked."""

    status = HTTPStatus.UNAUTHORIZED
    words = "Please do the second step first."


class NotYourJob(Refusal):
    """The account's role does not open this page."""

    status = HTTPStatus.FORBIDDEN
    words = "Your job here does not let you open this page."


class FormNotOurs(Refusal):
    """A form came without the token of its sign-in session, or from another site."""

    status = HTTPStatus.FORBIDDEN
    words = "We could not check this form. Please go back and try again."


class NoApiKey(Refusal):
    """No key, an unknown or a revoked one."""

    status = HTTPStatus.UNAUTHORIZED
    words = "Please send a key that works."


class KeyNotForThis(Refusal):
    """The key's scope does not open this."""

    status = HTTPStatus.FORBIDDEN
    words = "This key does not open this."


@dataclass(frozen=True, slots=True)
class PublicDoor:
    """Anyone may come in; a form must still come from our own page."""

    door: ClassVar[str] = "anyone"

    async def __call__(self, http_request: Request) -> None:
        """Refuse a form that another site sends: FormNotOurs."""
        if http_request.method not in READING:
            _refuse_other_sites(http_request)


@dataclass(frozen=True, slots=True)
class StaffDoor:
    """Only members of staff with one of these roles; a form must carry their session's token.

    `half_in` lets in those too who still owe the second step: only to do it, or to leave.
    """

    roles: frozenset[Role]
    half_in: bool = False
    door: ClassVar[str] = "staff"

    async def __call__(self, http_request: Request) -> SignedIn:
        """Say who comes in; NotSignedIn, SecondStepFirst, NotYourJob or FormNotOurs."""
        who = await signed_in(http_request)
        if who is None:
            raise NotSignedIn
        if who.second_step is not SecondStep.NOTHING and not self.half_in:
            raise SecondStepFirst
        http_request.state.signed_in = who
        if who.role not in self.roles:
            raise NotYourJob
        if http_request.method not in READING:
            _refuse_other_sites(http_request)
            await _check_token(http_request, who)
        return who


@dataclass(frozen=True, slots=True)
class ApiKeyDoor:
    """Only systems with a key of this scope, sent as `Authorization: Bearer KEY`."""

    scope: Scope
    door: ClassVar[str] = "api key"

    async def __call__(self, http_request: Request) -> FoundApiKey:
        """Say whose key it is; NoApiKey, KeyNotForThis, or TooMuch after many wrong ones."""
        scheme, _, secret = http_request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise NoApiKey
        office, address = office_of(http_request), address_of(http_request)
        if not office.limiter.is_within(Limit.WRONG_KEYS, address):
            raise TooMuch
        async with office.store.read() as session:
            key = await find_api_key(session, secret.strip())
        if key is None:
            office.limiter.count(Limit.WRONG_KEYS, address)
            raise NoApiKey
        if key.scope is not self.scope:
            raise KeyNotForThis
        return key


def staff_door(*roles: Role) -> StaffDoor:
    """Make a door for members of staff with one of these roles."""
    return StaffDoor(frozenset(roles))


def api_key_door(scope: Scope) -> ApiKeyDoor:
    """Make a door for systems with a key of this scope."""
    return ApiKeyDoor(scope)


public_door = PublicDoor()
any_staff_door = staff_door(*Role)
half_in_door = StaffDoor(frozenset(Role), half_in=True)


async def signed_in(http_request: Request) -> SignedIn | None:
    """Say who has signed in with this browser, if anybody."""
    office = office_of(http_request)
    token = http_request.cookies.get(cookie_name(office))
    if not token:
        return None
    by_themselves = LOOKS_AGAIN not in http_request.headers
    return await find_signed_in(office.store, token, clock=office.clock, by_themselves=by_themselves)


def token_of(http_request: Request) -> str:
    """Give the token of the sign-in session behind a door that has let it in."""
    return http_request.cookies[cookie_name(office_of(http_request))]


def address_of(http_request: Request) -> str:
    """Give the network address that a call came from, of IPv6 its /64; empty where there is none."""
    return place_of(http_request.client.host) if http_request.client else ""


def cookie_name(office: Office) -> str:
    """Name the cookie of a sign-in session; browsers keep a `__Host-` one to this very host and https."""
    return "__Host-staff" if office.is_https else "staff"


def _refuse_other_sites(http_request: Request) -> None:
    if http_request.headers.get("sec-fetch-site", "same-origin") not in OUR_OWN:
        raise FormNotOurs


async def _check_token(http_request: Request, who: SignedIn) -> None:
    sent = (await http_request.form()).get(CSRF_FIELD)
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), who.csrf.encode()):
        raise FormNotOurs
