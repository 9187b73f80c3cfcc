"""Staff come in with the council's own account, and only who it proves; each wrong answer has its words."""

from collections.abc import AsyncIterator, Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from httpx import Response
from joserfc.jwk import RSAKey
from oidc_provider_mock import User
from sqlalchemy import select, update

from core.clock import system_clock
from core.staff.accounts import end_staff, free_email
from core.staff.audit import Deed, Sound, verify_audit
from core.staff.own_account import lock_staff
from core.staff.roles import Role
from core.staff.tables import AuditEntry, SignInSession, StaffAccount
from core.staff.work_account import (
    WorkAccountEnded,
    WorkAccountHasNoEmail,
    WorkAccountHasNoJob,
    WorkAccountHasTwoJobs,
    WorkEmailTaken,
    WorkSignInAway,
    WorkSignInLost,
    WorkSignInNotProven,
    WorkSignInRefused,
)
from tests.api.conftest import PASSWORD, Browser, Site, make_site
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.work_provider import (
    TENANT,
    Claims,
    Provider,
    sign,
    signed_with_public_key,
    unsigned,
    work_provider,
)

SAM = User(
    sub="sam-4711",
    claims={
        "name": "Sam Green",
        "email": "sam.green@council.example",
        "roles": ["HYS.KeyWorker", "Other.App"],
    },
)


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with work_provider(SAM) as running:
        yield running


@pytest.fixture
def provider(server: Provider) -> Iterator[Provider]:
    yield server
    for name, said in vars(Provider(server.issuer)).items():
        setattr(server, name, said)


@pytest.fixture
def now() -> FakeClock:
    """The server signs with today's time."""
    return FakeClock(system_clock())


@pytest.fixture
async def office(sqlite_stores: Stores, now: FakeClock, provider: Provider) -> AsyncIterator[Site]:
    site = make_site(sqlite_stores, now, work_door=provider.door(now), needs_second_step=True)
    yield site
    await site.close()


async def go(browser: Browser, way: str = "/staff/queue") -> str:
    """Follow the link of the sign-in page, and give the address it leads to."""
    answer = await browser.client.get("/staff/work-account", params={"way": way})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def at_provider(there: str, subject: str = SAM.sub, **form: str) -> str:
    """Say there who one is, and give our address with what it was sent back with."""
    async with httpx.AsyncClient(verify=False) as network:
        answer = await network.post(there, data=form or {"sub": subject})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.netloc == "staff.example"
    return f"{back.path}?{back.query}"


async def come_in(site: Site, subject: str = SAM.sub) -> tuple[Browser, Response]:
    browser = site.open_browser()
    back = await at_provider(await go(browser), subject)
    return browser, await browser.get(back)


async def accounts(site: Site) -> list[StaffAccount]:
    async with site.office.store.read() as session:
        return list(await session.scalars(select(StaffAccount)))


async def deeds(site: Site) -> list[tuple[str, str]]:
    async with site.office.store.read() as session:
        assert isinstance(await verify_audit(session, site.office.keys), Sound)
        entries = await session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        return [(entry.did, entry.who) for entry in entries]


def says(answer: Response, refusal: type[Exception]) -> bool:
    """Whether the sign-in page says a refusal's words with its status, and still offers both ways in."""
    assert answer.status_code == refusal.status, answer.text  # type: ignore[attr-defined]
    page = answer.text.replace("&#39;", "'")
    assert 'href="/staff/work-account' in page
    assert 'type="password"' in page
    return refusal.words in page  # type: ignore[attr-defined]


def has(**claims: object) -> Callable[[Claims], Claims]:
    """Change claims; None takes one away."""
    return lambda there: {name: said for name, said in {**there, **claims}.items() if said is not None}


async def test_who_the_council_knows_comes_in_without_a_password_or_a_code_and_where_they_wanted_to(
    office: Site,
) -> None:
    browser, answer = await come_in(office)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/queue")
    assert (await browser.get("/staff/queue")).status_code == 200
    (sam,) = await accounts(office)
    assert (sam.name, sam.email, sam.role, sam.password_hash) == (
        "Sam Green",
        "sam.green@council.example",
        Role.KEY_WORKER,
        "",
    )
    assert sam.subject is not None
    assert SAM.sub not in sam.subject
    assert await deeds(office) == [(Deed.ADDED_STAFF, "work-sign-in"), (Deed.SIGNED_IN, sam.id)]


