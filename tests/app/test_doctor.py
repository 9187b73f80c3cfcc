"""The doctor names each thing that is missing or unsafe for real young people, and how to mend it."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.doctor.examine import examine
from app.doctor.finding import Finding
from app.doctor.people import examine_people, examine_reviews
from app.doctor.routes import examine_routes
from app.doctor.settings import examine_settings
from app.rasa_environment import SetUpFailed
from app.ready_for_real import refuse_if_not_ready
from app.stores import Stores, bring_up_to_date, open_stores
from channels.twilio.sender import TwilioSender
from core.area import Area
from core.area_file import Acceptance
from core.ids import StaffId
from core.safeguarding.rota import NewTurn, add_turn
from core.safeguarding.rota_rules import Day, Turn
from core.sending import Undeliverable
from core.settings import Settings
from core.staff.accounts import NewStaff, StaffMember, add_staff
from core.staff.roles import Role
from tests.builders import lists, settings_for_tests
from tests.staffed import pretend_keys
from tests.stub_twilio import StubTwilio, an_account
from tests.work_provider import work_provider

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
DAYS = [day.value for day in Day]


def a_key(letter: bytes) -> str:
    return "1:" + base64.b64encode(letter * 32).decode()


WORK: dict[str, object] = {
    "oidc_issuer": "https://login.example.org/tenant/v2.0",
    "oidc_client_id": "hys",
    "oidc_client_secret": "a secret",
    "oidc_roles": "HYS.KeyWorker=key-worker, HYS.Lead=safeguarding-lead",
}


def real(home: Path, **changes: object) -> Settings:
    """Settings with which nothing stops a start."""
    said: dict[str, object] = {
        "hys_home": home,
        "hys_profile": "production",
        "hys_secret": "",
        "public_url": "https://haveyoursay.example.org",
        "forwarded_allow_ips": "127.0.0.1",
        "smtp_url": "smtps://name:password@mail.example.org/?from=hys@example.org",
        "service_keys": a_key(b"s"),
        "views_keys": a_key(b"v"),
        "twilio_account_sid": "AC1",
        "twilio_auth_token": "a token",
        "twilio_number": "+447700900000",
        "audit_roots_file": home / "roots",
    }
    return settings_for_tests(**(said | changes))


@pytest.mark.parametrize(
    ("feed", "hosts", "said"),
    [
        ("http://feed.example.org/api", "", "feed.example.org is not https"),
        ("https://name:word@feed.example.org/", "", "A name and a password stand in the address"),
        ("https://feed.example.org/", "other.example.org", "is not in LOCAL_OFFER_FEED_HOSTS"),
        ("http://127.0.0.1:8000/", "", "is not https"),
    ],
)
def test_a_feed_that_can_not_be_asked_is_said(tmp_path: Path, feed: str, hosts: str, said: str) -> None:
    fine = of_settings(tmp_path, local_offer_feed_url="https://feed.example.org/api")
    found = of_settings(tmp_path, local_offer_feed_url=feed, local_offer_feed_hosts=hosts)
    assert [said in each.wrong and each.stops for each in found if each not in fine] == [True]
    assert len(found) == len(fine) + 1


def of_settings(home: Path, **changes: object) -> list[Finding]:
    return list(examine_settings(real(home, **changes), env_file=home / ".env"))


def stops(found: list[Finding]) -> str:
    return "\n".join(str(each) for each in found if each.stops)


def test_nothing_in_good_settings_stops_a_start(tmp_path: Path) -> None:
    assert stops(of_settings(tmp_path)) == ""
    assert stops(of_settings(tmp_path, **WORK)) == ""
    elsewhere = {"host": "10.0.0.7", "forwarded_allow_ips": "127.0.0.1, 10.0.0.8"}
    assert stops(of_settings(tmp_path, **elsewhere)) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"public_url": "http://say.example.org"}, "PUBLIC_URL does not begin with https"),
        ({"forwarded_allow_ips": ""}, "through a proxy that is not trusted"),
        ({"forwarded_allow_ips": " , "}, "through a proxy that is not trusted"),
        ({"host": "0.0.0.0"}, "HOST is 0.0.0.0, so the proxy may ask from another"),
        ({"host": "::", "forwarded_allow_ips": "::1, 127.0.0.0/16"}, "names this machine only"),
        (
            {"public_url": "http://127.0.0.1", "forwarded_allow_ips": ""},
            "through a proxy that is not trusted",
        ),
        ({"hys_failpoint": "11:3"}, "HYS_FAILPOINT makes this service kill itself"),
        ({"service_keys": ""}, "SERVICE_KEYS is not set"),
        ({"views_keys": ""}, "VIEWS_KEYS is not set"),
        ({"views_keys": "1:no base64"}, "VIEWS_KEYS"),
        ({"views_keys": a_key(b"s")}, "have a key in common"),
        ({"smtp_url": ""}, "Alerts have 1 of the two ways"),
        ({"smtp_url": "http://mail"}, "SMTP_URL: write"),
        ({"twilio_account_sid": "", "twilio_auth_token": "", "twilio_number": ""}, "Set Twilio's three"),
        ({"twilio_number": ""}, "Twilio is half set: TWILIO_NUMBER"),
        ({"twilio_api_base": "http://127.0.0.1:9"}, "TWILIO_API_BASE is not https"),
        ({"hys_rate_limits": "off"}, "HYS_RATE_LIMITS is off"),
        ({"rasa_url": "http://rasa"}, "without RASA_TOKEN"),
        (
            WORK | {"oidc_client_secret": "", "oidc_roles": ""},
            "half set: OIDC_CLIENT_SECRET, OIDC_ROLES missing",
        ),
        (WORK | {"oidc_issuer": "http://login.example.org"}, "OIDC_ISSUER must begin with https://"),
        (WORK | {"oidc_issuer": "http://127.0.0.1:9400"}, "a stand-in on this machine"),
        (WORK | {"oidc_issuer": "https://login.example.org/common/v2.0"}, "accounts of any tenant"),
        (WORK | {"oidc_roles": "A=boss"}, "'A=boss' is not VALUE=ROLE"),
        (WORK | {"oidc_roles": "A=key-worker, A=auditor"}, "'A' stands there twice"),
        (WORK | {"oidc_roles": " , "}, "OIDC_ROLES is empty"),
        (
            {"service_database_url": "postgresql://a@db/one", "views_database_url": "postgresql://b@db/one"},
            "Both stores are one database",
        ),
        (
            {"service_database_url": "postgresql://a@db/one", "views_database_url": "postgresql://a@db/two"},
            "one database account",
        ),
    ],
)
def test_what_must_not_be_stops_a_start(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    assert said in stops(of_settings(tmp_path, **changes))


def test_a_secret_that_others_may_read_stops_a_start(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("SERVICE_KEYS=x")
    env.chmod(0o644)
    assert f"chmod 600 {env}" in stops(of_settings(tmp_path))
    env.chmod(0o600)
    assert stops(of_settings(tmp_path)) == ""


@dataclass
class People:
    """A council's staff and rota, as the store would give them."""

    area: Area
    staff: list[StaffMember]
    turns: list[Turn]

    def found(self) -> list[Finding]:
        return list(examine_people(self.area, self.staff, self.turns, date(2026, 11, 25)))


