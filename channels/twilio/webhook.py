"""Read what Twilio posts to us, and answer it with nothing to do."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from http import HTTPStatus
from inspect import signature
from typing import Any, cast

import phonenumbers
from fastapi import Request, Response
from fastapi.routing import APIRoute
from twilio.twiml.messaging_response import MessagingResponse

from channels.twilio.account import TwilioAccount
from channels.twilio.form import TwilioForm
from core.conversation.arrived import InboundText
from core.errors import Refusal

UNITED_KINGDOM = 44
THE_REQUEST = "http_request"
Handle = Callable[[Request], Awaitable[Any]]
_MOBILE = re.compile(r"\+447[0-9]{9}")
NOTHING_TO_DO = str(MessagingResponse())


class NotOurs(Refusal):
    """Twilio signed this, but it is for another account or number, or lacks what every text has."""

    status = HTTPStatus.FORBIDDEN
    words = "This text is not for us."


class RefusingRoute(APIRoute):
    """A route whose refusals, its door's included, are answered with their status and nothing to fetch."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap what FastAPI would do."""
        return _refusing(super().get_route_handler())


class TwilioRoute(APIRoute):
    """The same, where doors and what is behind them take the request alone: nothing has to be found out for them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Ask the doors, then what is behind them; TypeError when one wants more than the request."""
        doors = [cast("Handle", each.call) for each in self.dependant.dependencies]
        for each in (*doors, self.endpoint):
            if list(signature(each).parameters) != [THE_REQUEST]:
                raise TypeError(f"{each} must take {THE_REQUEST} and nothing else.")

        async def handle(http_request: Request) -> Response:
            for come_in in doors:
                await come_in(http_request)
            response: Response = await self.endpoint(http_request)
            return response

        return _refusing(handle)


def _refusing(handle: Handle) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def handle_or_refuse(http_request: Request) -> Response:
        try:
            response: Response = await handle(http_request)
        except Refusal as refusal:
            return Response(refusal.said, refusal.status, refusal.headers, media_type="text/plain")
        return response

    return handle_or_refuse


def read_text(form: TwilioForm, account: TwilioAccount) -> InboundText:
    """Read a text that is for our account and number; NotOurs else.

    Where Twilio thinks the phone is (FromCity ...) is dropped unread.
    """
    check_account(form, account)
    if account.number and form.field("To") != account.number:
        raise NotOurs
    sid, number = form.field("MessageSid"), form.field("From")
    if not sid or not number:
        raise NotOurs
    pictures = form.field("NumMedia")
    has_pictures = pictures not in {"", "0"}
    return InboundText(number=number, sid=sid, text=form.field("Body"), has_pictures=has_pictures)


def check_account(form: TwilioForm, account: TwilioAccount) -> None:
    """Refuse what is for another account (NotOurs)."""
    if account.sid and form.field("AccountSid") != account.sid:
        raise NotOurs


def is_from_the_uk(number: str) -> bool:
    """Whether this may be a phone in the United Kingdom; drama numbers (07700 900...) count."""
    if _MOBILE.fullmatch(number):
        return True  # nearly all: nothing needs to be looked up
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return parsed.country_code == UNITED_KINGDOM and phonenumbers.is_possible_number(parsed)


def nothing_to_say() -> Response:
    """Answer with TwiML that does nothing: replies leave through the outbox."""
    return Response(NOTHING_TO_DO, media_type="text/xml")
