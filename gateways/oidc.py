"""Sign-in with the council's own accounts (OpenID Connect, for example Entra ID), through Authlib.

The issuer is pinned by the settings, the tenant by the issuer. An ID token is believed only when its signature,
issuer, audience, time and nonce are right; the algorithms are ours, never those that a token or its issuer names.
"""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from httpx2 import HTTPError, InvalidURL
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import decode

from core.clock import Clock
from core.staff.work_account import (
    Asked,
    WorkAccount,
    WorkSignInAway,
    WorkSignInNotProven,
    WorkSignInRefused,
)

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures of a key pair; "none", and secrets that both sides hold (HS256), are not among them."""
SCOPE = "openid profile email"
TIMEOUT_SECONDS = 10.0
LEEWAY_SECONDS = 60
LOOK_AGAIN = timedelta(hours=1)
KEYS_AGAIN = timedelta(minutes=1)
"""How soon unknown keys are asked for again: whoever sends made-up tokens must not make us ask without end."""
LONGEST_SUBJECT = 255
TENANT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OidcClient:
    """How the provider knows us; `back` is where it sends people back to, `home` where they land after sign-out."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    back: str
    home: str


class OidcSignIn:
    """The WorkSignIn of core.staff.work_account, at one issuer."""

    def __init__(self, us: OidcClient, clock: Clock) -> None:
        self._us = us
        self._clock = clock
        self._tls = ssl.create_default_context()
        self._about: dict[str, Any] = {}
        self._about_at: datetime | None = None
        self._keys: KeySet | None = None
        self._keys_at: datetime | None = None

    async def way_in(self, asked: Asked) -> str:
        """Give the address at which the person proves who they are; WorkSignInAway."""
        async with self._calling() as client:
            about = await self._read_about(client)
            address, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
            )
        return str(address)

    async def prove(self, code: str, asked: Asked) -> WorkAccount:
        """Exchange a code; WorkSignInAway, WorkSignInRefused or WorkSignInNotProven."""
        async with self._calling() as client:
            about = await self._read_about(client)
            try:
                token = await client.fetch_token(
                    about["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=asked.verifier,
                )
            except OAuthError as error:
                log.warning("work_sign_in_not_exchanged", reason=_plain(error.error))
                raise WorkSignInRefused from error
            try:
                claims = await self._check(client, token, asked.nonce)
            except (JoseError, ValueError) as error:
                log.warning("work_sign_in_not_believed", problem=type(error).__name__)
                raise WorkSignInNotProven from error
        return _account(self._us.issuer, claims)

    async def way_out(self) -> str:
        """Give the address where a person ends their sign-in there too; empty where there is none."""
        async with self._calling() as client:
            address = (await self._read_about(client)).get("end_session_endpoint")
        if not isinstance(address, str) or not _is_safe(address, self._us.issuer):
            return ""
        asked = {"client_id": self._us.client_id, "post_logout_redirect_uri": self._us.home}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    async def greet(self) -> None:
        """Ask the provider what it is, and for its keys; WorkSignInAway, with the reason as its cause."""
        async with self._calling() as client:
            await self._read_keys(client)

    @asynccontextmanager
    async def _calling(self) -> AsyncIterator[AsyncOAuth2Client]:
        """Hold a client open; whatever the network does, or nobody can read, is WorkSignInAway."""
        us = self._us
        client = AsyncOAuth2Client(
            us.client_id,
            us.client_secret,
            scope=SCOPE,
            redirect_uri=us.back,
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
            verify=self._tls,
            follow_redirects=False,
        )
        try:
            async with client:
                yield client
        except (HTTPError, InvalidURL, JoseError, ValueError) as error:
            log.warning("work_sign_in_not_reached", problem=type(error).__name__)
            raise WorkSignInAway from error

    async def _read_about(self, client: AsyncOAuth2Client) -> dict[str, Any]:
        now = self._clock()
        if self._about_at is None or now - self._about_at > LOOK_AGAIN:
            address = f"{self._us.issuer.rstrip('/')}/.well-known/openid-configuration"
            about = await _get(client, address)
            if about.get("issuer") != self._us.issuer:
                raise ValueError("The provider calls itself otherwise than OIDC_ISSUER.")
            if not all(_is_safe(about.get(each), self._us.issuer) for each in ENDPOINTS):
                raise ValueError("An address of the provider is missing, or not https.")
            self._about, self._about_at = about, now
        return self._about

    async def _read_keys(self, client: AsyncOAuth2Client) -> KeySet:
        about = await self._read_about(client)
        self._keys = KeySet.import_key_set(await _get(client, about["jwks_uri"]))  # type: ignore[arg-type]
        self._keys_at = self._clock()
        return self._keys

    async def _check(self, client: AsyncOAuth2Client, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        keys = self._keys or await self._read_keys(client)
        written = str(token.get("id_token"))
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            found = decode(written, keys, registry=registry)
        except InvalidKeyIdError:
            if self._keys_at is not None and self._clock() - self._keys_at < KEYS_AGAIN:
                raise
            found = decode(written, await self._read_keys(client), registry=registry)
        us = self._us
        wanted = {
            "iss": {"essential": True, "value": us.issuer},
            "aud": {"essential": True, "value": us.client_id},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        known = {"nonce": nonce, "client_id": us.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(found.claims, found.header, wanted, known)
        claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY_SECONDS)
        _check_tenant(us.issuer, claims)
        return dict(claims)


def _check_tenant(issuer: str, claims: dict[str, Any]) -> None:
    """Refuse a person of another tenant, where the issuer names one as Entra ID does."""
    pinned = TENANT.search(urlsplit(issuer).path)
    if pinned and str(claims.get("tid")).lower() != pinned[0].lower():
        raise ValueError("The token is of another tenant.")


def _account(issuer: str, claims: dict[str, Any]) -> WorkAccount:
    subject = claims["sub"]
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise WorkSignInNotProven
    email = _words(claims.get("email")) or _words(claims.get("preferred_username"))
    return WorkAccount(issuer, subject, email, _words(claims.get("name")), _roles(claims.get("roles")))


def _words(said: object) -> str:
    return said if isinstance(said, str) else ""


def _roles(said: object) -> frozenset[str]:
    named = said if isinstance(said, list) else [said]
    return frozenset(each for each in named if isinstance(each, str))


async def _get(client: AsyncOAuth2Client, address: str) -> dict[str, Any]:
    answer = await client.request("GET", address, withhold_token=True)
    answer.raise_for_status()
    read = answer.json()
    if not isinstance(read, dict):
        raise ValueError("The provider's answer is no JSON object.")  # noqa: TRY004 - theirs, not our bug
    return read


def _is_safe(address: object, issuer: str) -> bool:
    """Say whether an address is encrypted, or as open as the issuer itself (on one machine, to try it)."""
    return isinstance(address, str) and urlsplit(address).scheme in {"https", urlsplit(issuer).scheme}


def _plain(said: object) -> str:
    """Write a provider's error code for the log: what is no plain code could hold anything."""
    return said if isinstance(said, str) and re.fullmatch(r"[a-z_]{1,40}", said) else "unknown"