def a_person(name: str, role: Role, *, has_left: bool = False, is_locked: bool = False) -> StaffMember:
    return StaffMember(
        StaffId(name),
        f"{name}.{role}@council.example",
        name,
        role,
        has_left=has_left,
        is_locked=is_locked,
        has_second_step=True,
        has_password=True,
    )


def a_turn(*, mobile: str | None = "+447700900123", from_: int = 0, to: int = 1440) -> Turn:
    return Turn("t", StaffId("Jo"), "Jo", "jo@council.example", mobile, frozenset(Day), from_, to, 1)


@pytest.fixture
def people() -> People:
    return People(
        lists().area,
        [a_person("Jo", Role.SAFEGUARDING_LEAD), a_person("Lee", Role.COMPLAINTS_OFFICER)],
        [a_turn()],
    )


def test_a_lead_and_a_full_rota_are_enough(people: People) -> None:
    assert people.found() == []


def test_what_was_let_pass_and_nobody_reviewed_in_time_is_to_be_looked_at() -> None:
    assert list(examine_reviews(None, NOW)) == []
    (found,) = examine_reviews(NOW - timedelta(days=2, hours=3), NOW)
    assert "the oldest for 2 days" in found.wrong
    assert not found.stops


def test_a_lead_who_left_or_is_locked_reads_nothing(people: People) -> None:
    people.staff = [a_person("Jo", Role.SAFEGUARDING_LEAD, has_left=True)]
    assert "there is no safeguarding lead" in stops(people.found())
    people.staff = [a_person("Jo", Role.SAFEGUARDING_LEAD, is_locked=True)]
    assert "account is locked" in stops(people.found())


def test_without_who_answers_complaints_it_does_not_start(people: People) -> None:
    people.staff = people.staff[:1]
    assert "Nobody reads complaints" in stops(people.found())


def test_an_empty_rota_and_one_without_a_mobile_stop_a_start(people: People) -> None:
    people.turns = []
    assert "The rota is empty" in stops(people.found())
    people.turns = [a_turn(mobile=None)]
    assert "by e-mail alone" in stops(people.found())


