"""Every address of the service, and who may come in there; a new address without a line here fails."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from httpx import Response

from core.staff.roles import Role, Scope
from tests.app.whole_site import ORIGIN, WholeSite, open_site
from tests.fakes import FakeClock
from tests.stores import Stores

NEAR = "this machine, or a key for metrics: tests/app/test_metrics.py"
ANYONE, PAGE, SCRIPT, MINE, TWILIO, RASA = "anyone", "our page", "a script", "its own key", "Twilio", "Rasa"
SUMMARIES = Scope.SUMMARIES
STAFF = frozenset(Role)
WORKER = frozenset({Role.KEY_WORKER})
LEAD = frozenset({Role.SAFEGUARDING_LEAD})
OFFICER = frozenset({Role.COMPLAINTS_OFFICER})
ADMIN = frozenset({Role.ADMINISTRATOR})

MATRIX: dict[str, object] = {
    "GET /": ANYONE,
    "GET /finished": ANYONE,
    "GET /leave": ANYONE,
    "GET /group": ANYONE,
    "POST /group": PAGE,
    "GET /static/{path:path}": ANYONE,
    "GET /healthz": ANYONE,
    "GET /readyz": ANYONE,
    "GET /metrics": NEAR,
    "GET /api/v1/openapi.json": ANYONE,
    "POST /my-way": PAGE,
    "POST /chat/start": PAGE,
    "POST /chat/conversations": SCRIPT,
    "POST /chat/conversations/{conversation}/messages": MINE,
    "GET /chat/conversations/{conversation}/messages": MINE,
    "GET /chat/conversations/{conversation}/events": MINE,
    "POST /chat/conversations/{conversation}/finish": MINE,
    "POST /chat/go-on": MINE,
    "POST /chat/say": MINE,
    "POST /chat/look": MINE,
    "POST /chat/mine": MINE,
    "GET /chat/my-page.pdf": MINE,
    "POST /chat/finish": MINE,
    "POST /twilio/sms": TWILIO,
    "POST /twilio/status": TWILIO,
    "GET /simulator": ANYONE,
    "GET /simulator/texts": ANYONE,
    "GET /simulator/phone.css": ANYONE,
    "GET /simulator/refresh.js": ANYONE,
    "POST /simulator": PAGE,
    "POST /rasa/actions": RASA,
    "GET /api/v1/releases": SUMMARIES,
    "GET /api/v1/questions": SUMMARIES,
    "GET /api/v1/themes": SUMMARIES,
    "GET /api/v1/summaries": SUMMARIES,
    "GET /staff/static/{name}": ANYONE,
    "GET /staff": ANYONE,
    "GET /staff/sign-in": ANYONE,
    "POST /staff/sign-in": ANYONE,
    "GET /staff/work-account": ANYONE,
    "GET /staff/work-account/back": ANYONE,
    "GET /staff/signed-out": ANYONE,
    "GET /staff/": STAFF,
    "POST /staff/sign-out": STAFF,
    "GET /staff/second-step": STAFF,
    "POST /staff/second-step": STAFF,
    "POST /staff/second-step/set-up": STAFF,
    "POST /staff/second-step/finish": STAFF,
    "GET /staff/my-account": STAFF,
    "POST /staff/my-account/password": STAFF,
    "GET /staff/queue": WORKER,
    "GET /staff/queue/{request}": WORKER,
    "POST /staff/queue/{request}/take": WORKER,
    "POST /staff/queue/{request}/give-back": WORKER,
    "POST /staff/queue/{request}/reply": WORKER,
    "POST /staff/queue/{request}/plan": WORKER,
    "POST /staff/queue/{request}/close": WORKER,
    "GET /staff/groups": WORKER,
    "POST /staff/groups": WORKER,
    "POST /staff/groups/{group_session}/code": WORKER,
    "POST /staff/groups/{group_session}/end": WORKER,
    "GET /staff/concerns": LEAD,
    "GET /staff/concerns/{concern}": LEAD,
    "POST /staff/concerns/{concern}/acknowledge": LEAD,
    "POST /staff/concerns/{concern}/close": LEAD,
    "POST /staff/concerns/{concern}/about-me": LEAD,
    "POST /staff/concerns/{concern}/notes": LEAD,
    "POST /staff/concerns/{concern}/escalate": LEAD,
    "POST /staff/concerns/{concern}/key-worker": LEAD,
    "POST /staff/concerns/{concern}/hand-over": LEAD,
    "POST /staff/concerns/{concern}/contact": LEAD,
    "POST /staff/concerns/{concern}/second-look": LEAD,
    "POST /staff/openings/{opening}/agree": LEAD,
    "POST /staff/openings/{opening}/show": LEAD,
    "POST /staff/openings/{opening}/review": LEAD,
    "POST /staff/close-concerns": LEAD,
    "GET /staff/review": LEAD,
    "POST /staff/review/{review}": LEAD,
    "GET /staff/rota": LEAD | ADMIN,
    "POST /staff/rota": LEAD | ADMIN,
    "POST /staff/rota/{turn}/remove": LEAD | ADMIN,
    "GET /staff/complaints": OFFICER,
    "GET /staff/complaints/{complaint}": OFFICER,
    "POST /staff/complaints/{complaint}/answer": OFFICER,
    "GET /staff/local-offer": frozenset({Role.CONTENT_EDITOR}),
    "GET /staff/accounts": ADMIN,
    "POST /staff/accounts": ADMIN,
    "POST /staff/accounts/{staff}/end": ADMIN,
    "POST /staff/accounts/{staff}/lock": ADMIN,
    "POST /staff/accounts/{staff}/unlock": ADMIN,
    "POST /staff/accounts/{staff}/new-password": ADMIN,
    "GET /staff/insight": frozenset({Role.STRATEGY}),
}
FOREIGN = {"origin": "https://elsewhere.example"}
CROSS_SITE = {"sec-fetch-site": "cross-site"}


@pytest.fixture
async def site(sqlite_stores: Stores, clock: FakeClock, tmp_path: Path) -> AsyncIterator[WholeSite]:
    async with open_site(sqlite_stores, clock, hys_home=tmp_path) as made:
        yield made


def lines(kind: object) -> Iterator[tuple[str, str]]:
    """Give method and address of every line for `kind`, with something in the place of each id."""
    for line, who in MATRIX.items():
        if who == kind or (kind is STAFF and isinstance(who, frozenset)):
            method, path = line.split(" ")
            yield method, path


def filled(site: WholeSite, path: str) -> str:
    """Put an id in the place of each name in curly brackets."""
    known = {"conversation": site.conversation, "path:path": "chat.css", "name": "staff.css"}
    return re.sub(r"\{([^}]+)\}", lambda found: known.get(found[1], "none"), path)


def is_shut(answer: Response | None) -> bool:
    """Whether a door stayed shut to a program."""
    return answer is not None and answer.status_code in {401, 403}


def is_led_away(answer: Response | None) -> bool:
    """Whether a page's door stayed shut: refused, or led to where one signs in and then back."""
    assert answer is not None
    first = answer.headers.get("location", "")
    return answer.status_code == 403 or first.startswith(("/staff/sign-in?way=", "/staff/second-step?way="))


