"""What the service finds outside, away or slow as a test wants it: the line to Twilio, and a mail server."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event
from uuid import uuid4

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from httpx import ASGITransport, AsyncClient
from sqlalchemy import func, select

from app.compose import build_alert_desk
from app.site import Parts
from channels.twilio.sender import send_due_texts
from core.alerts import send_due_alerts
from core.conversation.house import House
from core.outbox_tables import Post, Route
from core.safeguarding.tables import Concern
from tests.bot.fake_rasa import FakeRasa
from tests.fakes import FakeClock
from tests.stub_twilio import StubTwilio, a_text, sign


@dataclass
class Line(httpx.AsyncBaseTransport):
    """The line to Twilio: it may fail, or hold what is sent until it is let go."""

    twilio: StubTwilio
    problem: type[httpx.TransportError] | None = None
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.came.set()
        if self.problem is not None:
            raise self.problem("as the test wants it", request=request)
        await self.let_go.wait()
        return await ASGITransport(self.twilio.app).handle_async_request(request)


@dataclass
class Postbox:
    """A mail server that takes each mail only when it is let go."""

    mails: list[Envelope] = field(default_factory=list)
    came: Event = field(default_factory=Event)
    let_go: Event = field(default_factory=Event)

    async def handle_DATA(  # noqa: N802 - the server's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.came.set()
        await asyncio.to_thread(self.let_go.wait)
        self.mails.append(envelope)
        return "250 OK"

    @contextmanager
    def at(self, port: int) -> Iterator[None]:
        server = Controller(self, hostname="127.0.0.1", port=port)
        server.start()
        try:
            yield
        finally:
            self.let_go.set()
            server.stop()


@dataclass
class Site:
    """The whole service, and what it finds outside."""

    parts: Parts
    door: AsyncClient
    rasa: FakeRasa
    line: Line
    clock: FakeClock
    mail_port: int

    @property
    def house(self) -> House:
        return self.parts.house

    async def begin(self) -> str:
        told = (await self.door.post("/chat/conversations", json={"client": "api"})).json()
        self.door.headers["Authorization"] = f"Bearer {told['token']}"
        return f"/chat/conversations/{told['conversation']}/messages"

    async def say(self, path: str, words: str) -> None:
        told = await self.door.post(path, json={"client_id": str(uuid4()), "text": words})
        assert told.status_code == HTTPStatus.ACCEPTED

    async def kinds(self, path: str) -> list[str]:
        return [each["kind"] for each in (await self.door.get(path)).json()["messages"]]

    async def text(self, number: str, words: str) -> None:
        account = self.line.twilio.account
        form = a_text(account, From=number, Body=words, MessageSid=f"SM{uuid4().hex}")
        told = await self.door.post("/twilio/sms", data=form, headers=sign(account, "/twilio/sms", form))
        assert told.status_code == HTTPStatus.OK

    async def concerns(self) -> int:
        async with self.house.service.read() as session:
            return (await session.scalars(select(func.count()).select_from(Concern))).one()

    async def posts(self, route: Route) -> list[Post]:
        query = select(Post).where(Post.route == route).order_by(Post.posted_at, Post.place)
        async with self.house.service.read() as session:
            return list((await session.scalars(query)).all())

    async def send_alerts(self) -> int:
        return await send_due_alerts(build_alert_desk(self.parts.settings, self.house, self.parts.texts))

    async def send_texts(self) -> int:
        return await send_due_texts(self.parts.texts.desk)
