"""Read what Twilio posts to us, and answer it with nothing to do."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

import phonenumbers
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from twilio.twiml.messaging_response import MessagingResponse

from channels.twilio.account import TwilioAccount
from core.conversation.arrived import InboundText
from core.errors import Refusal

UNITED_KINGDOM = 44
NOTHING_TO_DO = str(MessagingResponse())


class NotOurs(Refusal):
    """Twilio signed this, but it is for another account or number, or lacks what every text has."""

    status = HTTPStatus.FORBIDDEN
    words = "This text is not for us."


class TwilioRoute(APIRoute):
    """A route whose refusals, its door's included, are answered with their status and nothing to fetch."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap what FastAPI would do."""
        handle = super().get_route_handler()

        async def handle_or_refuse(http_request: Request) -> Response:
            try:
                return await handle(http_request)
            except Refusal as refusal:
                return Response(refusal.said, refusal.status, refusal.headers, media_type="text/plain")

        return handle_or_refuse


def read_text(form: FormData, account: TwilioAccount) -> InboundText:
    """Read a text that is for our account and number; NotOurs else.

    Where Twilio thinks the phone is (FromCity ...) is dropped unread.
    """
    check_account(form, account)
    if account.number and field(form, "To") != account.number:
        raise NotOurs
    sid, number = field(form, "MessageSid"), field(form, "From")
    if not sid or not number:
        raise NotOurs
    pictures = field(form, "NumMedia")
    has_pictures = pictures not in {"", "0"}
    return InboundText(number=number, sid=sid, text=field(form, "Body"), has_pictures=has_pictures)


def check_account(form: FormData, account: TwilioAccount) -> None:
    """Refuse what is for another account (NotOurs)."""
    if account.sid and field(form, "AccountSid") != account.sid:
        raise NotOurs


def is_from_the_uk(number: str) -> bool:
    """Whether this may be a phone in the United Kingdom; drama numbers (07700 900...) count."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return parsed.country_code == UNITED_KINGDOM and phonenumbers.is_possible_number(parsed)


def field(form: FormData, name: str) -> str:
    """Give a field of the form as text, empty if it is not there."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def nothing_to_say() -> Response:
    """Answer with TwiML that does nothing: replies leave through the outbox."""
    return Response(NOTHING_TO_DO, media_type="text/xml")