def test_every_address_stands_in_the_matrix_and_no_other(site: WholeSite) -> None:
    there = {
        f"{method} {route.path}"
        for route in iter_route_contexts(site.app.routes)
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD"
    }
    assert there == set(MATRIX)


@pytest.mark.parametrize("role", [None, *Role])
async def test_staff_open_what_their_role_says_and_no_more(site: WholeSite, role: Role | None) -> None:
    for method, path in lines(STAFF):
        allowed = MATRIX[f"{method} {path}"]
        headers, csrf = await site.come_in(role) if role else ({"accept": "text/html"}, "")
        answer = await site.ask(method, filled(site, path), headers=headers, data={"csrf": csrf})
        is_open = isinstance(allowed, frozenset) and role in allowed
        assert is_led_away(answer) is not is_open, (role, method, path, answer)


async def test_nobody_sends_a_form_of_staff_without_its_token_or_from_elsewhere(site: WholeSite) -> None:
    for method, path in lines(STAFF):
        allowed = MATRIX[f"{method} {path}"]
        if method == "GET" or not isinstance(allowed, frozenset):
            continue
        headers, csrf = await site.come_in(min(allowed))
        for sent, more in (({"csrf": "wrong"}, {}), ({}, {}), ({"csrf": csrf}, CROSS_SITE)):
            answer = await site.ask(method, filled(site, path), headers={**headers, **more}, data=sent)
            assert answer is not None
            assert answer.status_code == 403, (path, sent, more)


