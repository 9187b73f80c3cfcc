"""Fetch the texts that never reached us: Twilio does not repeat one whose webhook failed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import httpx
import structlog

from channels.twilio.account import TwilioAccount
from channels.twilio.sender import API_VERSION, TIMEOUT_SECONDS
from channels.twilio.webhook import is_from_the_uk
from core.clock import Clock
from core.conversation.arrived import Accepted, InboundText
from core.database import Store
from core.job_lease import last_done, lease_job, note_done
from core.sending import TryAgain

log = structlog.get_logger()

JOB: Final = "missed texts"
LASTS: Final = timedelta(minutes=10)
LOOK_EVERY_SECONDS: Final = 180.0
OVERLAP: Final = timedelta(hours=1)
"""A text may come into Twilio's list after one that was sent later; what we have is known by its id."""
FIRST_LOOK_BACK: Final = timedelta(hours=1)
"""A new service does not take in what was texted to its number long before."""
LONGEST_LOOK_BACK: Final = timedelta(days=4)
PAGE_SIZE: Final = 1000


@dataclass(frozen=True, slots=True)
class MissedTexts:
    """What fetching needs; `accept` takes a text in, once for each id. `owner` names this process."""

    account: TwilioAccount
    client: httpx.AsyncClient
    store: Store
    clock: Clock
    owner: str
    accept: Callable[[InboundText], Awaitable[Accepted]]
    page_size: int = PAGE_SIZE


async def keep_fetching(missed: MissedTexts, stop: asyncio.Event) -> None:
    """Look at the start and every few minutes, until told to stop; whatever happens, it is looked again.

    Where no account is set there is nobody to ask.
    """
    while missed.account.is_real and not stop.is_set():
        try:
            await fetch_missed_texts(missed)
        except Exception as error:  # noqa: BLE001 - what was missed must come in when it is over
            log.error("missed_texts_not_fetched", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


async def fetch_missed_texts(missed: MissedTexts) -> int:
    """Take in what Twilio has and we have not, oldest first, and say how many; one process at a time.

    Raises TryAgain when Twilio can't be asked. A text that can't be taken in now is tried with the next look.
    """
    store, owner = missed.store, missed.owner
    async with lease_job(store, JOB, owner=owner, clock=missed.clock, lasting=LASTS) as ours:
        if not ours:
            return 0
        begun = missed.clock()
        texts = await _list_texts(missed, _since(await last_done(store, JOB), begun))
        taken = [await _take(missed, text) for text in texts]
        if None not in taken:
            await note_done(store, JOB, owner=owner, clock=lambda: begun)
    count = sum(each is True for each in taken)
    if count:
        log.warning("missed_texts_taken", count=count)
    return count


def _since(last: datetime | None, now: datetime) -> datetime:
    if last is None:
        return now - FIRST_LOOK_BACK
    return max(last - OVERLAP, now - LONGEST_LOOK_BACK)


async def _take(missed: MissedTexts, text: InboundText) -> bool | None:
    """Say whether it was new; None when it could not be taken in."""
    try:
        return not (await missed.accept(text)).is_repeat
    except Exception as error:  # noqa: BLE001 - one text must not keep the others out
        log.error("missed_text_not_accepted", problem=type(error).__name__)  # noqa: TRY400 - no words in a trace
        return None


async def _list_texts(missed: MissedTexts, since: datetime) -> list[InboundText]:
    """List what came in since then, oldest first, page by page (ListMessage of Twilio's OpenAPI)."""
    account = missed.account
    path: str | None = f"/{API_VERSION}/Accounts/{account.sid}/Messages.json"
    asked: dict[str, str | int] | None = {
        "To": account.number,
        "DateSent>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "PageSize": missed.page_size,
    }
    found: list[dict[str, Any]] = []
    while path is not None:
        page = await _ask(missed, path, asked)
        found.extend(page["messages"])
        path, asked = page.get("next_page_uri"), None
    return list(_read(found, account))


async def _ask(missed: MissedTexts, path: str, asked: dict[str, str | int] | None) -> dict[str, Any]:
    account = missed.account
    if not path.startswith("/"):
        raise TryAgain("next_page_elsewhere")  # our token goes to no other host
    try:
        response = await missed.client.get(
            account.api_base + path, params=asked, auth=(account.sid, account.token), timeout=TIMEOUT_SECONDS
        )
        page = response.json() if response.status_code == HTTPStatus.OK else None
    except (httpx.HTTPError, ValueError) as error:
        raise TryAgain(type(error).__name__) from error
    if not isinstance(page, dict) or not isinstance(page.get("messages"), list):
        raise TryAgain(f"twilio_{response.status_code}")
    return page


def _read(found: list[dict[str, Any]], account: TwilioAccount) -> Iterator[InboundText]:
    inbound = [
        each for each in found if each.get("direction") == "inbound" and each.get("to") == account.number
    ]
    for text in sorted(inbound, key=_came_at):
        yield InboundText(
            number=text["from"],
            sid=text["sid"],
            text=text.get("body") or "",
            has_pictures=text.get("num_media") not in {None, "", "0"},
            may_answer=is_from_the_uk(text["from"]),
            is_late=True,
        )


def _came_at(text: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(text.get("date_sent") or text["date_created"])