async def test_what_is_sent_is_bound_to_this_browser_by_state_nonce_and_verifier(
    office: Site, provider: Provider
) -> None:
    for _ in range(2):
        await come_in(office)
    one, two = provider.asked[-2:]
    for drawn in ("state", "nonce", "code_challenge"):
        assert one[drawn] != two[drawn]
        assert len(one[drawn][0]) >= 43
    assert one["code_challenge_method"] == ["S256"]
    assert (one["response_type"], one["client_id"]) == (["code"], ["have-your-say"])
    assert provider.proves_possession(-1)
    assert provider.proves_possession(-2)


async def test_the_account_stays_the_same_when_e_mail_and_name_change(
    office: Site, provider: Provider
) -> None:
    await come_in(office)
    provider.changes = has(email="sam.brown@council.example", name="Sam Brown")
    _, answer = await come_in(office)
    assert answer.status_code == 303
    assert len(await accounts(office)) == 1


async def test_the_role_follows_the_claim_at_each_sign_in_and_where_one_is_signed_in(
    office: Site, provider: Provider
) -> None:
    first, _ = await come_in(office)
    provider.changes = has(roles="HYS.Lead")
    second, answer = await come_in(office)
    assert answer.status_code == 303
    for browser in (first, second):
        assert (await browser.get("/staff/concerns")).status_code == 200
        assert (await browser.get("/staff/queue")).status_code == 403
    assert (Deed.CHANGED_ROLE, "work-sign-in") in await deeds(office)


@pytest.mark.parametrize("roles", [None, [], ["Other.App"], "HYS.keyworker", {"HYS.KeyWorker": 1}, [7, None]])
async def test_without_a_job_nobody_gets_an_account_and_who_lost_it_is_let_out(
    office: Site, provider: Provider, roles: object
) -> None:
    provider.changes = has(roles=roles)
    _, answer = await come_in(office)
    assert says(answer, WorkAccountHasNoJob)
    assert await accounts(office) == []
    provider.changes = has()
    browser, _ = await come_in(office)
    provider.changes = has(roles=roles)
    assert says((await come_in(office))[1], WorkAccountHasNoJob)
    assert (await browser.get("/staff/queue")).status_code == 303
    assert (await deeds(office))[-1] == (Deed.REFUSED_WORK_ACCOUNT, "work-sign-in")


async def test_two_jobs_are_refused_in_the_claim_and_between_two_accounts_of_a_mailbox(
    office: Site, provider: Provider
) -> None:
    provider.changes = has(roles=["HYS.KeyWorker", "HYS.Strategy"])
    assert says((await come_in(office))[1], WorkAccountHasTwoJobs)
    await office.hire(Role.STRATEGY, "Sam.Green+team")
    provider.changes = has()
    _, answer = await come_in(office)
    assert answer.status_code == 409
    assert "account for another job" in answer.text
    assert len(await accounts(office)) == 1


async def test_an_e_mail_is_no_key_to_an_account_with_a_password(office: Site) -> None:
    sam = await office.hire(Role.KEY_WORKER, "Sam Green")
    assert says((await come_in(office))[1], WorkEmailTaken)
    async with office.office.store.write() as session:
        await free_email(session, office.office.keys, sam, by="command-line", now=office.clock())
    _, answer = await come_in(office)
    assert answer.status_code == 303
    assert len(await accounts(office)) == 2


async def test_a_locked_and_an_ended_account_stay_shut(office: Site) -> None:
    browser, _ = await come_in(office)
    (sam,) = await accounts(office)
    keys, store = office.office.keys, office.office.store
    async with store.write() as session:
        await lock_staff(session, keys, sam.id, by="admin", now=office.clock())  # type: ignore[arg-type]
    _, answer = await come_in(office)
    assert answer.status_code == 403
    assert "Your account is locked" in answer.text
    async with store.write() as session:
        await session.execute(update(StaffAccount).values(locked_at=None))
        await end_staff(session, keys, sam.id, by="admin", now=office.clock())  # type: ignore[arg-type]
    assert says((await come_in(office))[1], WorkAccountEnded)
    assert (await browser.get("/staff/queue")).status_code == 303
    async with store.read() as session:
        assert (await session.scalars(select(SignInSession))).all() == []


@pytest.mark.parametrize("email", [None, "", "no address", ["sam@council.example"], "a" * 300 + "@b.example"])
async def test_without_an_e_mail_for_alerts_there_is_no_account(
    office: Site, provider: Provider, email: object
) -> None:
    provider.changes = has(email=email, preferred_username=None)
    assert says((await come_in(office))[1], WorkAccountHasNoEmail)
    assert await accounts(office) == []


STRANGER = RSAKey.generate_key(2048)
NEXT_HOUR = int(system_clock().timestamp()) + 3600