async def test_no_role_and_no_key_opens_a_conversation_of_somebody_else(site: WholeSite) -> None:
    someone, _ = await site.come_in(Role.ADMINISTRATOR)
    others: list[dict[str, str]] = [
        {},
        someone,
        {"authorization": f"Bearer {site.keys[Scope.SUMMARIES]}"},
        {"authorization": "Bearer wrong"},
    ]
    for method, path in lines(MINE):
        for headers in others:
            answer = await site.ask(method, filled(site, path), headers={"origin": ORIGIN, **headers})
            assert answer is not None
            assert answer.status_code == 404, (path, headers)


async def test_its_own_key_opens_a_conversation(site: WholeSite) -> None:
    cookie = {"cookie": f"hys_conversation={site.conversation_key}", "origin": ORIGIN}
    for method, path in sorted(lines(MINE), key=lambda line: line[1].endswith("/finish")):
        answer = await site.ask(method, filled(site, path), headers=cookie)
        assert answer is None or answer.status_code != 403, path
        assert answer is None or answer.status_code != 404 or path == "/chat/finish", path
        if method == "POST":
            for origin in (FOREIGN, {"origin": "null"}):
                refused = await site.ask(method, filled(site, path), headers={**cookie, **origin})
                assert refused is not None
                assert refused.status_code == 403, path


async def test_our_pages_forms_come_from_our_page_only(site: WholeSite) -> None:
    for method, path in lines(PAGE):
        for headers in ({}, FOREIGN, {"origin": "null"}):
            assert is_shut(await site.ask(method, path, headers=headers)), path
        assert not is_shut(await site.ask(method, path, headers={"origin": ORIGIN})), path
    for method, path in lines(SCRIPT):
        assert is_shut(await site.ask(method, path, headers=FOREIGN)), path
        assert not is_shut(await site.ask(method, path)), path


async def test_a_key_opens_what_its_scope_says(site: WholeSite) -> None:
    staff, _ = await site.come_in(Role.STRATEGY)
    for method, path in lines(SUMMARIES):
        right = {"authorization": f"Bearer {site.keys[Scope.SUMMARIES]}"}
        wrong = {"authorization": f"Bearer {site.keys[Scope.SIGNPOSTING_REQUESTS]}"}
        assert not is_shut(await site.ask(method, path, headers=right)), path
        for headers in ({}, wrong, staff, {"authorization": "Bearer hys_wrong"}):
            assert is_shut(await site.ask(method, path, headers=headers)), (path, headers)


async def test_only_twilio_and_only_rasa_come_in_at_their_doors(site: WholeSite) -> None:
    for method, path in (*lines(TWILIO), *lines(RASA)):
        for headers in ({}, {"x-twilio-signature": "wrong"}, {"x-hys-token": "wrong"}, {"origin": ORIGIN}):
            assert is_shut(await site.ask(method, path, headers=headers, data={"Body": "x"})), (path, headers)
    for method, path in lines(RASA):
        assert not is_shut(await site.ask(method, path, headers=site.rasa, json={"next_action": "none"}))


async def test_anyone_comes_in_where_anyone_may(site: WholeSite) -> None:
    for method, path in lines(ANYONE):
        answer = await site.ask(method, filled(site, path))
        assert answer is not None
        assert answer.status_code not in {403, 404, 405, 500}, path


async def test_every_answer_is_kept_by_nobody_and_runs_nothing_foreign(site: WholeSite) -> None:
    for line in (*MATRIX, "GET /nothing-here", "POST /nothing-here"):
        method, path = line.split(" ")
        answer = await site.ask(method, filled(site, path))
        assert answer is not None
        said = answer.headers
        assert said["x-content-type-options"] == "nosniff", line
        if path.startswith(("/static/", "/staff/static/")):
            continue
        assert "no-store" in said["cache-control"], line
        assert said["x-frame-options"] == "DENY", line
        assert said["referrer-policy"] == "same-origin", line
        assert "geolocation=()" in said["permissions-policy"], line
        policy = said["content-security-policy"]
        assert "default-src 'none'" in policy, line
        assert "frame-ancestors 'none'" in policy, line
        assert "unsafe" not in policy, line
        assert "set-cookie" not in said or "HttpOnly" in said["set-cookie"] or path in MAY_BE_READ, line


MAY_BE_READ = {"/finished", "/leave"}
"""Where cookies are only taken away."""
