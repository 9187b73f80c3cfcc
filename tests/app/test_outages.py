"""Whatever else is down or slow, danger is kept and answered in the same turn; what could not leave leaves later."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import func, make_url, select

from app.compose import build_alert_desk, build_house, build_text_desk
from app.site import Parts, build_site
from app.stores import Stores as AppStores
from core.alerts import send_due_alerts
from core.database import open_store
from core.ids import ConcernId, new_id
from core.outbox import post_alert
from core.outbox_tables import AlertKind, Post, Route, Status
from core.safeguarding.tables import Concern
from core.store_away import StoreAway
from tests.builders import answer_all, lists, settings_for_tests
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

ORIGIN = "http://127.0.0.1:8000"
DANGER = "i want to kill myself"
pytestmark = pytest.mark.parametrize("stores", ["postgres"], indirect=True)


@dataclass
class Proxy:
    """Stands between us and a server: lets all through, slowly, or nothing."""

    to: tuple[str, int]
    is_down: bool = False
    delay: float = 0.0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def go_down(self) -> None:
        """Refuse who comes, and break off who is there."""
        self.is_down = True
        for writer in self._open:
            writer.close()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_down:
            writer.close()
            return
        there_reader, there_writer = await asyncio.open_connection(*self.to)
        self._open |= {writer, there_writer}
        await asyncio.gather(self._pass_on(reader, there_writer), self._pass_on(there_reader, writer))
        self._open -= {writer, there_writer}

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while words := await reader.read(65536):
                await asyncio.sleep(self.delay)
                writer.write(words)
                await writer.drain()
        writer.close()


@dataclass
class Talk:
    """A young person at the web page's door, and the database behind a proxy."""

    parts: Parts
    proxy: Proxy
    browser: AsyncClient
    path: str = ""

    async def begin(self) -> None:
        told = (await self.browser.post("/chat/conversations", json={"client": "api"})).json()
        self.path = f"/chat/conversations/{told['conversation']}/messages"
        self.browser.headers["Authorization"] = f"Bearer {told['token']}"

    async def send(self, text: str, client_id: str = "") -> Response:
        sent = {"client_id": client_id or str(uuid4()), "text": text}
        return await self.browser.post(self.path, json=sent)

    async def safety_answers(self) -> int:
        messages = (await self.browser.get(self.path)).json()["messages"]
        return sum(each["kind"] == "safety" and "999" in each["text"] for each in messages)

    async def concerns(self) -> int:
        async with self.parts.house.service.read() as session:
            return (await session.scalars(select(func.count()).select_from(Concern))).one()


@pytest.fixture
async def talk(postgres: tuple[str, str] | None, stores: Stores, clock: FakeClock) -> AsyncIterator[Talk]:
    assert postgres is not None
    async with _through_a_proxy(postgres[0]) as (proxy, url):
        settings = settings_for_tests(
            public_url=ORIGIN, smtp_url="smtp://127.0.0.1:1/?from=alerts@example.org"
        )
        service = open_store(url)
        both = AppStores(service, stores.views)
        house = build_house(settings, both, FakeBot(), lists(), clock=clock)
        parts = Parts(settings, both, house, build_text_desk(settings, house), "a token")
        transport = ASGITransport(build_site(parts), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            made = Talk(parts, proxy, browser)
            await made.begin()
            yield made
        await parts.texts.close()
        await service.close()


@asynccontextmanager
async def _through_a_proxy(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    server = make_url(url)
    proxy = Proxy((server.host or "127.0.0.1", server.port or 5432))
    listening = await asyncio.start_server(proxy.take, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    yield proxy, server.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    proxy.go_down()
    listening.close()


def bot_of(talk: Talk) -> FakeBot:
    assert isinstance(talk.parts.house.bot, FakeBot)
    return talk.parts.house.bot


async def test_with_the_bot_and_the_mail_server_down_danger_is_kept_and_answered(talk: Talk) -> None:
    bot_of(talk).is_down = True
    assert (await talk.send(DANGER)).status_code == HTTPStatus.ACCEPTED
    assert await talk.safety_answers() > 0
    assert await talk.concerns() == 1
    async with talk.parts.house.service.write() as session:
        await post_alert(
            session,
            concern=ConcernId(new_id()),
            kind=AlertKind.DANGER,
            route=Route.EMAIL,
            address="lead@council.example",
            now=talk.parts.house.clock(),
        )
    await send_due_alerts(build_alert_desk(talk.parts.settings, talk.parts.house, talk.parts.texts))
    async with talk.parts.house.service.read() as session:
        (post,) = (await session.scalars(select(Post))).all()
    assert (post.status, post.reason) == (Status.WAITING, "ConnectionRefusedError")


async def test_with_a_slow_database_danger_is_kept_and_answered(talk: Talk) -> None:
    talk.proxy.delay = 0.02
    assert (await talk.send(DANGER)).status_code == HTTPStatus.ACCEPTED
    assert await talk.safety_answers() > 0
    assert await talk.concerns() == 1


async def test_a_database_that_goes_down_acknowledges_nothing_and_when_it_is_back_the_same_words_are_kept_once(
    talk: Talk,
) -> None:
    same = str(uuid4())
    talk.proxy.go_down()
    told = await talk.send(DANGER, same)
    assert told.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "999" in told.text
    talk.proxy.is_down = False
    assert (await talk.send(DANGER, same)).status_code == HTTPStatus.ACCEPTED
    assert (await talk.send(DANGER, same)).status_code == HTTPStatus.OK
    assert await talk.concerns() == 1
    assert await talk.safety_answers() > 0


async def test_a_message_that_waits_when_the_database_goes_down_is_answered_when_it_is_back(
    talk: Talk,
) -> None:
    assert (await talk.send("i like art")).status_code == HTTPStatus.ACCEPTED
    talk.proxy.go_down()
    with pytest.raises(StoreAway):
        await answer_all(talk.parts.house)
    talk.proxy.is_down = False
    await answer_all(talk.parts.house)
    assert len(bot_of(talk).turns) == 1
