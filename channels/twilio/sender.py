"""Send what is in the outbox: through Twilio, or on one machine to the console that the simulator reads."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx
import structlog

from channels.twilio.account import TwilioAccount
from core.clock import Clock
from core.database import Store
from core.doorbell import Doorbell
from core.failpoint import Failpoint, pass_by
from core.ids import OutboxId, new_id
from core.outbox import OUTBOX_BELL, Jitter, give_up, mark_sent, put_off, withhold
from core.outbox_claim import Claimant, claim_due
from core.sending import Due, Recipients, SaidStop, TextSender, TryAgain, Undeliverable
from core.text_caps import TextCaps

log = structlog.get_logger()

API_VERSION = "2010-04-01"
TIMEOUT_SECONDS = 15.0
AT_ONCE = 20
LOOK_AGAIN_SECONDS = 1.0
SAID_STOP_CODE = 21610
OURS_TO_MEND = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_TIMEOUT}
)
"""A wrong token or account loses no text: it waits until somebody has put the settings right."""


@dataclass(frozen=True, slots=True)
class TwilioSender:
    """Twilio's REST API (CreateMessage of its OpenAPI)."""

    account: TwilioAccount
    client: httpx.AsyncClient

    async def send(self, to: str, body: str, *, reference: OutboxId) -> str:
        """Send one text and give its sid; raises SaidStop, Undeliverable or TryAgain."""
        account = self.account
        form = {
            "To": to,
            "From": account.number,
            "Body": body,
            "StatusCallback": f"{account.public_url}/twilio/status?post={reference}",
        }
        address = f"{account.api_base}/{API_VERSION}/Accounts/{account.sid}/Messages.json"
        try:
            response = await self.client.post(
                address, data=form, auth=(account.sid, account.token), timeout=TIMEOUT_SECONDS
            )
        except httpx.HTTPError as error:
            raise TryAgain(type(error).__name__) from error
        return _read(response)

    async def greet(self) -> None:
        """Ask Twilio for our own account; raises Undeliverable or TryAgain when it does not know us."""
        account = self.account
        address = f"{account.api_base}/{API_VERSION}/Accounts/{account.sid}.json"
        try:
            response = await self.client.get(
                address, auth=(account.sid, account.token), timeout=TIMEOUT_SECONDS
            )
        except httpx.HTTPError as error:
            raise TryAgain(type(error).__name__) from error
        if not response.is_success:
            raise Undeliverable(f"twilio_{response.status_code}")


@dataclass(frozen=True, slots=True)
class ConsoleSender:
    """Takes every text; it stays in the outbox as sent, where the simulator shows it."""

    async def send(self, to: str, body: str, *, reference: OutboxId) -> str:
        """Take one text and give it an id like Twilio's."""
        del to, body
        log.info("text_kept_in_console", post=reference)
        return f"SM{new_id()}"


TellHeldBack = Callable[[datetime], Awaitable[None]]
"""Tells staff that a cap holds texts back, once a day."""


async def _tell_nobody(_now: datetime) -> None:
    """Where nobody is to be told."""


@dataclass(frozen=True, slots=True)
class SendingDesk:
    """What sending texts needs; put together by app."""

    store: Store
    sender: TextSender
    recipients: Recipients
    clock: Clock
    doorbell: Doorbell
    owner: str
    jitter: Jitter
    caps: TextCaps = field(default_factory=TextCaps)
    tell_held_back: TellHeldBack = _tell_nobody


async def send_texts(desk: SendingDesk, stop: asyncio.Event) -> None:
    """Send texts as they come due, until told to stop; whatever happens meanwhile, it is tried again."""
    while not stop.is_set():
        try:
            taken = await send_due_texts(desk)
        except Exception as error:  # noqa: BLE001 - whatever it is, texts must leave when it is over
            log.error("texts_not_looked_at", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
            taken = 0
        if not taken:
            await desk.doorbell.wait(OUTBOX_BELL, LOOK_AGAIN_SECONDS)


async def send_due_texts(desk: SendingDesk) -> int:
    """Send the next text of each contact that has one due, and say how many there were."""
    claimant = Claimant(desk.owner, desk.recipients, AT_ONCE, desk.caps)
    claimed = await claim_due(desk.store, claimant, desk.clock())
    for ended in await asyncio.gather(*(_send(desk, each) for each in claimed.due), return_exceptions=True):
        if isinstance(ended, BaseException):  # the others went; this one goes when its lease is over
            log.warning("text_broke_off", problem=type(ended).__name__)
    if claimed.held_back:
        log.error("texts_capped", count=claimed.held_back)
        await desk.tell_held_back(desk.clock())
    return len(claimed.due) + claimed.held_back


async def _send(desk: SendingDesk, due: Due) -> None:
    store, owner = desk.store, desk.owner
    pass_by(Failpoint.SEND_CLAIMED)
    try:
        provider_id = await desk.sender.send(due.address, due.text, reference=due.id)
    except TryAgain as problem:
        log.warning("text_put_off", post=due.id, reason=problem.reason)
        await put_off(store, [due.id], owner=owner, problem=problem, jitter=desk.jitter, now=desk.clock())
    except SaidStop:
        log.info("text_withheld", post=due.id)
        await withhold(store, due, owner=owner, recipients=desk.recipients, now=desk.clock())
    except Undeliverable as problem:
        log.warning("text_given_up", post=due.id, reason=problem.reason)
        await give_up(store, [due.id], owner=owner, problem=problem)
    else:
        log.info("text_sent", post=due.id)
        pass_by(Failpoint.SEND_TAKEN)
        await mark_sent(store, [due.id], owner=owner, provider_id=provider_id, now=desk.clock())
        pass_by(Failpoint.SEND_NOTED)


def _read(response: httpx.Response) -> str:
    """Give the sid of a text that Twilio took; raise what its refusal means for us."""
    said = _json(response)
    if response.status_code == HTTPStatus.CREATED and isinstance(said.get("sid"), str):
        return str(said["sid"])
    code = said.get("code")
    if code == SAID_STOP_CODE:
        raise SaidStop(str(code))
    reason = f"twilio_{code or response.status_code}"
    if response.is_client_error and not _is_passing(response):
        raise Undeliverable(reason)
    raise TryAgain(reason, _asked_wait(response))


def _is_passing(response: httpx.Response) -> bool:
    return response.status_code == HTTPStatus.TOO_MANY_REQUESTS or response.status_code in OURS_TO_MEND


def _asked_wait(response: httpx.Response) -> timedelta:
    seconds = response.headers.get("retry-after", "")
    return timedelta(seconds=int(seconds) if seconds.isascii() and seconds.isdigit() else 0)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
