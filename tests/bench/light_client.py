"""A client that costs little: it sends requests that were written beforehand over connections that stay open.

What is measured is the server. A client for everyday use takes as long for a request as the server does.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast
from urllib.parse import urlencode

HEADERS_END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"


def write_request(path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
    """Give a form post as it goes over the wire."""
    body = urlencode(form).encode()
    said = {
        "Host": "localhost",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join(lines).encode() + HEADERS_END + body


async def answered_a_second(port: int, requests: Iterable[bytes], *, at_once: int) -> float:
    """Send all requests, so many at once, and say how many were answered a second; RuntimeError if one was not OK."""
    loop, waiting = asyncio.get_running_loop(), list(requests)
    following = iter(waiting)
    senders = [_Sender(following, loop.create_future()) for _ in range(at_once)]
    for sender in senders:
        await loop.create_connection(lambda each=sender: each, "127.0.0.1", port)  # type: ignore[misc]
    began = time.perf_counter()
    for sender in senders:
        sender.send_next()
    await asyncio.gather(*(sender.done for sender in senders))
    return len(waiting) / (time.perf_counter() - began)


class _Sender(asyncio.Protocol):
    """One connection: sends the next request when the last one is answered."""

    def __init__(self, requests: Iterator[bytes], done: "asyncio.Future[None]") -> None:
        self.done = done
        self._requests = requests
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(HEADERS_END)
        if not end or len(body) < _length(head):
            return
        if not self._answer.startswith(b"HTTP/1.1 200"):
            self._fail(head.partition(b"\r\n")[0].decode())
            return
        self._answer = b""
        self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(str(exc or "The server closed the connection."))

    def send_next(self) -> None:
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(why))


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(LENGTH)
    return int(after.partition(b"\r\n")[0])
