"""Pretend phones: numbers that Ofcom keeps for drama, and the signed text that each of them sends."""

import re
from dataclasses import dataclass
from typing import Final

import httpx
from starlette.types import ASGIApp

from channels.twilio.account import TwilioAccount
from channels.twilio.signature import sign
from core.conversation.phone_screen import ShownText, read_phone
from core.database import Store
from core.ids import new_id
from core.keys import ServiceKeys
from core.text.messages import Catalogue

DRAMA_NUMBERS: Final = "+447700900"
"""Followed by three digits: numbers that no real phone has (Ofcom, numbers for drama use)."""

OUR_NUMBER: Final = f"{DRAMA_NUMBERS}000"
ACCOUNT: Final = f"AC{'0' * 32}"
DIGITS: Final = re.compile(r"[0-9]{3}")
PHONES: Final = ("901", "902", "903")
LONGEST_TEXT: Final = 1600


@dataclass(frozen=True, slots=True)
class Simulator:
    """What the pretend phones need; put together by app."""

    account: TwilioAccount
    store: Store
    keys: ServiceKeys
    catalogue: Catalogue


def read_digits(written: str | None) -> str:
    """Give the last three digits of a phone's number; the first phone's where they make no sense."""
    return written if written and DIGITS.fullmatch(written) else PHONES[0]


async def read_screen(simulator: Simulator, digits: str) -> list[ShownText]:
    """List what a phone shows, oldest first."""
    async with simulator.store.read() as session:
        return await read_phone(session, DRAMA_NUMBERS + digits, simulator.keys)


async def send_text(simulator: Simulator, app: ASGIApp, digits: str, text: str, *, has_photo: bool) -> bool:
    """Text the service as Twilio would, signature and all; says whether it was taken."""
    account = simulator.account
    form = {
        "MessageSid": f"SM{new_id()}",
        "AccountSid": account.sid or ACCOUNT,
        "From": DRAMA_NUMBERS + digits,
        "To": account.number or OUR_NUMBER,
        "Body": text[:LONGEST_TEXT],
        "NumMedia": "1" if has_photo else "0",
    }
    address = f"{account.public_url}/twilio/sms"
    signed = sign(account, address, form)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        response = await client.post(address, data=form, headers={"X-Twilio-Signature": signed})
    return response.is_success
