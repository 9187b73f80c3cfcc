"""The whole application as app builds it, on a test's stores, and whoever may knock at its doors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.compose import build_house, build_text_desk
from app.site import Parts, build_site
from app.stores import Stores as AppStores
from bot.actions.server import TOKEN_HEADER
from core.conversation.house import House
from core.conversation.opening import open_conversation
from core.ids import StaffId
from core.staff.api_keys import add_api_key
from core.staff.roles import Role, Scope
from core.staff.sign_in import csrf_token, open_sign_in_session
from tests.builders import lists, settings_for_tests
from tests.fakes import FakeBot, FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores

ORIGIN = "http://127.0.0.1:8000"
TOKEN = "a token"
HELD = 0.3
"""Seconds after which an answer that does not end counts as open."""


@dataclass
class WholeSite:
    """The site, one member of staff for each role, one conversation and one key for each scope."""

    app: FastAPI
    house: House
    staff: dict[Role, StaffId]
    keys: dict[Scope, str]
    conversation: str
    conversation_key: str

    async def ask(self, method: str, path: str, **how: Any) -> Response | None:
        """Ask once, as a browser without any memory; None when the answer streams on and on."""
        transport = ASGITransport(self.app, raise_app_exceptions=False, client=("127.0.0.1", 1))
        async with AsyncClient(transport=transport, base_url=ORIGIN) as client:
            try:
                return await asyncio.wait_for(
                    client.request(method, path, **how), HELD + 20 * ("events" not in path)
                )
            except TimeoutError:
                return None

    async def come_in(self, role: Role) -> tuple[dict[str, str], str]:
        """Sign in anew: the cookie's header, and the token for forms."""
        async with self.house.service.write() as session:
            token = await open_sign_in_session(
                session, self.house.keys, self.staff[role], now=self.house.clock()
            )
        return {"cookie": f"staff={token}", "accept": "text/html"}, csrf_token(token)

    @property
    def rasa(self) -> dict[str, str]:
        """What Rasa sends with each call."""
        return {TOKEN_HEADER: TOKEN}


@asynccontextmanager
async def open_site(stores: Stores, clock: FakeClock, **settings: object) -> AsyncIterator[WholeSite]:
    """Build the site as `run` does, with a bot that does as it is told."""
    said = settings_for_tests(**{"public_url": ORIGIN, **settings})
    both = AppStores(stores.service, stores.views)
    house = build_house(said, both, FakeBot(), lists(), clock=clock)
    texts = build_text_desk(said, house)
    keys = {}
    async with house.service.write() as session:
        staff = {role: await hold_staff(session, role.value.replace("-", " "), role) for role in Role}
        for scope in Scope:
            keys[scope] = await add_api_key(
                session, house.keys, name=scope, scope=scope, by="test", now=clock()
            )
    opened = await open_conversation(house)
    app = build_site(Parts(said, both, house, texts, TOKEN))
    yield WholeSite(app, house, staff, keys, opened.conversation, opened.token)
    await texts.close()
