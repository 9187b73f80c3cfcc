"""With the database down, every door says so in plain words with the numbers that help, and acknowledges nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from http import HTTPStatus
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy.exc import IntegrityError, OperationalError

from app.compose import build_alert_desk, build_house, build_text_desk
from app.site import Parts, build_site
from app.stores import Stores as AppStores
from channels.twilio.sender import send_texts
from core.alerts import send_alerts
from core.conversation.opening import open_conversation
from core.database import open_store
from core.outbox import OUTBOX_BELL
from core.store_away import StoreAway, saying_when_away
from tests.builders import lists, settings_for_tests
from tests.fakes import FakeBot
from tests.stores import Stores
from tests.stub_twilio import a_text, an_account, sign

ORIGIN = "http://127.0.0.1:8000"


def refused() -> str:
    """Give the URL of a PostgreSQL that refuses connections: nobody listens there."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"postgresql+asyncpg://nobody@127.0.0.1:{port}/none"


def parts_of(stores: AppStores) -> Parts:
    account = an_account()
    settings = settings_for_tests(
        public_url=ORIGIN,
        twilio_account_sid=account.sid,
        twilio_auth_token=account.token,
        twilio_number=account.number,
    )
    house = build_house(settings, stores, FakeBot(), lists())
    return Parts(settings, stores, house, build_text_desk(settings, house), "a token")


@pytest.fixture
async def parts() -> AsyncIterator[Parts]:
    """The whole service, before a database that is down."""
    made = parts_of(AppStores(open_store(refused()), open_store(refused())))
    yield made
    await made.texts.close()


@asynccontextmanager
async def browser_of(parts: Parts) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(build_site(parts), raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}) as browser:
        yield browser


def says_numbers(response: Response) -> bool:
    return all(number in response.text for number in ("999", "0800 1111", "116 123"))


async def test_a_script_that_opens_a_conversation_is_told_the_numbers(parts: Parts) -> None:
    async with browser_of(parts) as browser:
        told = await browser.post("/chat/conversations", json={"client": "api"})
    assert (told.status_code, told.headers["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "60")
    assert says_numbers(told)


async def test_who_said_i_am_not_safe_first_sees_the_numbers_on_a_page(parts: Parts) -> None:
    async with browser_of(parts) as browser:
        told = await browser.post("/chat/start", data={"first": "not_safe"})
    assert told.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert says_numbers(told)
    assert "<main" in told.text


async def test_a_text_is_not_acknowledged(parts: Parts) -> None:
    form = a_text(parts.texts.account)
    headers = sign(parts.texts.account, "/twilio/sms", form)
    async with browser_of(parts) as browser:
        told = await browser.post("/twilio/sms", data=form, headers=headers)
    assert told.status_code == HTTPStatus.SERVICE_UNAVAILABLE


async def test_staff_and_who_watches_the_machine_are_told_too(parts: Parts) -> None:
    async with browser_of(parts) as browser:
        page = await browser.post("/staff/sign-in", data={"email": "a@b.example", "password": "x"})
        ready = await browser.get("/readyz")
    assert (page.status_code, ready.status_code) == (HTTPStatus.SERVICE_UNAVAILABLE,) * 2


async def test_words_in_a_conversation_that_stands_are_refused_and_typed_words_stay_on_the_page(
    sqlite_stores: Stores,
) -> None:
    there = parts_of(AppStores(sqlite_stores.service, sqlite_stores.views))
    begun = await open_conversation(there.house)
    away = parts_of(AppStores(open_store(refused()), open_store(refused())))
    path = f"/chat/conversations/{begun.conversation}/messages"
    async with browser_of(away) as browser:
        browser.headers["Authorization"] = f"Bearer {begun.token}"
        told = await browser.post(path, json={"client_id": "1" * 32, "text": "he hits me"})
        browser.cookies.set("hys_conversation", begun.token)
        page = await browser.post("/chat/say", data={"client_id": "2" * 32, "text": "i like art"})
    assert told.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert says_numbers(told)
    assert "i like art" in page.text
    for made in (there, away):
        await made.texts.close()


Loop = Callable[[Parts, asyncio.Event], Coroutine[Any, Any, None]]


def texts_of(parts: Parts, stop: asyncio.Event) -> Coroutine[Any, Any, None]:
    return send_texts(parts.texts.desk, stop)


def alerts_of(parts: Parts, stop: asyncio.Event) -> Coroutine[Any, Any, None]:
    return send_alerts(build_alert_desk(parts.settings, parts.house, parts.texts), stop)


@pytest.mark.parametrize("loop", [texts_of, alerts_of])
async def test_what_sends_goes_on_when_connections_are_refused(parts: Parts, loop: Loop) -> None:
    stop, bell = asyncio.Event(), parts.house.doorbell
    sending = asyncio.create_task(loop(parts, stop))
    for _ in range(20):
        bell.ring(OUTBOX_BELL)
        await asyncio.sleep(0.01)
    assert not sending.done()
    stop.set()
    bell.ring(OUTBOX_BELL)
    async with asyncio.timeout(30):
        await sending


def test_a_statement_that_is_wrong_is_a_bug_and_a_full_disk_is_not() -> None:
    with pytest.raises(IntegrityError), saying_when_away():
        raise IntegrityError("INSERT", None, Exception("twice"))
    with pytest.raises(StoreAway), saying_when_away():
        raise OperationalError("COMMIT", None, Exception("database or disk is full"))
