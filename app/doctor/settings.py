"""What is missing or unsafe in the settings and in the files they lie in."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy.engine import make_url

from app.doctor.finding import Finding
from app.imports import feeds_allowed
from app.work_accounts import BadWorkSignIn, open_work_door
from core.clock import system_clock
from core.sealing import BadKeys, Keyring, read_keyring
from core.settings import HERE, Profile, Settings
from core.staff.work_account import BadRoles
from gateways.guarded_network import NotAllowed, check_url
from gateways.smtp import BadMailServer, read_mail_server

OTHERS_MAY_READ = 0o077
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SECRETS = ("secret", "demo-accounts", "simulator-token", "service.db", "views.db")
"""Files in var/ that only the service's own account may read."""


def examine_settings(settings: Settings, *, env_file: Path = HERE / ".env") -> Iterator[Finding]:
    """Yield what is wrong in the settings, as for real young people."""
    for look in (
        _profile,
        _address,
        _proxy,
        _keys,
        _stores,
        _rasa,
        _twilio,
        _routes,
        _work_accounts,
        _limits,
        _audit,
        _feed,
    ):
        yield from look(settings)
    yield from _readable_by_others([env_file, *(settings.var / name for name in SECRETS)])


def _profile(settings: Settings) -> Iterator[Finding]:
    if settings.hys_profile is not Profile.PRODUCTION:
        wrong = "HYS_PROFILE is local: demo accounts are made, the second step of sign-in is not asked."
        yield Finding(wrong, "For real young people set HYS_PROFILE=production.", stops=False)


def _address(settings: Settings) -> Iterator[Finding]:
    if not settings.is_https:
        yield Finding(
            "PUBLIC_URL does not begin with https://, so cookies can be read on the way.",
            "Put a proxy with https in front, and set PUBLIC_URL to its address.",
        )
    if settings.hys_failpoint:
        yield Finding("HYS_FAILPOINT makes this service kill itself.", "Take HYS_FAILPOINT out.")
    if settings.host not in LOOPBACK:
        wrong = f"HOST is {settings.host}: the app can be reached past the proxy."
        yield Finding(wrong, "Set HOST=127.0.0.1, unless the network itself is closed.", stops=False)


def _proxy(settings: Settings) -> Iterator[Finding]:
    if settings.is_behind_proxy and not settings.forwarded_allow_ips:
        yield Finding(
            "The world reaches us through a proxy that is not trusted, so everybody seems to have one address: "
            "one person's wrong codes or passwords would lock out all young people and all staff.",
            "Set FORWARDED_ALLOW_IPS to the address from which the proxy asks us (127.0.0.1 on this machine).",
        )
    named = [ip_network(each) for each in filter(None, settings.forwarded_allow_ips.split(","))]
    if named and settings.host not in LOOPBACK and all(each.is_loopback for each in named):
        yield Finding(
            f"HOST is {settings.host}, so the proxy may ask from another machine or network, and "
            "FORWARDED_ALLOW_IPS names this machine only: then everybody seems to have one address.",
            "Set HOST=127.0.0.1, or FORWARDED_ALLOW_IPS to the address from which the proxy asks us.",
        )


def _keys(settings: Settings) -> Iterator[Finding]:
    rings = {}
    for name, written in (
        ("SERVICE_KEYS", settings.service_keys.get_secret_value()),
        ("VIEWS_KEYS", settings.views_keys.get_secret_value()),
    ):
        if not written:
            wrong = f"{name} is not set: keys would be made from a secret that lies beside the data."
            yield Finding(wrong, f"Make one with: openssl rand -base64 32, and set {name}=1:KEY.")
            continue
        try:
            rings[name] = read_keyring(written, name)
        except BadKeys as error:
            yield Finding(str(error), "Write it as id:base64, the newest first.")
    if len(rings) > 1 and _share_a_key(*rings.values()):
        yield Finding(
            "SERVICE_KEYS and VIEWS_KEYS have a key in common, so who has one can open both stores.",
            "Make another key for one of them, and run: haveyoursay keys rotate.",
        )
    if settings.hys_profile is Profile.PRODUCTION and settings.hys_secret.get_secret_value():
        yield Finding("HYS_SECRET is set, and production does not use it.", "Take it out.", stops=False)


def _share_a_key(one: Keyring, other: Keyring) -> bool:
    return bool({key for _, key in one.keys} & {key for _, key in other.keys})


