"""Texts leave through Twilio's REST API, against a stub that refuses what Twilio would."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from jsonschema import Draft4Validator
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.twilio.sender import ConsoleSender, SendingDesk, TwilioSender, send_due_texts, send_texts
from core.conversation.recipients import PhoneRecipients
from core.doorbell import Doorbell
from core.ids import ContactId, MessageId, OutboxId
from core.outbox import OUTBOX_BELL
from core.outbox_tables import Status
from core.sending import Recipient, TryAgain, Withheld
from core.young_people.consent import is_opted_out
from core.young_people.contact import pseudonym_of
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.stub_twilio import Failure, StubTwilio, an_account, create_message, load_spec
from tests.texting import ALEX, SAM, Texting, some_keys


@pytest.fixture
def texting(stores: Stores, clock: FakeClock) -> Texting:
    return Texting(stores.service, clock, some_keys())


@pytest.fixture
def twilio() -> StubTwilio:
    return StubTwilio()


@pytest.fixture
async def desk(texting: Texting, twilio: StubTwilio) -> AsyncIterator[SendingDesk]:
    async with twilio.client() as client:
        yield desk_of(texting, TwilioSender(twilio.account, client))


def desk_of(texting: Texting, sender: TwilioSender | ConsoleSender) -> SendingDesk:
    return SendingDesk(
        store=texting.store,
        sender=sender,
        recipients=texting.recipients,
        clock=texting.clock,
        doorbell=Doorbell(),
        owner="this process",
        jitter=lambda: 0.0,
    )


async def all_sent(desk: SendingDesk) -> None:
    while await send_due_texts(desk):
        pass


async def status_of(texting: Texting, post: OutboxId) -> tuple[Status, str | None]:
    kept = await texting.find(post)
    return Status(kept.status), kept.reason


async def test_a_text_reaches_twilio_with_our_number_and_where_to_send_the_receipt(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    post = await texting.post(await texting.young_person(SAM), "Hello Sam.")
    await all_sent(desk)
    (text,) = twilio.texts
    assert (text["To"], text["From"], text["Body"]) == (SAM, twilio.account.number, "Hello Sam.")
    assert text["StatusCallback"] == f"https://say.example.org/twilio/status?post={post}"
    kept = await texting.find(post)
    assert (kept.status, kept.provider_id) == (Status.SENT, text["sid"])


async def test_a_turn_of_three_texts_arrives_in_order(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    sam, alex = await texting.young_person(SAM), await texting.young_person(ALEX)
    for words in ("one", "two", "three"):
        await texting.post(sam, words)
        await texting.post(alex, words)
    await all_sent(desk)
    for number in (SAM, ALEX):
        assert [text["Body"] for text in twilio.texts if text["To"] == number] == ["one", "two", "three"]


@pytest.mark.parametrize(
    "failure", [Failure(429, 20429), Failure(500), Failure(503, 20503), Failure(401, 20003), Failure(404)]
)
async def test_when_twilio_can_not_take_it_now_it_is_sent_later(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio, failure: Failure
) -> None:
    post = await texting.post(await texting.young_person(SAM))
    twilio.failures = [failure]
    await all_sent(desk)
    assert await status_of(texting, post) == (Status.WAITING, f"twilio_{failure.code or failure.status}")
    texting.clock.go_on(seconds=5)
    await all_sent(desk)
    assert [text["To"] for text in twilio.texts] == [SAM]
    assert (await status_of(texting, post))[0] == Status.SENT


async def test_twilio_is_left_alone_for_as_long_as_it_asks(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    await texting.post(await texting.young_person(SAM))
    twilio.failures = [Failure(429, 20429, {"Retry-After": "90"})]
    await all_sent(desk)
    texting.clock.go_on(seconds=89)
    await all_sent(desk)
    assert twilio.texts == []
    texting.clock.go_on(seconds=1)
    await all_sent(desk)
    assert len(twilio.texts) == 1


async def test_a_number_that_twilio_will_never_reach_ends_with_its_reason(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    post = await texting.post(await texting.young_person(SAM))
    twilio.failures = [Failure(400, 21614)]
    await all_sent(desk)
    assert await status_of(texting, post) == (Status.UNDELIVERABLE, "twilio_21614")


async def test_a_stop_that_only_twilio_knew_is_kept_and_nothing_more_is_tried(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    twilio.said_stop = {SAM}
    sam = await texting.young_person(SAM)
    posts = [await texting.post(sam), await texting.post(sam)]
    await all_sent(desk)
    assert [(await status_of(texting, post))[0] for post in posts] == [Status.WITHHELD, Status.WITHHELD]
    async with texting.store.read() as session:
        assert await is_opted_out(session, pseudonym_of(SAM, texting.keys))


async def test_an_answer_that_makes_no_sense_is_no_sid(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    post = await texting.post(await texting.young_person(SAM))
    twilio.failures = [Failure(201)]
    await all_sent(desk)
    assert await status_of(texting, post) == (Status.WAITING, "twilio_201")


@pytest.mark.parametrize("problem", [httpx.ConnectError("down"), httpx.ReadTimeout("slow")])
async def test_a_twilio_that_is_down_or_slow_is_tried_again(problem: httpx.HTTPError) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise problem

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(TryAgain, match=type(problem).__name__):
            await TwilioSender(an_account(), client).send(SAM, "hello", reference=OutboxId("1"))


async def test_one_slow_text_does_not_keep_the_others_waiting(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    twilio.takes_seconds = 0.2
    for place in range(10):
        await texting.post(await texting.young_person(f"+4477009001{place:02d}"))
    await send_due_texts(desk)
    assert len(twilio.texts) == 10
    assert twilio.most_at_once == 10


async def test_the_loop_sends_when_the_bell_rings_and_stops_when_told(
    texting: Texting, desk: SendingDesk, twilio: StubTwilio
) -> None:
    stop = asyncio.Event()
    loop = asyncio.create_task(send_texts(desk, stop))
    await texting.post(await texting.young_person(SAM))
    async with asyncio.timeout(30):
        while not twilio.texts:
            desk.doorbell.ring(OUTBOX_BELL)
            await asyncio.sleep(0.01)
        stop.set()
        desk.doorbell.ring(OUTBOX_BELL)
        await loop


class Away(PhoneRecipients):
    """Recipients whose database is away the first time."""

    times = 0

    async def look_up(
        self, session: AsyncSession, contact: ContactId, message: MessageId
    ) -> Recipient | Withheld:
        if not Away.times:
            Away.times += 1
            raise OperationalError("away", None, OSError())
        return await super().look_up(session, contact, message)


async def test_the_loop_outlives_a_database_that_is_away(texting: Texting, twilio: StubTwilio) -> None:
    await texting.post(await texting.young_person(SAM))
    away = Away(texting.keys)
    Away.times = 0
    stop = asyncio.Event()
    async with twilio.client() as client:
        desk = desk_of(texting, TwilioSender(twilio.account, client))
        loop = asyncio.create_task(send_texts(replace(desk, recipients=away), stop))
        async with asyncio.timeout(30):
            while not twilio.texts:
                desk.doorbell.ring(OUTBOX_BELL)
                await asyncio.sleep(0.01)
            stop.set()
            desk.doorbell.ring(OUTBOX_BELL)
            await loop
    assert Away.times == 1


class Broken(ConsoleSender):
    """A sender with a bug for one number."""

    async def send(self, to: str, body: str, *, reference: OutboxId) -> str:
        if to == SAM:
            raise ZeroDivisionError
        return await super().send(to, body, reference=reference)


async def test_a_bug_with_one_text_does_not_stop_the_others(texting: Texting) -> None:
    broken = await texting.post(await texting.young_person(SAM))
    fine = await texting.post(await texting.young_person(ALEX))
    await send_due_texts(desk_of(texting, Broken()))
    assert (await texting.find(fine)).status == Status.SENT
    texting.clock.go_on(minutes=1)
    await all_sent(desk_of(texting, ConsoleSender()))
    assert (await texting.find(broken)).status == Status.SENT


async def test_without_an_account_texts_are_kept_as_sent(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM), "for the simulator")
    await all_sent(desk_of(texting, ConsoleSender()))
    kept = await texting.find(post)
    assert kept.status == Status.SENT
    assert kept.provider_id is not None
    assert kept.provider_id.startswith("SM")


async def test_what_we_send_and_read_is_what_twilios_openapi_says(texting: Texting) -> None:
    spec = load_spec()
    twilio = StubTwilio(spec=spec)
    await texting.post(await texting.young_person(SAM), "Hello Sam.")
    seen: list[httpx.Response] = []

    async def keep(response: httpx.Response) -> None:
        await response.aread()
        seen.append(response)

    transport = httpx.ASGITransport(twilio.app)
    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [keep]}) as client:
        await all_sent(desk_of(texting, TwilioSender(twilio.account, client)))
    (text,) = twilio.texts
    Draft4Validator(create_message(spec)).validate({key: text[key] for key in text.keys() - {"sid"}})
    resource = spec["components"]["schemas"]["api.v2010.account.message"]["properties"]
    assert seen[0].json().keys() <= resource.keys()
