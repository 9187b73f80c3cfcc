"""A stand-in for a feed, on this machine: pages of services, and every way to fail that a test asks for."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Pages = list[list[Any]]


@dataclass
class Call:
    """What was asked of the feed."""

    path: str
    page: int
    headers: Mapping[str, str]


@dataclass
class Sent:
    """What the feed answers with; `drip` sends the body a byte at a time, with a pause before each."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0


@dataclass
class StubFeed:
    """Gives `pages` in the profile 3.0 or 1.0 until `instead` says something else for a call."""

    pages: Pages = field(default_factory=lambda: [[]])
    whole: dict[str, Any] = field(default_factory=dict)
    is_first: bool = False
    has_etags: bool = False
    instead: Callable[[Call], Sent | None] = lambda _call: None
    calls: list[Call] = field(default_factory=list)
    address: str = ""

    def answer(self, call: Call) -> Sent:
        self.calls.append(call)
        other = self.instead(call)
        if other is not None:
            return other
        name = unquote(call.path).removeprefix("/api/services").strip("/")
        if name:
            return as_json(self.whole[name]) if name in self.whole else Sent(status=404)
        sent = as_json(self._page(call.page))
        if self.has_etags:
            sent.headers["ETag"] = f'"{hash(sent.body)}"'
            if call.headers.get("if-none-match") == sent.headers["ETag"]:
                return Sent(status=304, headers=sent.headers)
        return sent

    def _page(self, number: int) -> dict[str, Any]:
        held = self.pages[number - 1] if number <= len(self.pages) else []
        total, last = sum(map(len, self.pages)), number >= len(self.pages)
        if self.is_first:
            told = {"totalElements": total, "totalPages": len(self.pages), "number": number, "last": last}
            return {**told, "content": held}
        told = {
            "total_items": total,
            "total_pages": len(self.pages),
            "page_number": number,
            "last_page": last,
        }
        return {**told, "contents": held}


def as_json(value: Any) -> Sent:
    return Sent(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def broken_on(page: int, sent: Sent, *, times: int = 1000) -> Callable[[Call], Sent | None]:
    """Answer a page so, as many times."""
    left = [times]

    def instead(call: Call) -> Sent | None:
        if call.page != page or left[0] <= 0:
            return None
        left[0] -= 1
        return sent

    return instead


@asynccontextmanager
async def serving(feed: StubFeed) -> AsyncIterator[StubFeed]:
    """Serve a feed on loopback, for the time of a block."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _answer(feed, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    feed.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
    try:
        yield feed
    finally:
        server.close()


async def _answer(feed: StubFeed, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    parts = urlsplit(head[0].split(" ")[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    sent = feed.answer(Call(parts.path, int(parse_qs(parts.query).get("page", ["0"])[0]), headers))
    lines = [f"HTTP/1.1 {sent.status} x", f"Content-Length: {len(sent.body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in sent.headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    if not sent.drip:
        writer.write(sent.body)
    for byte in sent.body if sent.drip else b"":
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(sent.drip)
    await writer.drain()
    writer.close()
