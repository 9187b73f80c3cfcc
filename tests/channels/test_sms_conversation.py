"""A conversation by text, from Twilio's signed webhook to Twilio's REST API, with the real core between."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from channels.sms import sms_routes
from channels.twilio.receipts import receipt_routes
from channels.twilio.sender import SendingDesk, TwilioSender, send_due_texts
from core.conversation.accept_text import accept_text
from core.conversation.recipients import PhoneRecipients
from core.conversation.tables import Conversation, Message
from core.database import ServiceBase
from core.doorbell import Doorbell
from core.ids import new_id
from core.outbox_tables import Post, Status
from core.safeguarding.tables import Concern
from core.text.sms import segments
from tests.builders import answer_all, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores
from tests.stub_twilio import Failure, StubTwilio, a_text, sign
from tests.texting import ALEX, SAM

DANGER = "he hits me and im scared to go home"


class Line:
    """The service with its bot, between a young person's phone and a stub of Twilio."""

    def __init__(self, stores: Stores, clock: FakeClock) -> None:
        self.stores, self.clock, self.bot, self.twilio = stores, clock, FakeBot(), StubTwilio()
        self.house = build_test_house(stores, clock, self.bot)
        recipients, account = PhoneRecipients(self.house.keys), self.twilio.account
        app = FastAPI()
        app.include_router(sms_routes(account, partial(accept_text, self.house)))
        app.include_router(receipt_routes(account, store=stores.service, recipients=recipients, clock=clock))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.webhook = httpx.AsyncClient(transport=transport, base_url=account.public_url)
        self.network = self.twilio.client()
        self.desk = SendingDesk(
            store=stores.service,
            sender=TwilioSender(account, self.network),
            recipients=recipients,
            clock=clock,
            doorbell=Doorbell(),
            owner="sender",
            jitter=lambda: 0.0,
        )

    async def text(self, words: str, *, sid: str = "", number: str = SAM, **more: str) -> list[str]:
        """Text the service, let it work, and give the texts that came back by this."""
        before = len(self.twilio.texts)
        assert (await self.post(words, sid=sid, number=number, **more)).status_code == 200
        await self.work()
        return [text["Body"] for text in self.twilio.texts[before:]]

    async def post(self, words: str, *, sid: str = "", number: str = SAM, **more: str) -> httpx.Response:
        form = a_text(self.twilio.account, Body=words, From=number, MessageSid=sid or f"SM{new_id()}", **more)
        headers = sign(self.twilio.account, "/twilio/sms", form)
        return await self.webhook.post("/twilio/sms", data=form, headers=headers)

    async def work(self) -> None:
        await answer_all(self.house)
        while await send_due_texts(self.desk):
            pass

    async def count(self, table: type[ServiceBase]) -> int:
        async with self.stores.service.read() as session:
            return int((await session.execute(select(func.count()).select_from(table))).scalar_one())


@pytest.fixture
async def line(stores: Stores, clock: FakeClock) -> AsyncIterator[Line]:
    made = Line(stores, clock)
    yield made
    await made.webhook.aclose()
    await made.network.aclose()


@pytest.fixture
async def open_line(line: Line) -> Line:
    """A line whose phone has said that it is only theirs."""
    await line.text("hi")
    await line.text("1")
    return line


async def test_the_first_text_is_answered_with_a_welcome_and_asks_whose_phone_it_is(line: Line) -> None:
    texts = await line.text("hi")
    assert "I am a robot" in texts[0]
    assert "Is this phone just yours?" in texts[-1]
    assert "1 Yes" in texts[-1]
    assert all(segments(text) <= 2 for text in texts)
    assert {text["To"] for text in line.twilio.texts} == {SAM}


async def test_after_whose_phone_it_is_the_first_text_is_answered_and_nothing_is_asked_twice(
    line: Line,
) -> None:
    say = line.house.catalogue.say
    await line.text("school is ok")
    assert await line.text("1") == [say("phone_owner_kept"), say("view_kept")]
    assert [turn.text for turn in line.bot.turns] == ["school is ok"]


async def test_where_no_first_text_waits_the_menu_is_offered(line: Line) -> None:
    await line.text("", NumMedia="1")
    (text,) = await line.text("I share it")
    assert text.startswith(line.house.catalogue.say("phone_shared_kept"))
    assert line.house.catalogue.say("menu_question") in text
    assert "Is this phone just yours?" not in text


async def test_what_was_said_is_answered(open_line: Line) -> None:
    assert await open_line.text("school is ok") == [open_line.house.catalogue.say("view_kept")]
    assert open_line.bot.turns[-1].text == "school is ok"


async def test_the_same_text_twice_has_one_answer(open_line: Line) -> None:
    assert len(await open_line.text("school is ok", sid="SMtwice")) == 1
    assert await open_line.text("school is ok", sid="SMtwice") == []
    assert len([turn for turn in open_line.bot.turns if turn.text == "school is ok"]) == 1


