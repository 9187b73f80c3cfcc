"""Journey 2: the same conversation by text, from Twilio's signed webhook to Twilio's REST API, and on /simulator."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from time import sleep
from typing import Any

import pytest

from channels.twilio.account import TwilioAccount
from core.text.sms import segments
from tests.channels.web_chat.browsing import serve
from tests.journeys.people import QUIET_SECONDS, Phone, SimulatedPhone
from tests.journeys.service import TunedService, tuned_service, until
from tests.stub_twilio import StubTwilio, an_account

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


@dataclass
class Line:
    """A service that has an account at the stub of Twilio."""

    service: TunedService
    twilio: StubTwilio
    account: TwilioAccount

    def phone(self, number: str) -> Phone:
        return Phone(self.service, self.account, number)

    def texts_to(self, number: str) -> list[str]:
        """List what Twilio was given for this number."""
        return [text["Body"] for text in self.twilio.texts if text["To"] == number]

    def ask(self, phone: Phone, words: str, **more: Any) -> str:
        """Text the service as this phone, and give all that comes back as soon as it is whole."""
        before = len(self.texts_to(phone.number))
        assert phone.text(words, **more).is_success
        return "\n".join(self.hear(phone, after=before))

    def hear(self, phone: Phone, *, after: int) -> list[str]:
        until(lambda: len(self.texts_to(phone.number)) > after)
        count = 0
        while count < (count := len(self.texts_to(phone.number))):
            sleep(QUIET_SECONDS)
        return self.texts_to(phone.number)[after:]

    def count_messages(self) -> int:
        """Count what is kept, in the database itself."""
        with closing(sqlite3.connect(self.service.home / "var" / "service.db")) as database:
            found: tuple[int] = database.execute("SELECT count(*) FROM messages").fetchone()
            return found[0]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    twilio = StubTwilio()
    with (
        serve(lambda _url: twilio.app) as api_base,
        tuned_service(
            tmp_path_factory.mktemp("texts"),
            TWILIO_API_BASE=api_base,
            TWILIO_ACCOUNT_SID=twilio.account.sid,
            TWILIO_AUTH_TOKEN=twilio.account.token,
            TWILIO_NUMBER=twilio.account.number,
        ) as service,
    ):
        yield Line(service, twilio, an_account(public_url=service.url))


def test_a_conversation_by_text_with_numbered_choices(line: Line) -> None:
    sam = line.phone("+447700900101")
    assert "I am a robot" in (welcome := line.ask(sam, "hi"))
    assert "Is this phone just yours?\n1 Yes\n2 I share it" in welcome
    assert "1 Tell you what I think" in line.ask(sam, "1")
    assert "Question 1 of" in line.ask(sam, "1")
    assert "Question 2 of" in line.ask(sam, "2")
    meant = line.ask(sam, "what does EHCP mean?")
    assert "EHCP" in meant
    assert "Question 2 of" in meant
    assert "Question 1 of" in line.ask(sam, "back")
    assert "Question 2 of" in line.ask(sam, "good")
    assert "Question 3 of" in line.ask(sam, "skip")
    assert all(segments(text) <= 2 for text in line.texts_to(sam.number))


def test_the_same_text_twice_has_one_answer(line: Line) -> None:
    kit = line.phone("+447700900102")
    sid = "SM" + "7" * 32
    line.ask(kit, "hi", sid=sid)
    said, kept = line.texts_to(kit.number), line.count_messages()
    assert kit.text("hi", sid=sid).is_success
    sleep(QUIET_SECONDS)
    assert line.texts_to(kit.number) == said
    assert line.count_messages() == kept


def test_what_twilio_did_not_sign_is_refused_and_nothing_is_kept(line: Line) -> None:
    lou = line.phone("+447700900103")
    kept = line.count_messages()
    assert lou.text("hi", is_signed=False).status_code == 403
    forged = replace(lou, account=replace(line.account, token="not the token"))
    assert forged.text("hi").status_code == 403
    sleep(QUIET_SECONDS)
    assert line.count_messages() == kept
    assert line.texts_to(lou.number) == []


def test_stop_stays_stopped_until_start(line: Line) -> None:
    ash = line.phone("+447700900104")
    line.ask(ash, "hi")
    before = len(line.texts_to(ash.number))
    assert ash.text("STOP").is_success
    sleep(QUIET_SECONDS)
    stopped = line.texts_to(ash.number)[before:]
    assert len(stopped) <= 1, "at most the one text that says so"
    before = len(line.texts_to(ash.number))
    assert ash.text("what do you want").is_success
    sleep(QUIET_SECONDS)
    assert line.texts_to(ash.number)[before:] == []
    assert "Text STOP when you do not want texts." in line.ask(ash, "START")
    assert line.ask(ash, "1")


def test_a_photo_is_answered_in_words_and_not_kept(line: Line) -> None:
    joy = line.phone("+447700900105")
    line.ask(joy, "hi")
    line.ask(joy, "1")
    photo = {
        "NumMedia": "1",
        "MediaUrl0": f"{line.account.api_base}/a.jpg",
        "MediaContentType0": "image/jpeg",
    }
    assert "I cannot see pictures. I did not keep it." in line.ask(joy, "", **photo)
    assert "1 Tell you what I think" in "\n".join(line.texts_to(joy.number))


def test_a_pretend_phone_talks_by_the_same_way(shared_service: TunedService) -> None:
    phone = SimulatedPhone.pick_up(shared_service, "901")
    assert "Is this phone just yours?" in "\n".join(phone.text("hi"))
    assert "1 Tell you what I think" in "\n".join(phone.text("1"))
    assert "Question 1 of" in "\n".join(phone.text("1"))
    assert "Question 2 of" in "\n".join(phone.text("in the middle"))
