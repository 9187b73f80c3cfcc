"""With Rasa, the mail server or Twilio down or slow, danger is kept and answered; what waited leaves afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import httpx
import pytest
from httpx import ASGITransport, AsyncClient

from app.compose import TextDesk, build_house, build_text_desk
from app.site import Parts, build_site
from app.stores import Stores as AppStores
from bot.client import RasaBot
from channels.twilio.sender import TwilioSender
from core.outbox_tables import Route, Status
from core.staff.roles import Role
from tests.app.outside import Line, Postbox, Site
from tests.bot.fake_rasa import fake_rasa
from tests.bot.states import new_state
from tests.builders import answer_all, lists, settings_for_tests
from tests.fakes import FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores
from tests.stub_twilio import StubTwilio, an_account

ORIGIN = "http://127.0.0.1:8000"
DANGER = "i want to kill myself"
FAR_TOO_LONG = 30.0
SAM, ALEX = "+447700900123", "+447700900456"


@pytest.fixture
async def site(stores: Stores, clock: FakeClock, unused_tcp_port: int) -> AsyncIterator[Site]:
    account = an_account(public_url=ORIGIN)
    settings = settings_for_tests(
        public_url=ORIGIN,
        smtp_url=f"smtp://127.0.0.1:{unused_tcp_port}/?from=alerts@example.org",
        twilio_account_sid=account.sid,
        twilio_auth_token=account.token,
        twilio_number=account.number,
        twilio_api_base=account.api_base,
    )
    both, line = AppStores(stores.service, stores.views), Line(StubTwilio(account))
    async with fake_rasa() as rasa, AsyncClient(transport=line) as network:
        bot = RasaBot(rasa.url, "a secret")
        house = build_house(settings, both, bot, lists(), clock=clock)
        async with house.service.write() as session:
            await hold_staff(session, "Lee Lead", Role.SAFEGUARDING_LEAD)
        texts = _texts_by(line, network, build_text_desk(settings, house))
        parts = Parts(settings, both, house, texts, "a token")
        transport = ASGITransport(build_site(parts), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=ORIGIN) as door:
            yield Site(parts, door, rasa, line, clock, unused_tcp_port)
        await bot.close()
        await parts.texts.close()


def _texts_by(line: Line, network: AsyncClient, texts: TextDesk) -> TextDesk:
    return replace(texts, desk=replace(texts.desk, sender=TwilioSender(line.twilio.account, network)))


async def until_none(send: Callable[[], Awaitable[int]]) -> None:
    while await send():
        pass


async def test_while_rasa_thinks_for_thirty_seconds_danger_is_kept_and_answered(site: Site) -> None:
    site.rasa.delay = FAR_TOO_LONG
    path = await site.begin()
    await site.say(path, "i like art")
    answering = asyncio.create_task(answer_all(site.house))
    async with asyncio.timeout(FAR_TOO_LONG):
        await site.rasa.came.wait()
    await site.say(path, DANGER)
    assert await site.concerns() == 1
    assert "safety" in await site.kinds(path)
    answering.cancel()
    await asyncio.wait([answering])


async def test_who_waited_for_a_slow_rasa_is_told_so_and_answered_when_it_is_quick_again(
    site: Site,
) -> None:
    impatient = RasaBot(site.rasa.url, "a secret", seconds=0.2)
    house = replace(site.house, bot=impatient)
    site.rasa.delay = FAR_TOO_LONG
    path = await site.begin()
    await site.say(path, "i like art")
    await answer_all(house)
    assert (await site.kinds(path))[-1] == "problem"
    site.rasa.delay = 0.0
    site.rasa.will_answer(
        {"say": "help_start", "values": {}, "kind": "message"},
        {"decide": "state", "state": new_state()},
    )
    site.clock.go_on(seconds=15)
    await answer_all(replace(house, bot=site.house.bot))
    assert (await site.kinds(path))[-1] == "message"
    await impatient.close()


async def test_with_a_mail_server_that_is_down_the_alert_leaves_when_it_is_back(site: Site) -> None:
    path = await site.begin()
    await site.say(path, DANGER)
    await site.send_alerts()
    assert "safety" in await site.kinds(path)
    (alert,) = await site.posts(Route.EMAIL)
    assert (alert.status, alert.reason) == (Status.WAITING, "ConnectionRefusedError")
    postbox = Postbox()
    postbox.let_go.set()
    with postbox.at(site.mail_port):
        site.clock.go_on(minutes=1)
        await site.send_alerts()
    (alert,) = await site.posts(Route.EMAIL)
    assert (alert.status, len(postbox.mails)) == (Status.SENT, 1)


async def test_while_a_slow_mail_server_holds_an_alert_the_next_danger_is_kept_and_answered(
    site: Site,
) -> None:
    postbox = Postbox()
    with postbox.at(site.mail_port):
        await site.say(await site.begin(), DANGER)
        sending = asyncio.create_task(site.send_alerts())
        assert await asyncio.to_thread(postbox.came.wait, FAR_TOO_LONG)
        path = await site.begin()
        await site.say(path, DANGER)
        assert "safety" in await site.kinds(path)
        assert (await site.concerns(), postbox.mails) == (2, [])
        postbox.let_go.set()
        await sending
        site.clock.go_on(minutes=2)
        await site.send_alerts()
    assert [each.status for each in await site.posts(Route.EMAIL)] == [Status.SENT, Status.SENT]


@pytest.mark.parametrize("problem", [httpx.ConnectError, httpx.ReadTimeout])
async def test_danger_in_a_text_waits_in_the_outbox_while_twilio_is_away_and_leaves_when_it_is_back(
    site: Site, problem: type[httpx.TransportError]
) -> None:
    site.line.problem = problem
    await site.text(SAM, DANGER)
    assert (await site.concerns(), len(await site.posts(Route.SMS)) > 0) == (1, True)
    await site.send_texts()
    first = (await site.posts(Route.SMS))[0]
    assert (first.status, first.reason) == (Status.WAITING, problem.__name__)
    site.line.problem = None
    site.line.let_go.set()
    site.clock.go_on(minutes=1)
    await until_none(site.send_texts)
    assert {each.status for each in await site.posts(Route.SMS)} == {Status.SENT}
    assert any("999" in text["Body"] and text["To"] == SAM for text in site.line.twilio.texts)


async def test_while_a_slow_twilio_holds_one_text_the_next_danger_is_kept_and_its_answer_leaves_after(
    site: Site,
) -> None:
    await site.text(SAM, DANGER)
    sending = asyncio.create_task(site.send_texts())
    async with asyncio.timeout(FAR_TOO_LONG):
        await site.line.came.wait()
    await site.text(ALEX, DANGER)
    assert (await site.concerns(), site.line.twilio.texts) == (2, [])
    site.line.let_go.set()
    await sending
    await until_none(site.send_texts)
    told = {text["To"] for text in site.line.twilio.texts if "999" in text["Body"]}
    assert told == {SAM, ALEX}
