"""`POST /twilio/status`: what became of a text; a receipt only moves it forward."""

from typing import Final

import structlog
from fastapi import APIRouter, Depends, Request, Response

from channels.twilio.account import TwilioAccount
from channels.twilio.form import read_form
from channels.twilio.sender import SAID_STOP_CODE
from channels.twilio.signature import signed_by_twilio
from channels.twilio.webhook import TwilioRoute, check_account, nothing_to_say
from core.clock import Clock
from core.database import Store
from core.failpoint import Failpoint, pass_by
from core.ids import ContactId, OutboxId
from core.outbox import record_receipt
from core.outbox_tables import Status
from core.sending import Recipients

log = structlog.get_logger()

STATUSES: Final = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERABLE,
    "failed": Status.UNDELIVERABLE,
    "canceled": Status.UNDELIVERABLE,
}
"""Twilio's words (message_enum_status) that tell us something; the others only say "not yet"."""


def receipt_routes(
    account: TwilioAccount, *, store: Store, recipients: Recipients, clock: Clock
) -> APIRouter:
    """Make the route of the receipts."""
    router = APIRouter(route_class=TwilioRoute, dependencies=[Depends(signed_by_twilio(account))])

    @router.post("/twilio/status", include_in_schema=False)
    async def take_receipt(http_request: Request) -> Response:
        """Keep a receipt; one that is late, unknown or no news changes nothing."""
        form = await read_form(http_request)
        check_account(form, account)
        status = STATUSES.get(form.field("MessageStatus") or form.field("SmsStatus"))
        sid, code = form.field("MessageSid") or form.field("SmsSid"), form.field("ErrorCode")
        if status is None or not sid:
            return nothing_to_say()
        reference = OutboxId(http_request.query_params.get("post", ""))
        async with store.write() as session:
            post = await record_receipt(
                session,
                provider_id=sid,
                reference=reference,
                status=status,
                reason=f"twilio_{code}"[:64] if code else None,
            )
            if post is not None and post.contact_id and code == str(SAID_STOP_CODE):
                await recipients.note_stop(session, ContactId(post.contact_id), clock())
            await session.flush()
            pass_by(Failpoint.RECEIPT_WRITTEN)
        pass_by(Failpoint.RECEIPT_COMMITTED)
        if post is not None:
            log.info("receipt_recorded", post=post.id, status=status)
        return nothing_to_say()

    return router
