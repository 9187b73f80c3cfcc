"""Alerts leave by a real mail server on this machine."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core.sending import TryAgain, Undeliverable
from gateways.smtp import BadMailServer, MailServer, SmtpMail, read_mail_server

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LEAD = "lead@council.example"
SUBJECT, BODY = "Have Your Say: please look", "There is something new. Please sign in.\n"


class Postbox:
    """Keeps what it is sent, and refuses recipients as it is told to."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802 - the server's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


def serve(postbox: Postbox, port: int, **options: Any) -> Iterator[SmtpMail]:
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield mail_to(port)
    controller.stop()


def mail_to(port: int, login: str = "") -> SmtpMail:
    server = read_mail_server(f"smtp://{login}127.0.0.1:{port}/?from=alerts@council.example")
    return SmtpMail(server, lambda: NOW)


@pytest.fixture
def mail(postbox: Postbox, unused_tcp_port: int) -> Iterator[SmtpMail]:
    yield from serve(postbox, unused_tcp_port)


async def test_an_alert_arrives_with_its_constant_words_and_nothing_else(
    mail: SmtpMail, postbox: Postbox
) -> None:
    message_id = await mail.send(LEAD, SUBJECT, BODY)
    (envelope,) = postbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("alerts@council.example", [LEAD])
    assert isinstance(envelope.content, bytes)
    read = message_from_bytes(envelope.content, policy=default)
    assert (read["Subject"], read["To"], read["Message-ID"]) == (SUBJECT, LEAD, message_id)
    assert read["Date"] == "Mon, 23 Nov 2026 10:00:00 +0000"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content().replace("\r\n", "\n") == BODY


async def test_two_alerts_have_ids_of_their_own(mail: SmtpMail) -> None:
    assert await mail.send(LEAD, SUBJECT, BODY) != await mail.send(LEAD, SUBJECT, BODY)


async def test_an_address_that_is_not_there_is_never_tried_again(mail: SmtpMail, postbox: Postbox) -> None:
    postbox.answer = "550 no such mailbox"
    with pytest.raises(Undeliverable) as refused:
        await mail.send(LEAD, SUBJECT, BODY)
    assert refused.value.reason == "smtp_550"


async def test_a_full_mailbox_is_tried_again(mail: SmtpMail, postbox: Postbox) -> None:
    postbox.answer = "452 mailbox full"
    with pytest.raises(TryAgain) as refused:
        await mail.send(LEAD, SUBJECT, BODY)
    assert refused.value.reason == "smtp_452"


async def test_a_server_that_is_down_is_tried_again(unused_tcp_port: int) -> None:
    with pytest.raises(TryAgain, match="ConnectionRefusedError"):
        await mail_to(unused_tcp_port).send(LEAD, SUBJECT, BODY)


async def test_a_password_never_leaves_in_the_clear(mail: SmtpMail, postbox: Postbox) -> None:
    with pytest.raises(TryAgain, match="SMTPNotSupportedError"):
        await mail_to(mail.server.port, "name:secret@").send(LEAD, SUBJECT, BODY)
    assert postbox.mails == []


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=3650))
    pem = made.sign(key, SHA256()).public_bytes(Encoding.PEM)
    pem += key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "server.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    return context


async def test_a_server_that_can_not_prove_who_it_is_gets_nothing(
    postbox: Postbox, unused_tcp_port: int, certificate: ssl.SSLContext
) -> None:
    for mail in serve(postbox, unused_tcp_port, tls_context=certificate):
        with pytest.raises(TryAgain, match="SSLCertVerificationError"):
            await mail.send(LEAD, SUBJECT, BODY)
    assert postbox.mails == []


def test_the_url_says_where_who_and_from() -> None:
    assert read_mail_server("smtp://a%40b.uk:p%2Fw@mail.example") == MailServer(
        host="mail.example", port=587, is_tls=False, name="a@b.uk", password="p/w", sender="a@b.uk"
    )
    tls = read_mail_server("smtps://mail.example/?from=x@y.uk")
    assert (tls.port, tls.is_tls, tls.sender) == (465, True, "x@y.uk")


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example/?from=a@b",
        "smtp:///?from=a@b",
        "smtp://mail.example",
        "smtp://h:x",
    ],
)
def test_a_url_that_makes_no_sense_is_refused_in_words(url: str) -> None:
    with pytest.raises(BadMailServer, match="SMTP_URL"):
        read_mail_server(url)


def test_the_password_is_never_shown_by_accident() -> None:
    assert "secret" not in repr(read_mail_server("smtp://a:secret@mail.example/?from=a@b.uk"))
