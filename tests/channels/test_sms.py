"""A text comes in by its signed webhook, and its receipts too."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from channels.sms import sms_routes
from channels.twilio.account import TwilioAccount
from channels.twilio.receipts import receipt_routes
from channels.twilio.sender import TwilioSender, send_due_texts
from core.conversation.arrived import InboundText
from core.outbox_tables import Status
from core.young_people.consent import is_opted_out
from core.young_people.contact import pseudonym_of
from tests.channels.twilio.test_sender import desk_of
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.stub_twilio import StubTwilio, a_text, an_account, sign
from tests.texting import SAM, Texting, some_keys

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response />'


@dataclass
class Taken:
    """Stands where core takes texts in, and keeps what it is given."""

    texts: list[InboundText] = field(default_factory=list)

    async def accept_text(self, inbound: InboundText) -> None:
        self.texts.append(inbound)


class Webhook:
    def __init__(self, texting: Texting, account: TwilioAccount) -> None:
        self.taken, self.account = Taken(), account
        app = FastAPI()
        app.include_router(sms_routes(account, self.taken.accept_text))
        app.include_router(
            receipt_routes(account, store=texting.store, recipients=texting.recipients, clock=texting.clock)
        )
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=account.public_url)

    async def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        return await self.client.post(path, data=form, headers=sign(self.account, path, form))


@pytest.fixture
def texting(stores: Stores, clock: FakeClock) -> Texting:
    return Texting(stores.service, clock, some_keys())


@pytest.fixture
async def webhook(sqlite_stores: Stores, clock: FakeClock) -> AsyncIterator[Webhook]:
    made = Webhook(Texting(sqlite_stores.service, clock, some_keys()), an_account())
    yield made
    await made.client.aclose()


async def test_a_text_is_taken_in_and_answered_with_nothing_to_do(webhook: Webhook) -> None:
    response = await webhook.post("/twilio/sms", a_text(webhook.account, Body="hi", MessageSid="SM9"))
    assert (response.status_code, response.text) == (200, EMPTY_TWIML)
    assert response.headers["content-type"].startswith("text/xml")
    assert webhook.taken.texts == [InboundText(number=SAM, sid="SM9", text="hi", has_pictures=False)]


async def test_an_unsigned_text_is_refused_and_never_reaches_the_core(webhook: Webhook) -> None:
    response = await webhook.client.post("/twilio/sms", data=a_text(webhook.account))
    assert response.status_code == 403
    assert webhook.taken.texts == []


async def test_a_photo_is_said_to_be_one_and_not_fetched(webhook: Webhook) -> None:
    photo = a_text(webhook.account, Body="", NumMedia="1", MediaUrl0="https://example.org/photo")
    assert (await webhook.post("/twilio/sms", photo)).status_code == 200
    assert webhook.taken.texts[0].has_pictures is True


@pytest.mark.parametrize("sid", ["AC" + "1" * 32, ""])
async def test_a_text_for_another_account_is_refused(webhook: Webhook, sid: str) -> None:
    response = await webhook.post("/twilio/sms", a_text(webhook.account) | {"AccountSid": sid})
    assert (response.status_code, webhook.taken.texts) == (403, [])


async def test_a_text_to_another_number_is_refused(webhook: Webhook) -> None:
    response = await webhook.post("/twilio/sms", a_text(webhook.account, To="+447700900999"))
    assert (response.status_code, webhook.taken.texts) == (403, [])


@pytest.mark.parametrize("name", ["MessageSid", "From"])
async def test_a_text_without_its_sid_or_sender_is_refused(webhook: Webhook, name: str) -> None:
    response = await webhook.post("/twilio/sms", a_text(webhook.account) | {name: ""})
    assert (response.status_code, webhook.taken.texts) == (403, [])


@pytest.mark.parametrize("number", ["+15005550006", "+33612345678", "60777", "WCC", "+44123"])
async def test_a_number_outside_the_united_kingdom_is_heard_and_costs_us_no_reply(
    webhook: Webhook, number: str
) -> None:
    response = await webhook.post("/twilio/sms", a_text(webhook.account, From=number))
    assert response.status_code == 200
    assert [text.may_answer for text in webhook.taken.texts] == [False]


@pytest.mark.parametrize(
    "text", ["", "    ", "\x00", "😀😀", "/restart", "\uff41", "<b>", "a&b=c", "é" * 800]
)
async def test_any_text_arrives_exactly_as_it_was_sent(webhook: Webhook, text: str) -> None:
    assert (await webhook.post("/twilio/sms", a_text(webhook.account, Body=text))).status_code == 200
    assert webhook.taken.texts[0].text == text


async def test_on_one_machine_without_an_account_any_account_and_number_of_ours_will_do(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    account = an_account(sid="", number="")
    webhook = Webhook(Texting(sqlite_stores.service, clock, some_keys()), account)
    assert (await webhook.post("/twilio/sms", a_text(account))).status_code == 200
    assert len(webhook.taken.texts) == 1


async def test_a_receipt_moves_its_text_forward_and_never_back(texting: Texting) -> None:
    twilio = StubTwilio()
    webhook = Webhook(texting, twilio.account)
    post = await texting.post(await texting.young_person(SAM))
    await sent(texting, twilio)
    for said, then in (
        ("queued", Status.SENT),
        ("delivered", Status.DELIVERED),
        ("sent", Status.DELIVERED),
        ("undelivered", Status.DELIVERED),
    ):
        response = await webhook.post(*twilio.receipt(twilio.texts[0], said))
        assert (response.status_code, response.text) == (200, EMPTY_TWIML)
        assert (await texting.find(post)).status == then


async def sent(texting: Texting, twilio: StubTwilio) -> None:
    async with twilio.client() as client:
        await send_due_texts(desk_of(texting, TwilioSender(twilio.account, client)))


async def test_a_text_that_did_not_arrive_says_why(texting: Texting) -> None:
    twilio = StubTwilio()
    webhook = Webhook(texting, twilio.account)
    post = await texting.post(await texting.young_person(SAM))
    await sent(texting, twilio)
    await webhook.post(*twilio.receipt(twilio.texts[0], "undelivered", ErrorCode="30003"))
    kept = await texting.find(post)
    assert (kept.status, kept.reason) == (Status.UNDELIVERABLE, "twilio_30003")


async def test_a_receipt_that_tells_of_a_stop_stops_us(texting: Texting) -> None:
    twilio = StubTwilio()
    webhook = Webhook(texting, twilio.account)
    await texting.post(await texting.young_person(SAM))
    await sent(texting, twilio)
    await webhook.post(*twilio.receipt(twilio.texts[0], "failed", ErrorCode="21610"))
    async with texting.store.read() as session:
        assert await is_opted_out(session, pseudonym_of(SAM, texting.keys))


async def test_a_receipt_without_signature_or_of_another_account_is_refused(texting: Texting) -> None:
    twilio = StubTwilio()
    webhook = Webhook(texting, twilio.account)
    post = await texting.post(await texting.young_person(SAM))
    await sent(texting, twilio)
    path, form = twilio.receipt(twilio.texts[0], "delivered")
    assert (await webhook.client.post(path, data=form)).status_code == 403
    assert (await webhook.post(path, form | {"AccountSid": "AC" + "1" * 32})).status_code == 403
    assert (await texting.find(post)).status == Status.SENT


async def test_a_receipt_of_nothing_of_ours_is_taken_and_changes_nothing(webhook: Webhook) -> None:
    form = {"MessageSid": "SMunknown", "MessageStatus": "delivered", "AccountSid": webhook.account.sid}
    assert (await webhook.post("/twilio/status", form)).status_code == 200
    assert (await webhook.post("/twilio/status", form | {"MessageStatus": "what"})).status_code == 200
