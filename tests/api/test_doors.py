"""How the doors of the staff's pages open and shut; who may come in where stands in tests/app/test_role_matrix.py."""

import pytest
from fastapi import Depends

from api.doors import api_key_door
from core.staff.api_keys import add_api_key, revoke_api_key
from core.staff.roles import Role, Scope
from tests.api.conftest import Browser, Site

PAGES = (
    "/staff/",
    "/staff/my-account",
    "/staff/queue",
    "/staff/concerns/none",
    "/staff/complaints",
    "/staff/complaints/none",
    "/staff/accounts",
    "/staff/rota",
)


@pytest.mark.parametrize("page", PAGES)
async def test_who_has_not_signed_in_is_led_to_where_they_can(site: Site, page: str) -> None:
    answer = await site.open_browser().get(page)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/sign-in?way={page}"


async def test_a_form_without_the_token_of_its_sign_in_is_refused_in_plain_words(site: Site) -> None:
    browser = await site.come_in(Role.KEY_WORKER)
    answer = await browser.client.post("/staff/queue/none/take")
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
