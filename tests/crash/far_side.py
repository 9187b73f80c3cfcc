"""The far side of the service, which is not killed: Twilio, which posts receipts, and a mail server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.rasa_process import free_port
from tests.stub_twilio import StubTwilio, an_account, sign

RECEIPT_EVERY_SECONDS = 0.05
RECEIPT_PATIENCE_SECONDS = 5


@dataclass
class Postbox:
    """A mail server that takes everything."""

    mails: list[Envelope] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - the server's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.mails.append(envelope)
        return "250 OK"


@dataclass
class FarSide:
    """What the service was given, and where it finds those who take it."""

    twilio: StubTwilio
    twilio_url: str
    postbox: Postbox
    mail_port: int


@asynccontextmanager
async def far_side(service_url: str) -> AsyncIterator[FarSide]:
    """Run Twilio and the mail server; each text that Twilio takes is said to be delivered."""
    twilio, postbox = StubTwilio(account=an_account(public_url=service_url)), Postbox()
    port, mail_port = free_port(), free_port()
    # who asks may be killed in the middle: that is no error worth a trace
    config = uvicorn.Config(twilio.app, port=port, log_level="critical", timeout_graceful_shutdown=1)
    server, mail = uvicorn.Server(config), Controller(postbox, hostname="127.0.0.1", port=mail_port)
    mail.start()
    tasks = [asyncio.create_task(server.serve()), asyncio.create_task(_give_receipts(twilio))]
    try:
        yield FarSide(twilio, f"http://127.0.0.1:{port}", postbox, mail_port)
    finally:
        server.should_exit = True
        tasks[1].cancel()
        await asyncio.wait(tasks)
        mail.stop()


async def _give_receipts(twilio: StubTwilio) -> None:
    """Post a receipt for each text, once; as with Twilio, one that is not taken is lost."""
    given = 0
    async with httpx.AsyncClient(timeout=RECEIPT_PATIENCE_SECONDS, trust_env=False) as network:
        while True:
            for text in twilio.texts[given:]:
                given += 1
                path, form = twilio.receipt(text, "delivered")
                try:
                    await network.post(
                        twilio.account.public_url + path, data=form, headers=sign(twilio.account, path, form)
                    )
                except httpx.HTTPError:
                    continue
            await asyncio.sleep(RECEIPT_EVERY_SECONDS)
