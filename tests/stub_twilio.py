"""A stand-in for Twilio's REST API: refuses what Twilio's OpenAPI would, and fails when told to."""

import asyncio
import base64
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from channels.twilio.account import TwilioAccount
from core.ids import new_id

SPEC_FILE = "twilio/twilio_sms_voice_subset.json"
E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST_BODY = 1600
PARAMETERS = frozenset({"To", "From", "Body", "StatusCallback", "ValidityPeriod", "SmartEncoded", "MediaUrl"})
"""The parameters of CreateMessage that the stub knows by itself; with the OpenAPI it takes those."""


def reference(name: str) -> Path:
    """Give a file of HYS_REFERENCE, or skip the test by that name."""
    folder = os.environ.get("HYS_REFERENCE", "")  # noqa: TID251 - tests read their own settings
    path = Path(folder) / name
    if not folder or not path.exists():
        pytest.skip(f"{name} was not found: HYS_REFERENCE is not set")
    return path


def an_account(**changes: str) -> TwilioAccount:
    """Give an account at the stub, with a public address for the signatures."""
    given = {
        "sid": "AC" + "0" * 32,
        "token": "a token for tests",
        "number": "+447700900000",
        "api_base": "http://twilio.test",
        "public_url": "https://say.example.org",
    }
    return TwilioAccount(**(given | changes))


def sign(account: TwilioAccount, path: str, form: Mapping[str, str]) -> dict[str, str]:
    """Give the header by which Twilio signs this form for this path (with its query)."""
    signed = RequestValidator(account.token).compute_signature(account.public_url + path, dict(form))
    return {"X-Twilio-Signature": signed}


def a_text(account: TwilioAccount, **changes: str) -> dict[str, str]:
    """Give the form of an inbound text as Twilio posts it, location and all."""
    form = {
        "ToCountry": "GB",
        "FromCity": "MALVERN",
        "FromZip": "WR14",
        "SmsMessageSid": "SM" + "1" * 32,
        "MessageSid": "SM" + "1" * 32,
        "AccountSid": account.sid or "AC" + "9" * 32,
        "NumMedia": "0",
        "NumSegments": "1",
        "From": "+447700900123",
        "To": account.number or "+447700900000",
        "Body": "hello",
        "ApiVersion": "2010-04-01",
    }
    return form | changes


