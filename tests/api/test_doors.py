"""Who may come in: each page, each role, each form."""

import re

import pytest
from fastapi import Depends
from fastapi.routing import iter_route_contexts

from api.doors import api_key_door
from core.staff.api_keys import add_api_key, revoke_api_key
from core.staff.roles import Role, Scope
from tests.api.conftest import Browser, Site

ROTA = frozenset({Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR})
OPEN_TO = {
    "/staff/": frozenset(Role),
    "/staff/my-account": frozenset(Role),
    "/staff/queue": frozenset({Role.KEY_WORKER}),
    "/staff/queue/none": frozenset({Role.KEY_WORKER}),
    "/staff/concerns": frozenset({Role.SAFEGUARDING_LEAD}),
    "/staff/concerns/none": frozenset({Role.SAFEGUARDING_LEAD}),
    "/staff/accounts": frozenset({Role.ADMINISTRATOR}),
    "/staff/rota": ROTA,
}
FORMS: dict[str, Role | frozenset[Role] | None] = {
    "/staff/queue/none/take": Role.KEY_WORKER,
    "/staff/queue/none/reply": Role.KEY_WORKER,
    "/staff/queue/none/plan": Role.KEY_WORKER,
    "/staff/queue/none/close": Role.KEY_WORKER,
    "/staff/queue/none/give-back": Role.KEY_WORKER,
    "/staff/concerns/none/acknowledge": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/close": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/about-me": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/notes": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/escalate": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/key-worker": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/hand-over": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/second-look": Role.SAFEGUARDING_LEAD,
    "/staff/close-concerns": Role.SAFEGUARDING_LEAD,
    "/staff/concerns/none/contact": Role.SAFEGUARDING_LEAD,
    "/staff/openings/none/agree": Role.SAFEGUARDING_LEAD,
    "/staff/openings/none/show": Role.SAFEGUARDING_LEAD,
    "/staff/openings/none/review": Role.SAFEGUARDING_LEAD,
    "/staff/accounts": Role.ADMINISTRATOR,
    "/staff/accounts/none/end": Role.ADMINISTRATOR,
    "/staff/accounts/none/lock": Role.ADMINISTRATOR,
    "/staff/accounts/none/unlock": Role.ADMINISTRATOR,
    "/staff/accounts/none/new-password": Role.ADMINISTRATOR,
    "/staff/my-account/password": None,
    "/staff/second-step": None,
    "/staff/second-step/set-up": None,
    "/staff/second-step/finish": None,
    "/staff/rota": ROTA,
    "/staff/rota/none/remove": ROTA,
    "/staff/sign-out": None,
}


def may_send(roles: Role | frozenset[Role] | None) -> frozenset[Role]:
    if roles is None:
        return frozenset(Role)
    return frozenset({roles}) if isinstance(roles, Role) else roles


@pytest.mark.parametrize("role", Role)
async def test_each_role_opens_its_own_pages_and_no_other(site: Site, role: Role) -> None:
    browser = await site.come_in(role)
    for page, roles in OPEN_TO.items():
        status = (await browser.get(page)).status_code
        assert (status != 403) == (role in roles), page
        assert status in ({200, 404} if role in roles else {403}), page


@pytest.mark.parametrize("role", Role)
async def test_each_role_sends_its_own_forms_and_no_other(site: Site, role: Role) -> None:
    browser = await site.come_in(role)
    for form, its_role in FORMS.items():
        status = (await browser.post(form, seen="1", outcome="helped", text="hello")).status_code
        assert (status == 403) == (role not in may_send(its_role)), form


async def test_the_matrix_holds_every_route_of_the_site(site: Site) -> None:
    known = {path.replace("/none", "/{id}") for path in (*OPEN_TO, *FORMS)}
    public = {"/staff", "/staff/sign-in", "/staff/static/{name}"}
    routes = {
        re.sub(r"\{(request|concern|staff|turn|opening|drill|sample)\}", "{id}", path)
        for path in paths_of(site)
    }
    assert routes == known | public


def paths_of(site: Site) -> set[str]:
    paths = (str(route.path) for route in iter_route_contexts(site.app.routes))
    return {path for path in paths if path.startswith("/staff")}


@pytest.mark.parametrize("page", [*OPEN_TO])
async def test_who_has_not_signed_in_is_led_to_where_they_can(site: Site, page: str) -> None:
    answer = await site.open_browser().get(page)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/sign-in?way={page}"