def _stores(settings: Settings) -> Iterator[Finding]:
    service, views = make_url(settings.service_database_url), make_url(settings.views_database_url)
    if (service.host, service.port, service.database) == (views.host, views.port, views.database):
        yield Finding(
            "Both stores are one database, so who was heard and what was said lie side by side.",
            "Give VIEWS_DATABASE_URL a database of its own.",
        )
    elif service.username and service.username == views.username:
        yield Finding(
            "Both stores are opened by one database account.",
            "Make an account for each, with rights to its own database only.",
        )
    if service.get_backend_name() == "sqlite":
        wrong = "The service store is a SQLite file: one app process at a time, and one disk."
        yield Finding(wrong, "For more, set SERVICE_DATABASE_URL to PostgreSQL.", stops=False)


def _rasa(settings: Settings) -> Iterator[Finding]:
    if settings.rasa_url and not settings.rasa_token.get_secret_value():
        wrong = "RASA_URL is set without RASA_TOKEN, so anyone near may ask our actions."
        yield Finding(wrong, "Set RASA_TOKEN to a long random word, in Rasa too.")


def _twilio(settings: Settings) -> Iterator[Finding]:
    parts = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_NUMBER": settings.twilio_number,
    }
    missing = [name for name, said in parts.items() if not said]
    if 0 < len(missing) < len(parts):
        wrong = f"Twilio is half set: {', '.join(missing)} missing, so no text leaves."
        yield Finding(wrong, "Set all three, or none.")
    if urlsplit(settings.twilio_api_base).scheme != "https":
        wrong = "TWILIO_API_BASE is not https: texts and our token would go to a stand-in, or in the open."
        yield Finding(wrong, "Take TWILIO_API_BASE out.")


def _routes(settings: Settings) -> Iterator[Finding]:
    has_mail = False
    try:
        url = settings.smtp_url.get_secret_value()
        has_mail = bool(url) and read_mail_server(url) is not None
    except BadMailServer as error:
        yield Finding(str(error), "The README says how it is written.")
    has_texts = bool(
        settings.twilio_account_sid
        and settings.twilio_auth_token.get_secret_value()
        and settings.twilio_number
    )
    if not (has_mail and has_texts):
        wrong = f"Alerts have {has_mail + has_texts} of the two ways out of the house that they need."
        needed = {"SMTP_URL": has_mail, "Twilio's three settings": has_texts}
        missing = " and ".join(name for name, is_there in needed.items() if not is_there)
        yield Finding(wrong, f"Set {missing}.")


def _work_accounts(settings: Settings) -> Iterator[Finding]:
    try:
        door = open_work_door(settings, system_clock)
    except (BadWorkSignIn, BadRoles) as error:
        yield Finding(str(error), "docs/operations.md says how the four are set.")
        return
    if door is not None and urlsplit(settings.oidc_issuer).scheme != "https":
        wrong = "OIDC_ISSUER is not https: it is a stand-in on this machine."
        yield Finding(wrong, "Set it to the council's own provider.")


def _limits(settings: Settings) -> Iterator[Finding]:
    if settings.hys_rate_limits == "off":
        yield Finding("HYS_RATE_LIMITS is off, so anyone may ask without end.", "Take it out.")


def _audit(settings: Settings) -> Iterator[Finding]:
    if settings.audit_roots_file is None:
        wrong = "AUDIT_ROOTS_FILE is not set, so a cut end of the record of deeds can't be seen."
        yield Finding(wrong, "Set it to a file that this service's administrators can't change.", stops=False)


def _feed(settings: Settings) -> Iterator[Finding]:
    if not settings.local_offer_feed_url:
        return
    allowed = replace(feeds_allowed(settings), loopback=False)
    try:
        check_url(httpx.URL(settings.local_offer_feed_url), allowed)
    except (NotAllowed, httpx.InvalidURL) as error:
        mend = "Write it as https://host/path, and its host into LOCAL_OFFER_FEED_HOSTS if you set that."
        yield Finding(f"LOCAL_OFFER_FEED_URL can't be asked: {error}", mend)


def _readable_by_others(files: list[Path]) -> Iterator[Finding]:
    for file in files:
        if file.is_file() and file.stat().st_mode & OTHERS_MAY_READ:
            yield Finding(f"Other accounts of this machine may read {file}.", f"Run: chmod 600 {file}")