@dataclass
class Failure:
    status: int
    code: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class StubTwilio:
    """Holds what it was sent in `texts`, and what phones sent to it in `heard`.

    `failures` are given to the next requests, first one first.
    """

    account: TwilioAccount = field(default_factory=an_account)
    spec: dict[str, Any] | None = None
    texts: list[dict[str, str]] = field(default_factory=list)
    heard: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    said_stop: set[str] = field(default_factory=set)
    takes_seconds: float = 0.0
    at_once: int = 0
    most_at_once: int = 0

    @property
    def app(self) -> Starlette:
        path = "/2010-04-01/Accounts/{sid}/Messages.json"
        ours = "/2010-04-01/Accounts/{sid}.json"
        return Starlette(
            routes=[
                Route(path, self._create_message, methods=["POST"]),
                Route(path, self._list_messages, methods=["GET"]),
                Route(ours, self._show_account, methods=["GET"]),
            ]
        )

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app))

    def hear(self, body: str, *, number: str, sid: str, at: datetime) -> None:
        """Take a text from a phone, which is not posted to our webhook."""
        resource = self._resource({"sid": sid, "Body": body, "From": number, "To": self.account.number})
        self.heard.append({**resource, "direction": "inbound", "date_sent": format_datetime(at)})

    def receipt(self, text: Mapping[str, str], status: str, **more: str) -> tuple[str, dict[str, str]]:
        """Give the path and form of the receipt that Twilio would post to the text's StatusCallback."""
        path = text["StatusCallback"].removeprefix(self.account.public_url)
        form = {"MessageSid": text["sid"], "MessageStatus": status, "AccountSid": self.account.sid}
        return path, form | {"To": text["To"], "From": text["From"]} | more

    async def _show_account(self, http_request: Request) -> Response:
        problem = self._failure() or self._no_entry(http_request)
        return JSONResponse({"sid": self.account.sid}, problem.status if problem else 200)

    async def _create_message(self, http_request: Request) -> Response:
        await self._take_its_time()
        problem = self._failure() or self._no_entry(http_request)
        form = {name: str(value) for name, value in (await http_request.form()).items()}
        problem = problem or self._refusal(form)
        if problem is not None:
            said = {"code": problem.code, "message": "No.", "status": problem.status}
            return JSONResponse(said, problem.status, problem.headers)
        form["sid"] = f"SM{new_id()}"
        self.texts.append(form)
        return JSONResponse(self._resource(form), 201)

    async def _take_its_time(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.takes_seconds)
        self.at_once -= 1

    async def _list_messages(self, http_request: Request) -> Response:
        """List what was heard, the newest first, page by page."""
        problem = self._failure() or self._no_entry(http_request)
        if problem is not None:
            return JSONResponse({"code": problem.code, "status": problem.status}, problem.status)
        asked = dict(http_request.query_params)
        self.asked.append(asked)
        since = datetime.fromisoformat(asked["DateSent>"])
        newest = [each for each in reversed(self.heard) if each["to"] == asked["To"]]
        found = [each for each in newest if parsedate_to_datetime(each["date_sent"]) >= since]
        size, page = int(asked["PageSize"]), int(asked.get("Page", 0))
        more = urlencode({**asked, "Page": page + 1})
        is_last = len(found) <= (page + 1) * size
        following = None if is_last else f"{http_request.url.path}?{more}"
        shown = found[page * size : (page + 1) * size]
        return JSONResponse({"messages": shown, "page": page, "next_page_uri": following})

    def _failure(self) -> Failure | None:
        return self.failures.pop(0) if self.failures else None

    def _no_entry(self, http_request: Request) -> Failure | None:
        pair = base64.b64encode(f"{self.account.sid}:{self.account.token}".encode()).decode()
        if http_request.headers.get("authorization") != f"Basic {pair}":
            return Failure(401, 20003)
        return None if http_request.path_params["sid"] == self.account.sid else Failure(404, 20404)

    def _refusal(self, form: dict[str, str]) -> Failure | None:
        if unknown := form.keys() - self._parameters():
            raise AssertionError(f"Twilio's CreateMessage has no {unknown}")
        refusals = {
            21604: not form.get("To"),
            21211: not E164.fullmatch(form.get("To", "")),
            21606: form.get("From") != self.account.number,
            21602: not form.get("Body"),
            21617: len(form.get("Body", "")) > LONGEST_BODY,
            21610: form.get("To") in self.said_stop,
        }
        return next((Failure(400, code) for code, is_so in refusals.items() if is_so), None)

    def _parameters(self) -> frozenset[str]:
        if self.spec is None:
            return PARAMETERS
        return frozenset(create_message(self.spec)["properties"])

    def _resource(self, form: Mapping[str, str]) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{self.account.sid}/Messages/{form['sid']}.json"
        now = "Mon, 23 Nov 2026 10:00:00 +0000"
        nothing = ("date_sent", "error_code", "error_message", "price", "price_unit", "messaging_service_sid")
        return {
            **dict.fromkeys(nothing),
            "sid": form["sid"],
            "account_sid": self.account.sid,
            "api_version": "2010-04-01",
            "body": form["Body"],
            "from": form["From"],
            "to": form["To"],
            "date_created": now,
            "date_updated": now,
            "direction": "outbound-api",
            "num_media": "0",
            "num_segments": "1",
            "status": "queued",
            "uri": uri,
            "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
        }


def load_spec() -> dict[str, Any]:
    """Read the subset of Twilio's OpenAPI, or skip the test by its name."""
    spec: dict[str, Any] = json.loads(reference(SPEC_FILE).read_text())
    return spec


def create_message(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Give the schema of the form of CreateMessage."""
    operation = spec["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
    form: dict[str, Any] = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    return form