async def test_the_same_text_many_times_at_once_is_kept_and_answered_once(open_line: Line) -> None:
    before = await open_line.count(Message)
    answers = await asyncio.gather(*(open_line.post("school is ok", sid="SMmany") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert await open_line.count(Message) == before + 1
    await open_line.work()
    assert [turn.text for turn in open_line.bot.turns].count("school is ok") == 1
    assert (await open_line.post("school is ok", sid="SMmany")).status_code == 200


async def test_the_first_texts_of_a_phone_at_once_open_one_conversation(line: Line) -> None:
    answers = await asyncio.gather(*(line.post(f"text {place}") for place in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert await line.count(Conversation) == 1


async def test_what_nobody_signed_leaves_nothing_behind(line: Line) -> None:
    response = await line.webhook.post("/twilio/sms", data=a_text(line.twilio.account, Body=DANGER))
    assert response.status_code == 403
    assert [await line.count(table) for table in (Conversation, Message, Post, Concern)] == [0, 0, 0, 0]


async def test_danger_is_answered_at_once_while_the_bot_is_down(open_line: Line) -> None:
    open_line.bot.is_down = True
    texts = await open_line.text(DANGER)
    assert texts[0].startswith("From Have Your Say. Some numbers for you.")
    assert "call 999" in " ".join(texts).lower()
    assert "85258" in " ".join(texts)
    assert not any("hit" in text for text in texts)
    assert all(segments(text) <= 2 for text in texts)
    assert await open_line.count(Concern) == 1


async def test_danger_in_the_very_first_text_is_heard(line: Line) -> None:
    assert "999" in " ".join(await line.text(DANGER))
    assert await line.count(Concern) == 1


async def test_stop_stays_stopped_until_start(open_line: Line) -> None:
    assert await open_line.text("STOP") == []
    assert await open_line.text("are you there") == []
    open_line.clock.go_on(days=3)
    assert await open_line.text("hello?") == []
    assert open_line.house.catalogue.say("texts_started") in " ".join(await open_line.text("START"))
    assert await open_line.text("school is ok") != []


@pytest.mark.parametrize("words", ["stop please", "dont text me", "Stop.", "UNSUBSCRIBE"])
async def test_stop_is_understood_as_people_write_it(open_line: Line, words: str) -> None:
    assert await open_line.text(words) == []
    assert await open_line.text("school is ok") == []


async def test_danger_after_stop_reaches_a_person_and_nothing_is_texted(open_line: Line) -> None:
    await open_line.text("STOP")
    assert await open_line.text(DANGER) == []
    assert await open_line.count(Concern) == 1


async def test_a_reply_that_was_waiting_when_they_said_stop_is_never_sent(open_line: Line) -> None:
    before = len(open_line.twilio.texts)
    open_line.twilio.failures = [Failure(503)]
    assert await open_line.text("school is ok") == []
    await open_line.text("STOP")
    open_line.clock.go_on(hours=1)
    await open_line.work()
    assert len(open_line.twilio.texts) == before
    async with open_line.stores.service.read() as session:
        statuses = set((await session.execute(select(Post.status))).scalars())
    assert statuses == {Status.SENT, Status.WITHHELD}


async def test_stop_of_one_phone_is_not_stop_of_another(open_line: Line) -> None:
    await open_line.text("STOP")
    assert await open_line.text("hi", number=ALEX) != []


async def test_replies_wait_for_a_twilio_that_is_down_and_come_in_order(open_line: Line) -> None:
    open_line.twilio.failures = [Failure(503)]
    assert await open_line.text("one") == []
    assert await open_line.text("two") == []
    before = len(open_line.twilio.texts)
    open_line.clock.go_on(seconds=5)
    await open_line.work()
    assert len(open_line.twilio.texts) == before + 2


async def test_a_photo_is_answered_in_plain_words(open_line: Line) -> None:
    texts = await open_line.text("", NumMedia="1", MediaUrl0="https://example.org/photo.jpg")
    assert texts == [open_line.house.catalogue.say("trouble_picture_not_seen")]


@pytest.mark.parametrize(
    "words", ["", "   ", "\x00", "\U0001f600\U0001f600", "/restart", "\uff0frestart", "?"]
)
async def test_whatever_is_texted_is_taken_and_kept(open_line: Line, words: str) -> None:
    before = await open_line.count(Message)
    await open_line.text(words)
    assert await open_line.count(Message) > before
    assert not any((turn.text or "").lstrip().startswith("/") for turn in open_line.bot.turns)


async def test_receipts_of_a_whole_turn_end_as_delivered(open_line: Line) -> None:
    await open_line.text("school is ok")
    for text in open_line.twilio.texts:
        path, form = open_line.twilio.receipt(text, "delivered")
        headers = sign(open_line.twilio.account, path, form)
        assert (await open_line.webhook.post(path, data=form, headers=headers)).status_code == 200
    async with open_line.stores.service.read() as session:
        assert set((await session.execute(select(Post.status))).scalars()) == {Status.DELIVERED}


async def test_neither_number_nor_words_lie_open_in_the_outbox(open_line: Line) -> None:
    await open_line.text("school is ok")
    async with open_line.stores.service.read() as session:
        rows = (await session.execute(select(Post.__table__))).all()
    written = repr(rows)
    assert SAM not in written
    assert SAM[3:] not in written
    assert "robot" not in written
