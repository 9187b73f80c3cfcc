"""Fifty things that somebody might send to hurt: what came of each is said here and in docs/hostile-inputs.md."""

import gzip
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from sqlalchemy import text

from channels.twilio.account import twilio_account
from channels.twilio.signature import sign
from core.settings import HERE
from core.staff.roles import Role, Scope
from tests.app.whole_site import ORIGIN, WholeSite, open_site
from tests.builders import settings_for_tests
from tests.fakes import FakeClock
from tests.stores import Stores

BOMB = gzip.compress(b"0" * 10_000_000)
DEEP = "[" * 100_000


@dataclass(frozen=True)
class Hostile:
    """One thing to send: how, and the right answer. `name` is its line in docs/hostile-inputs.md."""

    name: str
    method: str
    path: str
    right: int
    how: dict[str, Any] = field(default_factory=dict)
    who: str = "nobody"


def message(**said: Any) -> dict[str, Any]:
    return {"json": {"client_id": str(uuid4()), **said}}


def hostile(name: str, method: str, path: str, right: int, who: str = "nobody", **how: Any) -> Hostile:
    return Hostile(name, method, path, right, how, who)


SAY = "/chat/conversations/{mine}/messages"
ALL = (
    # words
    hostile("markup in words", "POST", SAY, 202, who="mine", **message(text="<script>alert(1)</script>")),
    hostile("SQL in words", "POST", SAY, 202, who="mine", **message(text="'; DROP TABLE messages; --")),
    hostile("a template in words", "POST", SAY, 202, who="mine", **message(text="{{7*7}}${7*7}#{7*7}%s")),
    hostile("a NUL in words", "POST", SAY, 202, who="mine", **message(text="a\x00b")),
    hostile("only a NUL", "POST", SAY, 202, who="mine", **message(text="\x00")),
    hostile(
        "half a surrogate",
        "POST",
        SAY,
        202,
        who="mine",
        content=json.dumps({"client_id": str(uuid4()), "text": "a\ud800b"}),
    ),
    hostile(
        "letters that turn the line round", "POST", SAY, 202, who="mine", **message(text="\u202egnp.exe")
    ),
    hostile("9,000 marks on one letter", "POST", SAY, 202, who="mine", **message(text="a" + "\u0301" * 9000)),
    hostile("only white space", "POST", SAY, 422, who="mine", **message(text=" \n\t\u00a0")),
    hostile("only letters that nobody sees", "POST", SAY, 202, who="mine", **message(text="\u200b\u200d")),
    hostile("a command for Rasa", "POST", SAY, 202, who="mine", **message(text='/say_not_safe{"a":"b"}')),
    hostile("a text over 200 kB", "POST", SAY, 413, who="mine", **message(text="a" * 250_000)),
    hostile("a body over 2 MB", "POST", SAY, 413, who="mine", content=b'{"text": "' + b"a" * 3_000_000),
    hostile("a slow pattern for phrases", "POST", SAY, 202, who="mine", **message(text="hit me " * 5000)),
    hostile("a header in words", "POST", SAY, 202, who="mine", **message(text="a\r\nSet-Cookie: x=y")),
    # bodies
    hostile("no JSON", "POST", SAY, 422, who="mine", content=b"{"),
    hostile("JSON nested 100,000 deep", "POST", SAY, 422, who="mine", content=DEEP),
    hostile("a list for a message", "POST", SAY, 422, who="mine", json=[1, 2]),
    hostile("a number for words", "POST", SAY, 422, who="mine", **message(text=7)),
    hostile("an object for words", "POST", SAY, 422, who="mine", **message(text={"$gt": ""})),
    hostile("words and a choice", "POST", SAY, 422, who="mine", **message(text="a", choice="b")),
    hostile("a choice that was never offered", "POST", SAY, 409, who="mine", **message(choice="0" * 32)),
    hostile("an endless choice", "POST", SAY, 409, who="mine", **message(choice="0" * 100_000)),
    hostile("no UUID", "POST", SAY, 422, who="mine", json={"client_id": "1", "text": "a"}),
    hostile("bytes that are no UTF-8", "POST", SAY, 422, who="mine", content=b'{"text": "\xff\xfe"}'),
    hostile(
        "a squeezed body", "POST", SAY, 422, who="mine", content=BOMB, headers={"content-encoding": "gzip"}
    ),
    hostile(
        "infinity in JSON", "POST", SAY, 422, who="mine", content=b'{"client_id": Infinity, "text": "a"}'
    ),
    # addresses
    hostile("a seq below zero", "GET", SAY + "?after=-1", 422, who="mine"),
    hostile(
        "a seq beyond the database's numbers", "GET", SAY + "?after=99999999999999999999", 422, who="mine"
    ),
    hostile("to wait for ever", "GET", SAY + "?wait=nan", 422, who="mine"),
    hostile(
        "a seq that is no number to go on from", "GET", SAY, 200, who="mine", headers={"last-event-id": "x"}
    ),
    hostile(
        "someone else's conversation",
        "POST",
        "/chat/conversations/" + "0" * 32 + "/messages",
        404,
        who="mine",
    ),
    hostile("a way out of the folder", "GET", "/static/..%2f..%2fREADME.md", 404),
    hostile("a way out, written twice over", "GET", "/static/%252e%252e/%252e%252e/.env", 404),
    hostile("a NUL in an address", "GET", "/static/a%00.css", 404),
    hostile("a staff file outside", "GET", "/staff/static/..%2fbase.html", 404),
    hostile("an address of 20,000 letters", "GET", "/" + "a" * 20_000, 404),
    hostile("a method that is not there", "TRACE", "/", 405),
    # forms
    hostile(
        "a form from another site", "POST", "/chat/start", 403, headers={"origin": "https://evil.example"}
    ),
    hostile("a form of a sandboxed frame", "POST", "/chat/start", 403, headers={"origin": "null"}),
    hostile(
        "a thousand fields",
        "POST",
        "/chat/start",
        422,
        who="page",
        data={f"f{number}": "x" for number in range(1000)},
    ),
    hostile(
        "files where none belong",
        "POST",
        "/staff/sign-in",
        422,
        files={"email": ("a.exe", b"MZ", "application/octet-stream")},
    ),
    hostile("SQL for a group code", "POST", "/group", 422, who="page", data={"text": "' OR 1=1 --"}),
    hostile("an endless group code", "POST", "/group", 422, who="page", data={"text": "4" * 900_000}),
    hostile(
        "a made-up group in the cookie",
        "POST",
        "/chat/start",
        422,
        who="page",
        headers={"cookie": "hys_group=" + "4" * 4000},
    ),
    # staff
    hostile(
        "SQL for an e-mail", "POST", "/staff/sign-in", 401, data={"email": "' OR 1=1 --@x", "password": "x"}
    ),
    hostile(
        "an endless password",
        "POST",
        "/staff/sign-in",
        401,
        data={"email": "a@b", "password": "x" * 900_000},
    ),
    hostile("a way to another site", "GET", "/staff/sign-in?way=//evil.example", 200),
    hostile("a made-up sign-in", "GET", "/staff/queue", 303, headers={"cookie": "staff=" + "a" * 4000}),
    hostile("an id that is SQL", "GET", "/staff/queue/'%20OR%201=1--", 404, who="worker"),
    hostile(
        "a role that is not there",
        "POST",
        "/staff/accounts",
        422,
        who="admin",
        data={"email": "a@b", "role": "god"},
    ),
    # other doors
    hostile("a text that Twilio did not sign", "POST", "/twilio/sms", 403, data={"Body": "he hits me"}),
    hostile(
        "a signature of letters beyond ASCII",
        "POST",
        "/twilio/sms",
        403,
        headers={"x-twilio-signature": b"\xe9"},
    ),
    hostile(
        "a text from no number", "POST", "/twilio/sms", 403, who="twilio", data={"Body": "hi", "From": ""}
    ),
    hostile(
        "a number that is none",
        "POST",
        "/twilio/sms",
        200,
        who="twilio",
        data={"Body": "hi", "From": "+" + "9" * 60},
    ),
    hostile(
        "a wrong token for the actions",
        "POST",
        "/rasa/actions",
        403,
        content=b"x",
        headers={"x-hys-token": "x"},
    ),
    hostile("broken JSON from Rasa", "POST", "/rasa/actions", 422, who="rasa", content=b"{"),
    hostile(
        "an action that is not there",
        "POST",
        "/rasa/actions",
        404,
        who="rasa",
        json={"next_action": "../x"},
    ),
    hostile(
        "an endless key",
        "GET",
        "/api/v1/releases",
        401,
        headers={"authorization": "Bearer " + "a" * 60_000},
    ),
    hostile("SQL for a district", "GET", "/api/v1/summaries?measure=theme&by=answer;DROP", 422, who="key"),
    hostile("a parameter twice", "GET", "/api/v1/summaries?measure=theme&measure=area", 422, who="key"),
)


