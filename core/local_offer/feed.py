"""Read a whole feed, page by page, before anything of it counts."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from core.errors import Refusal
from core.local_offer.open_referral import Problem
from core.local_offer.records import NotOpenReferral, Page, Record, read_json, read_page

MOST_PAGES = 2_000
MOST_RECORDS = 50_000
A_PAGE = 100
"""So many records are asked for at once; a feed may give fewer."""
AT_ONCE = 4
"""So many services are asked for side by side, where the list tells only their heads."""
LIST = "/services"

Told = Callable[[str, int, int], None]
"""Hears how far it is: what, how many are done, and of how many (0: nobody knows)."""


class FeedFailed(Refusal):
    """The feed could not be read to its end; the words say why."""


class NotThere(FeedFailed):
    """The feed has nothing at this address (404, 410)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a feed sent, and what it names this version by: an ETag, a Last-Modified, both or neither."""

    body: bytes
    etag: str = ""
    last_modified: str = ""


class Ask(Protocol):
    """Fetches one address of a feed."""

    def __call__(self, address: str, *, known: Mapping[str, str] | None = None) -> Awaitable[Answer | None]:
        """Give what is there, or None when it is still what is `known`; FeedFailed when it can't be had."""
        ...


@dataclass(frozen=True, slots=True)
class Read:
    """All records of a feed, and what its pages were named by."""

    records: Sequence[Record]
    validators: Mapping[str, Any] = field(default_factory=dict)


def list_address(feed: str) -> str:
    """Give the address of a feed's list; it may be written with or without /services at its end."""
    plain = feed.strip().rstrip("/")
    return plain if plain.endswith(LIST) else plain + LIST


async def is_unchanged(ask: Ask, validators: Mapping[str, Any]) -> bool:
    """Say whether every page of the last time is still the same; False where the feed does not name them."""
    pages: Mapping[str, Mapping[str, str]] = validators.get("pages", {})
    if not pages:
        return False
    for address, known in pages.items():
        if await ask(address, known=known) is not None:
            return False
    return True


async def read_feed(ask: Ask, feed: str, *, told: Told) -> Read:
    """Read every page, and every service whose page tells only its head. FeedFailed: nothing of it counts."""
    records: list[Record] = []
    named: dict[str, dict[str, str]] = {}
    seen: set[bytes] = set()
    number, page = 1, Page(())
    while number == 1 or not _is_last(page, number - 1):
        address = f"{list_address(feed)}?{urlencode({'page': number, 'per_page': A_PAGE})}"
        answer = await _ask(ask, address)
        page = _read(answer, number)
        if page.records and _is_known(page, seen):
            raise FeedFailed(
                f"Page {number} of the feed is one that it gave before: it goes round in a circle."
            )
        records.extend(page.records)
        if len(records) > MOST_RECORDS or number > MOST_PAGES:
            raise FeedFailed(f"The feed holds more than {MOST_RECORDS:,} records or {MOST_PAGES:,} pages.")
        named[address] = {"etag": answer.etag, "last_modified": answer.last_modified}
        told("pages", number, page.pages or 0)
        number += 1
    if page.items is not None and len(records) < page.items:
        raise FeedFailed(f"The feed says that it has {page.items:,} services, and gave {len(records):,}.")
    is_named = all(any(each.values()) for each in named.values())
    whole = await _with_the_rest(ask, feed, records, told)
    is_whole = not any(record.is_slim for record in records)
    return Read(whole, {"pages": named} if is_named and is_whole else {})


async def _with_the_rest(ask: Ask, feed: str, records: list[Record], told: Told) -> list[Record]:
    """Ask for each service by itself where the list told only its head.

    Where the feed has none of them by itself, the heads are all there is. Where it has not this one, that is wrong.
    """
    slim = [place for place, record in enumerate(records) if record.is_slim]
    gate, found = asyncio.Semaphore(AT_ONCE), dict[int, Record | None]()

    async def fetch(place: int) -> None:
        async with gate:
            found[place] = await _whole(ask, feed, records[place])
        told("services", len(found), len(slim))

    try:
        async with asyncio.TaskGroup() as tasks:
            for place in slim:
                tasks.create_task(fetch(place))
    except* FeedFailed as failed:
        raise FeedFailed(_first_of(failed)) from failed
    if not any(found.values()):
        return records
    return [found[place] or _gone(each) if place in found else each for place, each in enumerate(records)]


def _first_of(failed: BaseExceptionGroup[FeedFailed]) -> str:
    first = failed.exceptions[0]
    return _first_of(first) if isinstance(first, BaseExceptionGroup) else first.said


async def _whole(ask: Ask, feed: str, record: Record) -> Record | None:
    """Give the whole of a record, or None where the feed has nothing by itself."""
    address = _own_address(feed, record)
    try:
        answer = await _ask(ask, address) if address else None
        if answer is None:
            return None
        page = read_page(read_json(answer.body, place=record.place), place=record.place)
    except (NotThere, NotOpenReferral):
        return None
    return replace(page.records[0], place=record.place) if len(page.records) == 1 else None


def _gone(record: Record) -> Record:
    name = record.raw.get("name") if isinstance(record.raw, dict) else None
    what = "the list names it, and it can not be read at its own address."
    problem = Problem(record.place, f"'{name or record.own_id}'", what, "Ask who keeps the feed.")
    return replace(record, wrong=(problem,))


def _own_address(feed: str, record: Record) -> str | None:
    """Give where a service stands by itself, under the id that its own feed knows it by."""
    return f"{list_address(feed)}/{quote(record.own_id, safe='')}" if record.own_id else None


async def _ask(ask: Ask, address: str) -> Answer:
    answer = await ask(address)
    if answer is None:
        raise FeedFailed(f"{urlsplit(address).path} said 'not changed', and nobody had asked.")
    return answer


def _read(answer: Answer, number: int) -> Page:
    try:
        return read_page(read_json(answer.body, place=f"page {number}"), place=f"page {number}")
    except NotOpenReferral as wrong:
        raise FeedFailed(f"The feed can not be read: {wrong.said}") from wrong


def _is_last(page: Page, number: int) -> bool:
    """Say whether a page is the last: it says so, its number is the last, or it is empty."""
    if page.is_last is not None and page.pages is None:
        return page.is_last or not page.records
    if page.pages is not None:
        return number >= page.pages or not page.records
    return not page.records


def _is_known(page: Page, seen: set[bytes]) -> bool:
    """Say whether a page holds just what an earlier one held, and remember it."""
    names = json.dumps([record.raw for record in page.records], sort_keys=True, default=str)
    name = sha256(names.encode("utf-8", "replace")).digest()
    if name in seen:
        return True
    seen.add(name)
    return False
