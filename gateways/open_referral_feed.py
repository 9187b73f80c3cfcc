"""Fetch from an Open Referral feed: within limits of size and time, again after a while when it stumbles."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from core.local_offer.feed import Answer, FeedFailed, NotThere
from gateways.guarded_network import Allowed, GuardedNetwork, NotAllowed, Resolve

MOST_REDIRECTS = 3
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_WAIT = 60.0
HEADERS = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "have-your-say"}
"""Nothing squeezed is asked for, so that a small answer can't grow to a large one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a feed may send, and how long it may take; in bytes and seconds."""

    answer_bytes: int = 20_000_000
    total_bytes: int = 300_000_000
    answer_seconds: float = 60.0
    connect_seconds: float = 10.0
    waits: tuple[float, ...] = (1.0, 3.0, 10.0)
    """How long to wait before each further try."""


class OpenReferralFeed:
    """Asks one feed; counts all that it sends."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        limits: Limits,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._client = client
        self._limits = limits
        self._pause = pause
        self._bytes = 0

    async def __call__(self, address: str, *, known: Mapping[str, str] | None = None) -> Answer | None:
        """Give what is there, or None when it is still what is `known`; FeedFailed, NotThere."""
        for wait in self._limits.waits:
            try:
                return await self._ask(address, known or {})
            except _Stumbled as stumbled:
                await self._pause(max(wait, min(stumbled.wait, LONGEST_WAIT)))
        try:
            return await self._ask(address, known or {})
        except _Stumbled as stumbled:
            tries = len(self._limits.waits) + 1
            raise FeedFailed(f"{stumbled} It was asked {tries} times.") from stumbled

    async def _ask(self, address: str, known: Mapping[str, str]) -> Answer | None:
        path, seconds = _path_of(address), self._limits.answer_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._fetch(address, path, known)
        except TimeoutError as error:
            raise _Stumbled(f"The feed took longer than {seconds:g} seconds for {path}.") from error
        except NotAllowed as refused:
            raise FeedFailed(f"The feed leads where it may not: {refused}") from refused
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise FeedFailed("The feed's address, or one that it leads to, is no web address.") from error
        except httpx.HTTPError as error:
            raise _Stumbled(f"The feed can not be reached ({type(error).__name__}).") from error

    async def _fetch(self, address: str, path: str, known: Mapping[str, str]) -> Answer | None:
        async with self._follow(address, path, known) as response:
            if response.status_code == HTTPStatus.NOT_MODIFIED and known:
                return None
            _check_status(response, path)
            if response.headers.get("content-encoding", "identity") != "identity":
                raise FeedFailed(f"The feed sends {path} squeezed, though nothing squeezed was asked for.")
            body = await self._read(response, path)
        return Answer(body, response.headers.get("etag", ""), response.headers.get("last-modified", ""))

    @asynccontextmanager
    async def _follow(
        self, address: str, path: str, known: Mapping[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """Hold the answer open to which an address leads. What a redirect says itself is left unread.

        httpx would read it whole and unpack it, whatever its size.
        """
        asked = self._client.build_request("GET", address, headers=_conditions(known))
        response = await self._client.send(asked, stream=True)
        for _ in range(MOST_REDIRECTS):
            if response.next_request is None:
                break
            await response.aclose()
            response = await self._client.send(response.next_request, stream=True)
        if response.next_request is not None:
            await response.aclose()
            raise FeedFailed(f"The feed leads on and on from {path}.")
        try:
            yield response
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, path: str) -> bytes:
        body = bytearray()
        async for part in response.aiter_raw():
            body += part
            self._bytes += len(part)
            if len(body) > self._limits.answer_bytes:
                raise FeedFailed(f"{path} is larger than {self._limits.answer_bytes:,} bytes.")
            if self._bytes > self._limits.total_bytes:
                raise FeedFailed(f"The feed sends more than {self._limits.total_bytes:,} bytes.")
        return bytes(body)


class _Stumbled(Exception):
    """It may go better in a while; `wait` is what the feed itself asks for, in seconds."""

    def __init__(self, words: str, wait: float = 0.0) -> None:
        super().__init__(words)
        self.wait = wait


@asynccontextmanager
async def open_feed(
    allowed: Allowed,
    *,
    limits: Limits | None = None,
    resolve: Resolve | None = None,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[OpenReferralFeed]:
    """Open the way to the feeds that are allowed, for the time of a block."""
    limits = limits or Limits()
    network = GuardedNetwork(httpx.AsyncHTTPTransport(), allowed, resolve)
    async with httpx.AsyncClient(
        transport=network,
        headers=HEADERS,
        follow_redirects=False,
        timeout=httpx.Timeout(limits.answer_seconds, connect=limits.connect_seconds),
        trust_env=False,
    ) as client:
        yield OpenReferralFeed(client, limits, pause)


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError as error:
        raise FeedFailed("The feed's address is no web address.") from error


def _conditions(known: Mapping[str, str]) -> dict[str, str]:
    named = {"if-none-match": known.get("etag"), "if-modified-since": known.get("last_modified")}
    return {name: value for name, value in named.items() if value}


def _check_status(response: httpx.Response, path: str) -> None:
    status = response.status_code
    if status in TRY_AGAIN:
        raise _Stumbled(
            f"The feed answers {path} with {status}.", _seconds(response.headers.get("retry-after"))
        )
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotThere(f"The feed has nothing at {path} ({status}). Check LOCAL_OFFER_FEED_URL.")
    if status != HTTPStatus.OK:
        raise FeedFailed(f"The feed answers {path} with {status}.")


def _seconds(written: str | None) -> float:
    return float(written) if written and written.isdecimal() else 0.0