def test_hours_that_are_promised_and_have_nobody_are_named(people: People) -> None:
    people.turns = [a_turn(to=15 * 60)]
    said = stops(people.found())
    assert "monday 15:00-17:00" in said
    assert "friday 15:00-16:30" in said


def test_hours_with_nobody_need_a_directors_name(people: People) -> None:
    people.turns = [a_turn(from_=9 * 60, to=17 * 60)]
    said = stops(people.found())
    assert "Nobody reads at these hours: monday 00:00-09:00, monday 17:00-24:00" in said
    assert "bank holiday 00:00-09:00, bank holiday 17:00-24:00" in said
    accepted = Acceptance(name="Ann Day", post="Director", on=date(2026, 11, 1))
    people.area = people.area.model_copy(update={"nobody_accepted_by": accepted})
    assert stops(people.found()) == ""
    assert "accepted by Ann Day, Director, on 2026-11-01" in str(people.found()[0])


def test_one_name_with_two_jobs_is_to_be_looked_at(people: People) -> None:
    people.staff += [a_person("Kit", Role.STRATEGY), a_person("kit", Role.KEY_WORKER)]
    (found,) = people.found()
    assert not found.stops
    assert "Kit has an account as strategy and one as key-worker." in str(found)


def test_an_old_check_of_a_number_is_to_be_looked_at(people: People) -> None:
    later = list(examine_people(people.area, people.staff, people.turns, date(2027, 11, 25)))
    assert stops(later) == ""
    assert "Emergency Duty Team (01905 768020) was last checked on 2026-11-23." in str(later[1])


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Stores]:
    stores = open_stores(real(tmp_path))
    yield stores
    await stores.close()


async def test_production_starts_with_all_that_is_needed_and_not_without(
    tmp_path: Path, made: Stores
) -> None:
    settings, area = real(tmp_path), lists().area
    await bring_up_to_date(made)
    (tmp_path / "var" / "service.db").chmod(0o600)
    (tmp_path / "var" / "views.db").chmod(0o600)
    with pytest.raises(SetUpFailed, match="there is no safeguarding lead"):
        await refuse_if_not_ready(settings, made, area)
    lead = NewStaff("jo@example.org", "Jo Marsh", Role.SAFEGUARDING_LEAD, "a hash")
    officer = NewStaff("lee@example.org", "Lee Moss", Role.COMPLAINTS_OFFICER, "a hash")
    turn = ("07700 900123", DAYS, "00:00", "24:00", "1")
    async with made.service.write() as session:
        jo = await add_staff(session, pretend_keys(), lead, by="test", now=NOW)
        await add_staff(session, pretend_keys(), officer, by="test", now=NOW)
        await add_turn(session, pretend_keys(), NewTurn(jo, *turn), by=jo, now=NOW)
    await refuse_if_not_ready(settings, made, area)
    with pytest.raises(SetUpFailed, match="Alerts have 1 of the two ways"):
        await refuse_if_not_ready(real(tmp_path, smtp_url=""), made, area)


async def test_on_one_machine_nothing_is_asked_for(tmp_path: Path, made: Stores) -> None:
    await refuse_if_not_ready(real(tmp_path, hys_profile="local"), made, lists().area)


async def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path: Path, made: Stores) -> None:
    found = await examine(real(tmp_path), made, lists().area, NOW)
    assert "The service store is not there yet." in "\n".join(map(str, found))
    assert list((tmp_path / "var").iterdir()) == []


async def test_a_mail_server_that_does_not_answer_is_told(tmp_path: Path, unused_tcp_port: int) -> None:
    no_texts = {"twilio_account_sid": "", "twilio_auth_token": "", "twilio_number": ""}
    url = f"smtp://127.0.0.1:{unused_tcp_port}/?from=hys@example.org"
    (found,) = await examine_routes(real(tmp_path, smtp_url=url, **no_texts))
    assert "The mail server does not take mail from us" in str(found)


async def test_twilio_is_asked_for_our_account() -> None:
    twilio = StubTwilio()
    async with twilio.client() as network:
        await TwilioSender(an_account(), network).greet()
        with pytest.raises(Undeliverable, match="twilio_401"):
            await TwilioSender(an_account(token="another"), network).greet()


async def test_the_provider_of_work_accounts_is_asked_what_it_is() -> None:
    with work_provider() as provider:
        here = settings_for_tests(**WORK | {"oidc_issuer": provider.issuer})
        assert await examine_routes(here) == []
        provider.tells = {"issuer": "https://elsewhere.example"}
        (found,) = await examine_routes(here)
        assert "calls itself otherwise than OIDC_ISSUER" in found.wrong
    (found,) = await examine_routes(here)
    assert "does not answer as it should" in found.wrong
