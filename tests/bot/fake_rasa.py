"""A server that answers like Rasa's channel, with whatever a test wants answered."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class FakeRasa:
    """Answers each request with `body` and `status` after `delay` seconds; `asked` came in, `came` says that it did."""

    body: bytes = b""
    status: int = 200
    delay: float = 0.0
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def will_answer(self, *replies: Any, complete: bool = True) -> None:
        said = {
            "replies": list(replies),
            "intent": {"name": "greet", "confidence": 1.0},
            "complete": complete,
        }
        self.body = json.dumps(said).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.headers.append(head.lower())
        lengths = [line for line in head.lower().splitlines() if line.startswith("content-length:")]
        if lengths:
            self.asked.append(json.loads(await reader.readexactly(int(lengths[0].split(":")[1]))))
            self.came.set()
        await asyncio.sleep(self.delay)
        start = f"HTTP/1.1 {self.status} x\r\nContent-Length: {len(self.body)}\r\nConnection: close\r\n\r\n"
        writer.write(start.encode() + self.body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def fake_rasa() -> AsyncIterator[FakeRasa]:
    """Run one on a free port of loopback."""
    fake = FakeRasa()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield fake
