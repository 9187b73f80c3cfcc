"""`POST /twilio/sms`: a text from a young person, acknowledged when it is on the disk."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog
from fastapi import APIRouter, Depends, Request, Response

from channels.twilio.account import TwilioAccount
from channels.twilio.form import read_form
from channels.twilio.signature import signed_by_twilio
from channels.twilio.webhook import TwilioRoute, is_from_the_uk, nothing_to_say, read_text
from core.conversation.arrived import InboundText

log = structlog.get_logger()


AcceptText = Callable[[InboundText], Awaitable[object]]
"""Takes a text in, durably and once for each sid: `core.conversation.accept_text` with its house."""


def sms_routes(account: TwilioAccount, accept_text: AcceptText) -> APIRouter:
    """Make the route of inbound texts."""
    router = APIRouter(route_class=TwilioRoute, dependencies=[Depends(signed_by_twilio(account))])

    @router.post("/twilio/sms", include_in_schema=False)
    async def take_text(http_request: Request) -> Response:
        """Take a text in; the reply leaves later, through the outbox."""
        inbound = read_text(await read_form(http_request), account)
        if not is_from_the_uk(inbound.number):
            # Answering numbers abroad is how others make us pay (SMS pumping); danger is heard from anywhere.
            log.warning("text_from_abroad_not_answered")
            inbound = replace(inbound, may_answer=False)
        await accept_text(inbound)
        return nothing_to_say()

    return router