@pytest.mark.parametrize(
    "change",
    [
        has(iss="http://elsewhere.example"),
        has(iss=None),
        has(aud="another-app"),
        has(aud=["another-app"], azp="have-your-say"),
        has(aud=["have-your-say", "another-app"], azp="another-app"),
        has(aud=None),
        has(nonce="of another sign-in"),
        has(nonce=None),
        has(exp=NEXT_HOUR - 7200),
        has(exp=None),
        has(exp="tomorrow"),
        has(iat=NEXT_HOUR + 7200, exp=NEXT_HOUR + 9000),
        has(nbf=NEXT_HOUR),
        has(sub=None),
        has(sub=""),
        has(sub="x" * 256),
        has(sub=["sam-4711"]),
        has(at_hash="of another token"),
    ],
)
async def test_a_token_with_a_wrong_claim_proves_nothing(
    office: Site, provider: Provider, change: Callable[[Claims], Claims]
) -> None:
    provider.changes = change
    assert says((await come_in(office))[1], WorkSignInNotProven)
    assert await accounts(office) == []


@pytest.mark.parametrize(
    "resign",
    [
        unsigned,
        signed_with_public_key,
        lambda claims, _key: sign(claims, STRANGER),
        lambda claims, key: sign(claims, key)[:-8] + "AAAAAAAA",
        lambda claims, key: sign(claims, key, "RS512"),
        lambda _claims, _key: "",
        lambda _claims, _key: "a.b.c",
        lambda _claims, _key: "é" * 99,
        lambda _claims, _key: "." * 99_999,
    ],
)
async def test_a_token_with_a_wrong_signature_proves_nothing(
    office: Site, provider: Provider, resign: Callable[[Claims, RSAKey], str]
) -> None:
    await come_in(office)
    provider.resign = resign
    assert says((await come_in(office))[1], WorkSignInNotProven)
    assert len(await accounts(office)) == 1


async def test_another_tenant_at_the_same_issuer_is_another_house(
    sqlite_stores: Stores, now: FakeClock, provider: Provider
) -> None:
    issuer = f"{provider.issuer}/{TENANT}/v2.0"
    door, provider.tells = provider.door(now, issuer=issuer), {"issuer": issuer}
    site = make_site(sqlite_stores, now, work_door=door)
    for tenant in (None, "11111111-4b5a-6978-8796-a5b4c3d2e1f0", ""):
        provider.changes = has(iss=issuer, tid=tenant)
        assert says((await come_in(site))[1], WorkSignInNotProven)
    provider.changes = has(iss=issuer, tid=TENANT)
    assert (await come_in(site))[1].status_code == 303
    await site.close()


async def test_who_turns_back_at_the_provider_is_told_so(office: Site, provider: Provider) -> None:
    browser = office.open_browser()
    back = await at_provider(await go(browser), action="deny")
    state = provider.asked[-1]["state"][0]  # which this server leaves out, and the standard asks for
    assert says(await browser.get(f"{back}&state={state}"), WorkSignInRefused)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (('{"error": "invalid_grant"}', 400), WorkSignInRefused),
        (('{"error": "invalid_client", "error_description": "<script>"}', 401), WorkSignInRefused),
        (('{"access_token": "x", "token_type": "Bearer"}', 200), WorkSignInNotProven),
        (('{"access_token": "x", "id_token": {"a": 1}}', 200), WorkSignInNotProven),
        (('{"access_token": "x", "id_token": null}', 200), WorkSignInNotProven),
        (("[]", 200), WorkSignInAway),
        (("<html>", 200), WorkSignInAway),
        (("{}", 503), WorkSignInAway),
        (("{}", 200), WorkSignInNotProven),
    ],
)
async def test_what_the_provider_answers_wrongly_has_its_words(
    office: Site, provider: Provider, answer: tuple[str, int], refusal: type[Exception]
) -> None:
    provider.token_answer = answer
    _, shown = await come_in(office)
    assert says(shown, refusal)
    assert "<script>" not in shown.text


async def test_an_answer_to_no_sign_in_of_this_browser_opens_nothing(office: Site, now: FakeClock) -> None:
    victim, attacker = office.open_browser(), office.open_browser()
    back = await at_provider(await go(attacker))
    assert says(await victim.get(back), WorkSignInLost)
    await go(victim)
    assert says(await victim.get(back), WorkSignInLost)
    for forged in (
        "",
        "?code=x",
        "?code=x&state=",
        "?state=x",
        "?code=" + "x" * 9000,
        "?error=access_denied",
    ):
        assert says(await victim.get(f"/staff/work-account/back{forged}"), WorkSignInLost)
    late = office.open_browser()
    back = await at_provider(await go(late))
    now.go_on(minutes=11)
    assert says(await late.get(back), WorkSignInLost)
    for kept in (b"", b"x", b"\xe9", b"AAAA", b"A" * 9000):
        headers = {b"cookie": b"staff-way=" + kept}
        assert says(await office.open_browser().client.get(back, headers=headers), WorkSignInLost)


