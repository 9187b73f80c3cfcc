"""Who asks through a proxy is known by their own address, and nobody else can say that they come from elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from httpx import AsyncClient
from pydantic import ValidationError

from app.serve import build_server
from core.group_sessions.tries import LIMITS
from tests.app.whole_site import open_site
from tests.builders import settings_for_tests
from tests.channels.web_chat.browsing import STARTS_WITHIN_SECONDS, free_port
from tests.fakes import FakeClock
from tests.stores import Stores

MOST = LIMITS[0].most
US = "127.0.0.1"


@pytest.fixture
def port() -> int:
    return free_port()


@asynccontextmanager
async def behind(
    stores: Stores, clock: FakeClock, home: Path, *, port: int, trusted: str
) -> AsyncIterator[AsyncClient]:
    """Serve the whole site as `run` does; give what asks it from this machine, as a proxy would."""
    origin = f"http://{US}:{port}"
    said = {"hys_home": home, "port": port, "forwarded_allow_ips": trusted, "public_url": origin}
    async with open_site(stores, clock, **said) as site:
        server = build_server(settings_for_tests(**said), site.app)
        running = asyncio.create_task(server.serve())
        for _ in range(STARTS_WITHIN_SECONDS * 20):
            if server.started:
                break
            await asyncio.sleep(0.05)
        async with AsyncClient(base_url=origin, headers={"origin": origin}, trust_env=False) as asking:
            yield asking
        server.should_exit = True
        await running


async def guess(asking: AsyncClient, *said: str) -> int:
    """Type a wrong group code, with these X-Forwarded-For headers."""
    headers = [("origin", str(asking.headers["origin"])), *(("x-forwarded-for", each) for each in said)]
    return (await asking.post("/group", data={"text": "1234 5678"}, headers=headers)).status_code


@pytest.mark.parametrize("trusted", ["", "192.0.2.1", "10.0.0.0/16"])
async def test_a_forged_address_from_who_is_not_trusted_changes_nothing(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path, port: int, trusted: str
) -> None:
    async with behind(sqlite_stores, clock, tmp_path, port=port, trusted=trusted) as asking:
        guessed = [await guess(asking, f"198.51.100.{each}") for each in range(MOST + 5)]
        assert guessed == [422] * MOST + [429] * 5
        assert await guess(asking) == 429


async def test_through_a_trusted_proxy_each_has_their_own_tries(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path, port: int
) -> None:
    async with behind(sqlite_stores, clock, tmp_path, port=port, trusted=US) as asking:
        guessed = [await guess(asking, "198.51.100.1") for _ in range(MOST + 1)]
        assert guessed == [422] * MOST + [429]
        assert await guess(asking, "198.51.100.2") == 422
        assert await guess(asking) == 422


async def test_what_somebody_wrote_before_the_proxy_did_changes_nothing(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path, port: int
) -> None:
    async with behind(sqlite_stores, clock, tmp_path, port=port, trusted=US) as asking:
        one_header = [await guess(asking, f"192.0.2.{each}, 198.51.100.1") for each in range(MOST)]
        assert one_header == [422] * MOST
        assert await guess(asking, f"{US}, 198.51.100.1") == 429
        assert await guess(asking, "192.0.2.77", "198.51.100.1") == 429


async def test_a_new_address_of_the_same_home_brings_no_new_tries(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path, port: int
) -> None:
    async with behind(sqlite_stores, clock, tmp_path, port=port, trusted=US) as asking:
        guessed = [await guess(asking, f"2001:db8:1:2:{each:x}::{each:x}") for each in range(MOST + 1)]
        assert guessed == [422] * MOST + [429]
        assert await guess(asking, "2001:db8:1:3::1") == 422


async def test_an_ipv4_address_written_as_ipv6_is_itself(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path, port: int
) -> None:
    async with behind(sqlite_stores, clock, tmp_path, port=port, trusted=US) as asking:
        assert [await guess(asking, "::ffff:198.51.100.1") for _ in range(MOST)] == [422] * MOST
        assert await guess(asking, "198.51.100.1") == 429
        assert await guess(asking, "::ffff:198.51.100.2") == 422


async def test_staff_and_systems_too_are_counted_by_home(
    sqlite_stores: Stores, clock: FakeClock, tmp_path: Path, port: int
) -> None:
    async def knock(place: str) -> tuple[int, int]:
        of_place = {"x-forwarded-for": place}
        typed = {"email": "sam.green@council.example", "password": "a guess"}
        staff = await asking.post("/staff/sign-in", data=typed, headers=of_place)
        system = await asking.get("/api/v1/releases", headers=of_place | {"authorization": "Bearer wrong"})
        return staff.status_code, system.status_code

    async with behind(sqlite_stores, clock, tmp_path, port=port, trusted=US) as asking:
        knocks = [await knock(f"2001:db8:1:2::{each:x}") for each in range(31)]
        assert [staff for staff, _ in knocks[:6]] == [401] * 5 + [429]
        assert [system for _, system in knocks] == [401] * 30 + [429]
        assert await knock("2001:db8:1:3::1") == (401, 401)


@pytest.mark.parametrize(
    "written",
    [
        "*",
        "0.0.0.0/0",
        "::/0",
        "127.0.0.1, *",
        "proxy.example.org",
        "0.0.0.0/1,128.0.0.0/1",
        "192.0.2.1, 10.0.0.0/15",
        "2001:db8::/47",
        "::ffff:0:0/96",
        "::ffff:10.0.0.0/111",
    ],
)
def test_nobody_can_trust_everybody_or_a_mere_name(written: str) -> None:
    with pytest.raises(ValidationError):
        settings_for_tests(forwarded_allow_ips=written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" , ", ""),
        ("10.1.0.0/16, ", "10.1.0.0/16"),
        ("2001:db8::/48 ,::1", "2001:db8::/48,::1"),
        ("::ffff:10.1.0.0/112", "::ffff:10.1.0.0/112"),
    ],
)
def test_single_addresses_and_small_networks_can_be_trusted(written: str, kept: str) -> None:
    assert settings_for_tests(forwarded_allow_ips=written).forwarded_allow_ips == kept
