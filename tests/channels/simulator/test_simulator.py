"""The pretend phone texts the service by the same signed path as a real one."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest
from fastapi import FastAPI

from channels.simulator.phones import DRAMA_NUMBERS, Simulator
from channels.simulator.routes import simulator_routes
from channels.sms import sms_routes
from channels.twilio.account import TwilioAccount
from channels.twilio.sender import ConsoleSender, send_due_texts
from core.conversation.arrived import InboundText
from core.settings import HERE
from core.text.messages import load_catalogue
from tests.channels.twilio.test_sender import desk_of
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.stub_twilio import an_account
from tests.texting import Texting, some_keys

CATALOGUE = load_catalogue(HERE / "data" / "messages" / "en-GB")


class Service:
    """A service that answers each text by repeating it, with a pretend phone in front of it."""

    def __init__(self, texting: Texting, account: TwilioAccount, *, signs_with: TwilioAccount) -> None:
        self.texting, self.heard = texting, list[InboundText]()
        simulator = Simulator(signs_with, texting.store, texting.keys, CATALOGUE)
        app = FastAPI()
        app.include_router(sms_routes(account, self.repeat))
        app.include_router(simulator_routes(simulator))
        transport = httpx.ASGITransport(app)
        self.phone = httpx.AsyncClient(
            transport=transport, base_url=account.public_url, follow_redirects=True
        )

    async def repeat(self, inbound: InboundText) -> None:
        self.heard.append(inbound)
        young_person = await self.texting.young_person(inbound.number)
        await self.texting.hear(young_person, inbound.text)
        self.texting.clock.go_on(seconds=1)
        await self.texting.post(young_person, f"You said: {inbound.text}")
        await send_due_texts(desk_of(self.texting, ConsoleSender()))
        self.texting.clock.go_on(seconds=1)

    async def text(self, words: str, phone: str = "901", **more: str) -> httpx.Response:
        form = {"phone": phone, "text": words} | more
        return await self.phone.post("/simulator", data=form, headers={"Origin": "https://say.example.org"})


@pytest.fixture
async def service(sqlite_stores: Stores, clock: FakeClock) -> AsyncIterator[Service]:
    account = an_account(sid="", number="")
    made = Service(Texting(sqlite_stores.service, clock, some_keys()), account, signs_with=account)
    yield made
    await made.phone.aclose()


class Bubbles(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown: list[tuple[str, str]] = []
        self._side, self._in_words = "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        its_class = dict(attrs).get("class") or ""
        self._side = its_class if tag == "li" else self._side
        self._in_words = tag == "p" and its_class == "words"

    def handle_endtag(self, tag: str) -> None:
        self._in_words = self._in_words and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._in_words:
            self.shown.append((self._side, data))


async def test_a_text_goes_out_signed_and_the_reply_stands_on_the_page(service: Service) -> None:
    page = await service.text("hello")
    assert page.status_code == 200
    assert Bubbles(page.text).shown == [("mine", "hello"), ("ours", "You said: hello")]
    assert service.heard[0].number == f"{DRAMA_NUMBERS}901"


async def test_two_phones_have_two_conversations(service: Service) -> None:
    await service.text("one", phone="901")
    await service.text("two", phone="477")
    other = await service.phone.get("/simulator?phone=477")
    assert Bubbles(other.text).shown == [("mine", "two"), ("ours", "You said: two")]


async def test_the_script_gets_the_same_texts_as_the_page(service: Service) -> None:
    page = await service.text("hello")
    texts = await service.phone.get("/simulator/texts?phone=901")
    assert Bubbles(texts.text).shown == Bubbles(page.text).shown
    assert "<html" not in texts.text
    assert texts.headers["cache-control"] == "no-store"


async def test_a_photo_is_sent_as_one(service: Service) -> None:
    await service.text("", photo="yes")
    assert service.heard[0].has_pictures is True


async def test_words_are_shown_as_words_and_never_run(service: Service) -> None:
    page = await service.text("<script>alert(1)</script>")
    assert "<script>alert" not in page.text
    assert ("mine", "<script>alert(1)</script>") in Bubbles(page.text).shown


@pytest.mark.parametrize("phone", ["", "12", "1234", "+44", "\u0663\u0663\u0663", "<b>"])
async def test_a_phone_that_makes_no_sense_is_the_first_one(service: Service, phone: str) -> None:
    page = await service.phone.get("/simulator", params={"phone": phone})
    assert f"{DRAMA_NUMBERS}901" in page.text


async def test_another_page_can_not_text_for_us(service: Service) -> None:
    response = await service.phone.post(
        "/simulator", data={"phone": "901", "text": "x"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert (response.status_code, service.heard) == (403, [])


async def test_a_phone_with_another_token_is_refused_like_anyone(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    texting = Texting(sqlite_stores.service, clock, some_keys())
    service = Service(texting, an_account(), signs_with=an_account(token="stale"))
    page = await service.text("hello")
    assert service.heard == []
    assert CATALOGUE.say("simulator_not_sent") in page.text


async def test_the_page_has_a_name_for_every_part_and_brings_nothing_from_elsewhere(service: Service) -> None:
    page = (await service.phone.get("/simulator")).text
    assert '<html lang="en-GB">' in page
    assert 'role="log"' in page
    assert '<label for="text">' in page
    assert "http" not in page.replace("https://say.example.org", "")
    for file in ("phone.css", "refresh.js"):
        assert f"/simulator/{file}" in page
        assert (await service.phone.get(f"/simulator/{file}")).status_code == 200