async def test_an_answer_serves_once(office: Site) -> None:
    browser = office.open_browser()
    back = await at_provider(await go(browser))
    kept = browser.client.cookies["staff-way"]
    assert (await browser.get(back)).status_code == 303
    browser.client.cookies.clear()
    assert says(await browser.get(back), WorkSignInLost)
    browser.client.cookies.set("staff-way", kept, domain="staff.example")
    assert says(await browser.get(back), WorkSignInRefused)


@pytest.mark.parametrize(
    "way", ["https://evil.example", "//evil.example", "/\\evil.example", "/staff/../x", "x"]
)
async def test_the_way_back_never_leads_elsewhere(office: Site, way: str) -> None:
    browser = office.open_browser()
    answer = await browser.get(await at_provider(await go(browser, way)))
    assert answer.headers["location"].startswith("/staff/")


async def test_while_the_provider_is_down_words_say_so_and_a_password_still_works(
    sqlite_stores: Stores, now: FakeClock
) -> None:
    with work_provider() as gone:
        door = gone.door(now)
    site = make_site(sqlite_stores, now, work_door=door)
    browser = site.open_browser()
    assert says(await browser.get("/staff/work-account"), WorkSignInAway)
    await site.hire(Role.KEY_WORKER, "Jo Marsh")
    answer = await browser.post("/staff/sign-in", email="jo.marsh@council.example", password=PASSWORD)
    assert answer.status_code == 303
    await site.close()


@pytest.mark.parametrize(
    "tells",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": None},
        {"token_endpoint": "ftp://elsewhere.example/"},
        {"jwks_uri": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
async def test_a_provider_that_says_odd_things_of_itself_is_not_asked(
    office: Site, provider: Provider, tells: dict[str, object]
) -> None:
    provider.tells = tells
    assert says(await office.open_browser().get("/staff/work-account"), WorkSignInAway)


async def test_many_wrong_answers_from_one_address_are_slowed(office: Site) -> None:
    browser = office.open_browser()
    for _ in range(60):
        assert (await browser.get("/staff/work-account/back?code=x&state=y")).status_code == 400
    answer = await browser.get("/staff/work-account/back?code=x&state=y")
    assert answer.status_code == 429


async def test_signing_out_here_says_that_the_work_account_is_still_open(
    office: Site, provider: Provider
) -> None:
    browser, _ = await come_in(office)
    page = (await browser.get("/staff/my-account")).text
    assert "You sign in with your work account" in page
    assert 'type="password"' not in page
    browser.csrf = page.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post("/staff/sign-out")
    assert answer.headers["location"] == "/staff/signed-out"
    page = (await browser.get("/staff/signed-out")).text
    there = f"{provider.issuer}/oauth2/end_session?client_id=have-your-say"
    assert f'href="{there}&amp;post_logout_redirect_uri=' in page
    assert (await browser.get("/staff/queue")).status_code == 303


async def test_no_page_lets_a_form_go_to_the_provider_and_cookies_are_out_of_reach(
    sqlite_stores: Stores, now: FakeClock, provider: Provider
) -> None:
    site = make_site(sqlite_stores, now, is_https=True, work_door=provider.door(now))
    browser = site.open_browser()
    page = await browser.get("/staff/sign-in")
    assert "form-action 'self'" in page.headers["content-security-policy"]
    answer = await browser.get("/staff/work-account")
    kept = answer.headers["set-cookie"]
    for said in ("__Host-staff-way=", "HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"):
        assert said in kept
    assert "no-store" in answer.headers["cache-control"]
    assert provider.asked == [] or answer.headers["location"] not in page.text
    await site.close()


async def test_where_no_provider_is_set_the_pages_lead_to_the_password(site: Site) -> None:
    browser = site.open_browser()
    assert "work-account" not in (await browser.get("/staff/sign-in")).text
    for path in ("/staff/work-account", "/staff/work-account/back?code=x", "/staff/signed-out"):
        assert (await browser.get(path)).headers["location"] == "/staff/sign-in"


async def test_new_keys_are_fetched_and_made_up_ones_are_not_asked_for_without_end(
    office: Site, provider: Provider, now: FakeClock
) -> None:
    await come_in(office)
    read = provider.keys_read
    provider.key = RSAKey.generate_key(2048)
    for _ in range(3):
        assert says((await come_in(office))[1], WorkSignInNotProven)
    assert provider.keys_read == read
    now.go_on(minutes=2)
    assert (await come_in(office))[1].status_code == 303
    assert provider.keys_read == read + 1
