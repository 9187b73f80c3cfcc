"""Alerts to staff by e-mail, through the mail server of SMTP_URL."""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from core.clock import Clock
from core.sending import TryAgain, Undeliverable

TIMEOUT_SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}
PERMANENT = 500
"""SMTP replies from here on say never (RFC 5321, 4.2.1); those below say not now."""


class BadMailServer(ValueError):
    """SMTP_URL can't be read; the words say what it should be."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail leaves from, and as whom."""

    host: str
    port: int
    is_tls: bool
    name: str
    password: str = field(repr=False)
    sender: str


def read_mail_server(url: str) -> MailServer:
    """Read `smtp[s]://name:password@host:port/?from=address`; BadMailServer says what is wrong.

    `smtps` is encrypted from the start; `smtp` is from its first command where the server can (STARTTLS),
    and always before a password is sent.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise BadMailServer("SMTP_URL: write smtp://name:password@host:port/?from=address.") from error
    if not parts.hostname:
        raise BadMailServer("SMTP_URL: the host is missing.")
    name = unquote(parts.username or "")
    said = parse_qs(parts.query).get("from", [name])[0]
    if "@" not in said:
        raise BadMailServer("SMTP_URL: add ?from=address, the address that alerts come from.")
    return MailServer(
        host=parts.hostname,
        port=port,
        is_tls=parts.scheme == "smtps",
        name=name,
        password=unquote(parts.password or ""),
        sender=said,
    )


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """The AlertMail of core.sending: one connection for each alert, in a thread of its own."""

    server: MailServer
    clock: Clock

    async def send(self, to: str, subject: str, body: str) -> str:
        """Send one e-mail and give its Message-ID; raises Undeliverable or TryAgain."""
        mail = self._write(to, subject, body)
        with _as_sending():
            await asyncio.to_thread(_deliver, self.server, mail)
        return str(mail["Message-ID"])

    async def greet(self) -> None:
        """Say hello to the server, and sign in where there is a password; sends nothing. Raises as `send`."""
        with _as_sending():
            await asyncio.to_thread(_greet, self.server)

    def _write(self, to: str, subject: str, body: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.server.sender, to, subject
        mail["Date"] = format_datetime(self.clock())
        mail["Message-ID"] = make_msgid(domain=self.server.sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(body)
        return mail


@contextmanager
def _as_sending() -> Iterator[None]:
    """Say what the mail server answers as sending knows it: Undeliverable or TryAgain."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = max(refused[0] for refused in error.recipients.values())
        raise _problem(code) from error
    except smtplib.SMTPAuthenticationError as error:
        raise TryAgain("smtp_credentials") from error
    except smtplib.SMTPResponseException as error:
        raise _problem(error.smtp_code) from error
    except (smtplib.SMTPException, OSError) as error:
        raise TryAgain(type(error).__name__) from error


def _greet(server: MailServer) -> None:
    with _connect(server) as connection:
        if server.name:
            connection.login(server.name, server.password)
        connection.noop()


def _deliver(server: MailServer, mail: EmailMessage) -> None:
    with _connect(server) as connection:
        if server.name:
            connection.login(server.name, server.password)
        connection.send_message(mail)


@contextmanager
def _connect(server: MailServer) -> Iterator[smtplib.SMTP]:
    trusted = ssl.create_default_context()
    if server.is_tls:
        with smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=trusted
        ) as connection:
            yield connection
        return
    with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS) as connection:
        connection.ehlo()
        if server.password or connection.has_extn("starttls"):
            connection.starttls(context=trusted)
        yield connection


def _problem(code: int) -> Undeliverable | TryAgain:
    return Undeliverable(f"smtp_{code}") if code >= PERMANENT else TryAgain(f"smtp_{code}")
