"""The staff's pages on empty stores, a browser for each role, and a reply that is kept in a list."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from api.office import AnswerComplaint, Office, Reply
from api.site import add_staff_site
from core.area import load_area
from core.ids import ComplaintId, RequestId, StaffId
from core.keys import ServiceKeys
from core.rate_limits import Limiter
from core.staff.passwords import Passwords
from core.staff.roles import Role
from core.staff.work_account import WorkDoor
from core.text.messages import load_catalogue
from tests.fakes import FakeClock
from tests.staffed import hold_staff, pretend_keys
from tests.stores import Stores

MESSAGES = Path(__file__).resolve().parent.parent.parent / "data" / "messages" / "en-GB"
PASSWORD = "a-long-enough-password"
WORDS = load_catalogue(MESSAGES)
AREA = load_area(MESSAGES.parent.parent / "area.yml")


@dataclass
class SentReplies:
    """The far side of a key worker's reply: keeps what would reach the young person."""

    sent: list[tuple[RequestId, StaffId, str]] = field(default_factory=list)

    async def __call__(self, request: RequestId, staff: StaffId, text: str, *, once: str) -> None:
        assert once
        self.sent.append((request, staff, text))


@dataclass
class SentAnswers:
    """The far side of an answer to a complaint."""

    sent: list[tuple[ComplaintId, StaffId, str]] = field(default_factory=list)

    async def __call__(self, complaint: ComplaintId, staff: StaffId, text: str, *, once: str) -> None:
        assert once
        self.sent.append((complaint, staff, text))


@dataclass
class Browser:
    """A browser of one member of staff."""

    client: AsyncClient
    staff: StaffId | None = None
    csrf: str = ""

    async def get(self, path: str) -> Response:
        return await self.client.get(path)

    async def post(self, path: str, **fields: str | list[str]) -> Response:
        return await self.client.post(path, data={"csrf": self.csrf, **fields})


@dataclass
class Site:
    """The app, its office, and the means to come in."""

    app: FastAPI
    office: Office
    replies: SentReplies
    clock: FakeClock
    base_url: str = "http://staff.example"
    _browsers: list[AsyncClient] = field(default_factory=list)

    def open_browser(self, address: str = "127.0.0.1") -> Browser:
        transport = ASGITransport(self.app, raise_app_exceptions=False, client=(address, 1))
        headers = {"accept": "text/html"}
        client = AsyncClient(transport=transport, base_url=self.base_url, headers=headers)
        self._browsers.append(client)
        return Browser(client)

    async def hire(self, role: Role, name: str | None = None) -> StaffId:
        kept = await self.office.passwords.hash(PASSWORD)
        called = name or f"{role.value.replace('-', ' ').title()}"
        async with self.office.store.write() as session:
            return await hold_staff(session, called, role, password_hash=kept)

    async def come_in(self, role: Role, name: str | None = None) -> Browser:
        """Hire someone and sign them in by the real form."""
        browser = self.open_browser()
        browser.staff = await self.hire(role, name)
        called = (name or role.value.replace("-", " ").title()).lower().replace(" ", ".")
        answer = await browser.post("/staff/sign-in", email=f"{called}@council.example", password=PASSWORD)
        assert answer.status_code == 303
        page = (await browser.get("/staff/")).text
        browser.csrf = page.split('name="csrf" value="')[1].split('"')[0]
        return browser

    async def close(self) -> None:
        for client in self._browsers:
            await client.aclose()
        self.office.passwords.close()


def make_site(  # noqa: PLR0913 - a test says only what matters to it
    stores: Stores,
    clock: FakeClock,
    *,
    is_https: bool = False,
    needs_second_step: bool = False,
    keys: ServiceKeys | None = None,
    reply: Reply | None = None,
    answer_complaint: AnswerComplaint | None = None,
    work_door: WorkDoor | None = None,
) -> Site:
    replies = SentReplies()
    office = Office(
        store=stores.service,
        keys=keys or pretend_keys(),
        clock=clock,
        words=WORDS,
        passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        area=AREA,
        is_https=is_https,
        reply=reply or replies,
        limiter=Limiter(keys or pretend_keys(), clock),
        answer_complaint=answer_complaint or SentAnswers(),
        needs_second_step=needs_second_step,
        work_door=work_door,
    )
    app = FastAPI(openapi_url=None)
    add_staff_site(app, office)
    host = "https://staff.example" if is_https else "http://staff.example"
    return Site(app, office, replies, clock, host)


@pytest.fixture
async def site(sqlite_stores: Stores, clock: FakeClock) -> AsyncIterator[Site]:
    made = make_site(sqlite_stores, clock)
    yield made
    await made.close()


@pytest.fixture
async def https_site(sqlite_stores: Stores, clock: FakeClock) -> AsyncIterator[Site]:
    made = make_site(sqlite_stores, clock, is_https=True)
    yield made
    await made.close()