@pytest.fixture
async def site(sqlite_stores: Stores, clock: FakeClock, tmp_path: Path) -> AsyncIterator[WholeSite]:
    async with open_site(sqlite_stores, clock, hys_home=tmp_path) as made:
        yield made


async def send(site: WholeSite, each: Hostile, home: Path) -> Response:
    how = {**each.how, "headers": {**(each.how.get("headers") or {})}}
    path = each.path.replace("{mine}", site.conversation)
    keys: dict[str, Callable[[], dict[str, str]]] = {
        "nobody": dict,
        "mine": lambda: {"authorization": f"Bearer {site.conversation_key}"},
        "page": lambda: {"origin": ORIGIN},
        "key": lambda: {"authorization": f"Bearer {site.keys[Scope.SUMMARIES]}"},
        "rasa": lambda: site.rasa,
    }
    if each.who in {"worker", "admin"}:
        headers, csrf = await site.come_in(Role.KEY_WORKER if each.who == "worker" else Role.ADMINISTRATOR)
        how["headers"] |= headers
        if each.method == "POST":
            how["data"] = {**how.get("data", {}), "csrf": csrf}
    elif each.who == "twilio":
        account = twilio_account(settings_for_tests(hys_home=home, public_url=ORIGIN))
        form = {"MessageSid": "SM1", "AccountSid": account.sid, "To": "+447700900000", **how["data"]}
        how |= {"data": form, "headers": {"x-twilio-signature": sign(account, ORIGIN + path, form)}}
    else:
        how["headers"] |= keys[each.who]()
    answer = await site.ask(each.method, path, **how)
    assert answer is not None
    return answer


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
async def test_it_is_answered_as_it_should_be_and_danger_is_heard_after_it(
    site: WholeSite, each: Hostile, tmp_path: Path
) -> None:
    answer = await send(site, each, tmp_path)
    assert answer.status_code == each.right
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text.lower()
    after = await site.ask(
        "POST",
        f"/chat/conversations/{site.conversation}/messages",
        headers={"authorization": f"Bearer {site.conversation_key}"},
        **message(text="i want to kill myself"),
    )
    assert after is not None
    assert after.status_code == 202
    async with site.house.service.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM concerns")) == 1


def test_every_hostile_input_and_what_came_of_it_is_written_down() -> None:
    written = (HERE / "docs" / "hostile-inputs.md").read_text(encoding="utf-8")
    assert len(ALL) >= 50
    for each in ALL:
        assert f"| {each.name} | {each.right} |" in written, each.name