@pytest.mark.parametrize("form", FORMS)
async def test_a_form_without_the_token_of_its_sign_in_is_refused(site: Site, form: str) -> None:
    browser = await site.come_in(min(may_send(FORMS[form])))
    right = browser.csrf
    for token in ("", "wrong", right[:-1]):
        browser.csrf = token
        assert (await browser.post(form)).status_code == 403
    answer = await browser.client.post(form)
    assert answer.status_code == 403
    assert "go back and try again" in answer.text


async def test_the_token_of_one_sign_in_does_not_serve_another(site: Site) -> None:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    ali = await site.come_in(Role.KEY_WORKER, "Ali Brown")
    sam.csrf = ali.csrf
    assert (await sam.post("/staff/sign-out")).status_code == 403


async def test_a_form_from_another_site_is_refused_even_at_sign_in(site: Site) -> None:
    browser = site.open_browser()
    answer = await browser.client.post(
        "/staff/sign-in", data={"email": "a@b", "password": "c"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


async def test_sign_out_ends_the_sign_in_for_good(site: Site) -> None:
    browser = await site.come_in(Role.KEY_WORKER)
    cookie = browser.client.cookies["staff"]
    assert (await browser.post("/staff/sign-out")).headers["location"] == "/staff/sign-in"
    browser.client.cookies.set("staff", cookie)
    assert (await browser.get("/staff/queue")).status_code == 303


async def test_the_cookie_is_kept_from_scripts_and_to_https(https_site: Site) -> None:
    browser = https_site.open_browser()
    await https_site.hire(Role.KEY_WORKER, "Sam Green")
    answer = await browser.post(
        "/staff/sign-in", email="sam.green@council.example", password="a-long-enough-password"
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-staff=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("way", "to"),
    [
        ("/staff/queue", "/staff/queue"),
        ("//elsewhere.example", "/staff/"),
        ("https://elsewhere.example/staff/", "/staff/"),
        ("/staff//elsewhere.example", "/staff/"),
        ("/staff/\\elsewhere.example", "/staff/"),
        ("/staff/\r\nSet-Cookie: a", "/staff/"),
    ],
)
async def test_sign_in_never_leads_to_another_site(site: Site, way: str, to: str) -> None:
    await site.hire(Role.KEY_WORKER, "Sam Green")
    answer = await site.open_browser().post(
        "/staff/sign-in", email="sam.green@council.example", password="a-long-enough-password", way=way
    )
    assert answer.headers["location"] == to


async def test_a_wrong_password_is_said_beside_the_form_and_the_email_is_kept(site: Site) -> None:
    browser = site.open_browser()
    answer = await browser.post("/staff/sign-in", email="<b>@council.example", password="wrong")
    assert answer.status_code == 401
    assert "The e-mail or the password is not right." in answer.text
    assert "&lt;b&gt;@council.example" in answer.text


async def show_nothing() -> None:
    """Stand behind a door."""


async def test_an_api_key_opens_what_its_scope_says_until_it_is_revoked(site: Site) -> None:
    summaries = Depends(api_key_door(Scope.SUMMARIES))
    requests = Depends(api_key_door(Scope.SIGNPOSTING_REQUESTS))
    site.app.add_api_route("/api/v1/summaries", show_nothing, dependencies=[summaries])
    site.app.add_api_route("/api/v1/signposting-requests", show_nothing, dependencies=[requests])
    office, browser = site.office, site.open_browser()
    async with office.store.write() as session:
        secret = await add_api_key(
            session, office.keys, name="one", scope=Scope.SUMMARIES, by="test", now=office.clock()
        )

    async def ask(path: str, key: str | None) -> int:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return (await browser.client.get(path, headers=headers)).status_code

    assert await ask("/api/v1/summaries", secret) == 200
    assert await ask("/api/v1/signposting-requests", secret) == 403
    assert await ask("/api/v1/summaries", None) == 401
    assert await ask("/api/v1/summaries", "hys_wrong") == 401
    async with office.store.write() as session:
        await revoke_api_key(session, office.keys, name="one", by="test", now=office.clock())
    assert await ask("/api/v1/summaries", secret) == 401


async def test_every_answer_forbids_copies_foreign_scripts_and_frames(site: Site) -> None:
    browser: Browser = site.open_browser()
    for path in ("/staff/sign-in", "/staff/nothing", "/staff/"):
        headers = (await browser.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_a_page_that_looks_again_by_itself_does_not_keep_anyone_signed_in(site: Site) -> None:
    browser = await site.come_in(Role.KEY_WORKER)
    for _ in range(3):
        site.clock.go_on(minutes=50)
        answer = await browser.client.get("/staff/queue", headers={"x-looks-again": "1"})
    assert answer.status_code == 303
