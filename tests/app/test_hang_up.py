"""Who hangs up while their message is weighed has sent it all the same: it is kept, and heard."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from app.serve import build_server
from channels.web_chat.needs import web_chat_of
from channels.web_chat.routes import web_chat_router
from core.conversation.house import House
from core.conversation.rows import read_body
from core.conversation.tables import Conversation, Message
from core.ids import ConversationId
from core.safeguarding.phrases import Level
from core.safeguarding.tables import Concern
from tests.builders import WebTalk, build_test_house, settings_for_tests
from tests.channels.web_chat.browsing import free_port
from tests.fakes import FakeClock
from tests.stores import Stores

WEIGHED = "he locks me in my room"
"""Phrases hear danger in it, and none of them is sure."""


@dataclass
class SlowEar:
    """Takes its time: it begins to hear, and says what it heard when it is told to."""

    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, text: str, *, can_wait: bool = False) -> Level | None:
        assert text == WEIGHED
        assert not can_wait
        self.has_begun.set()
        await self.may_answer.wait()
        return Level.DANGER


@pytest.fixture
def ear() -> SlowEar:
    return SlowEar()


@pytest.fixture
def house(sqlite_stores: Stores, clock: FakeClock, ear: SlowEar) -> House:
    return replace(build_test_house(sqlite_stores, clock), second_listener=ear)


@asynccontextmanager
async def served(house: House) -> AsyncIterator[tuple[uvicorn.Server, "asyncio.Task[None]", int]]:
    """Serve the chat by the server that the service runs on; give it, its run and its port."""
    port = free_port()
    settings, app = settings_for_tests(port=port), FastAPI()
    app.include_router(web_chat_router(web_chat_of(house, public_url=f"http://127.0.0.1:{port}")))
    server = build_server(settings, app)
    run = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.01)
    yield server, run, port
    server.should_exit = True
    await run


async def begin_to_send(talk: WebTalk, port: int) -> asyncio.StreamWriter:
    """Send the message as a browser does, and do not wait for what comes back."""
    body = json.dumps({"client_id": str(uuid4()), "text": WEIGHED})
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /chat/conversations/{talk.conversation}/messages HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {talk.opened.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write((head + body).encode())
    await writer.drain()
    return writer


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Break off, as when a phone loses its network."""
    writer.transport.abort()
    await asyncio.sleep(0.05)


async def is_kept_and_heard(house: House, conversation: ConversationId) -> bool:
    async with house.service.read() as session:
        key = house.keys.open_conversation_key(
            (await session.get_one(Conversation, conversation)).sealed_key, conversation
        )
        mine = await session.scalars(select(Message).where(Message.external_id.is_not(None)))
        said = [read_body(message, key)["text"] for message in mine]
        return said == [WEIGHED] and list(await session.scalars(select(Concern.level))) == ["danger"]


async def until_kept(house: House, conversation: ConversationId) -> None:
    async with asyncio.timeout(10):
        while not await is_kept_and_heard(house, conversation):  # noqa: ASYNC110 - nobody rings when it is kept
            await asyncio.sleep(0.01)


async def test_who_hangs_up_while_it_is_weighed_has_sent_it(house: House, ear: SlowEar) -> None:
    talk = await WebTalk.begin(house)
    async with served(house) as (_, _, port):
        writer = await begin_to_send(talk, port)
        await ear.has_begun.wait()
        await hang_up(writer)
        ear.may_answer.set()
        await until_kept(house, talk.conversation)


async def test_what_is_weighed_when_the_service_is_told_to_stop_is_kept_first(
    house: House, ear: SlowEar
) -> None:
    talk = await WebTalk.begin(house)
    async with served(house) as (server, run, port):
        writer = await begin_to_send(talk, port)
        await ear.has_begun.wait()
        server.should_exit = True
        await hang_up(writer)
        asyncio.get_running_loop().call_later(0.3, ear.may_answer.set)
        await run
    assert await is_kept_and_heard(house, talk.conversation)
