"""Refuse what Twilio did not sign: over our public address, every parameter, and a JSON body by its hash."""

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from secrets import compare_digest
from urllib.parse import parse_qs, urlsplit

import structlog
from fastapi import Request
from twilio.request_validator import RequestValidator, add_port, remove_port

from channels.doors import door
from channels.twilio.account import TwilioAccount
from channels.twilio.form import FORM, read_form
from core.errors import Refusal

log = structlog.get_logger()

LARGEST_BODY_BYTES = 256 * 1024
"""Twilio's webhooks are a few kilobytes; no stranger may make us read more before we know who asks."""

HEADER = "x-twilio-signature"


class NotSigned(Refusal):
    """The request does not carry Twilio's signature for this account."""

    status = HTTPStatus.FORBIDDEN
    words = "This address is for our text message provider only."


def signed_by_twilio(account: TwilioAccount) -> Callable[[Request], Awaitable[None]]:
    """Make the door of the /twilio/ routes: a dependency that raises NotSigned."""
    validator = RequestValidator(account.token)

    @door("twilio")
    async def check_signature(http_request: Request) -> None:
        if not account.token or not await _is_signed(http_request, account.public_url, validator):
            log.warning("twilio_request_refused", path=http_request.url.path)
            raise NotSigned

    return check_signature


def sign(account: TwilioAccount, address: str, form: Mapping[str, str]) -> str:
    """Give the signature that Twilio would send with this form; the simulator's phones have no other way in."""
    signature: str = RequestValidator(account.token).compute_signature(address, form)
    return signature


async def _is_signed(http_request: Request, public_url: str, validator: RequestValidator) -> bool:
    """Check the signature over PUBLIC_URL, never over the Host that the request claims."""
    signature = http_request.headers.get(HEADER, "")
    if not signature.isascii() or not _is_small(http_request):
        return False
    query = http_request.scope["query_string"].decode("latin-1")
    address = f"{public_url}{http_request.scope['path']}" + (f"?{query}" if query else "")
    if http_request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
        return await _is_form_signed(http_request, validator, address, signature)
    if "bodySHA256" not in parse_qs(query):
        return False
    body = (await http_request.body()).decode(errors="replace")
    return bool(validator.validate(address, body, signature))


async def _is_form_signed(
    http_request: Request, validator: RequestValidator, address: str, signature: str
) -> bool:
    """Check as Twilio's library does, our address first as it is: Twilio signs it with its port now and then."""
    try:
        form = await read_form(http_request)
    except ValueError:
        return False
    return any(
        compare_digest(validator.compute_signature(written, form), signature)
        for written in _ports_of(address)
    )


@lru_cache(maxsize=64)
def _ports_of(address: str) -> tuple[str, str]:
    """Give an address without its port and with it; ours are few, whatever strangers ask for."""
    return remove_port(urlsplit(address)), add_port(urlsplit(address))


def _is_small(http_request: Request) -> bool:
    length = http_request.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and int(length) <= LARGEST_BODY_BYTES
