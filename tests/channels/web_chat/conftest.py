"""What every test of the page may ask for: conversations in memory, and a browser of one's own."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from channels.web_chat.listen import Pace
from channels.web_chat.routes import web_chat_router
from tests.channels.web_chat.talk import ORIGIN, Talks


@pytest.fixture
def talks() -> Talks:
    return Talks()


@pytest.fixture
def app(talks: Talks) -> FastAPI:
    app = FastAPI()
    app.include_router(
        web_chat_router(
            talks.web, pace=Pace(heartbeat_seconds=0.1, closes_after_seconds=0.5, form_waits_seconds=0.3)
        )
    )
    return app


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A browser as far as the server sees one: it keeps cookies and says where a form comes from."""
    async with AsyncClient(
        transport=ASGITransport(app), base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=True
    ) as client:
        yield client


@pytest.fixture
async def script(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A program that talks to us: no cookies, no Origin."""
    async with AsyncClient(transport=ASGITransport(app), base_url=ORIGIN) as client:
        yield client
