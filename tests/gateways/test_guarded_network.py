"""Only the hosts that are named are asked, and never an address of this machine's own neighbourhood."""

from collections.abc import Mapping

import httpx
import pytest

from gateways.guarded_network import Allowed, GuardedNetwork, NotAllowed, read_hosts

FEED = Allowed(frozenset({"feed.example", "other.example:8443"}))


class FarSide(httpx.AsyncBaseTransport):
    """Keeps what would leave this machine; `leads` are the paths that lead on, and where to."""

    def __init__(self, leads: Mapping[str, str] | None = None) -> None:
        self.asked: list[httpx.Request] = []
        self._leads = leads or {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path in self._leads:
            return httpx.Response(307, headers={"location": self._leads[request.url.path]})
        return httpx.Response(200, text="here")


async def ask(address: str, *found: str, allowed: Allowed = FEED, far: FarSide | None = None) -> FarSide:
    far = far or FarSide()

    async def resolve(_host: str, _port: int) -> list[str]:
        return list(found)

    network = GuardedNetwork(far, allowed, resolve)
    async with httpx.AsyncClient(transport=network, follow_redirects=True) as client:
        await client.get(address)
    return far


async def test_the_very_address_that_was_looked_at_is_asked_under_the_hosts_own_name() -> None:
    far = await ask("https://feed.example/services", "93.184.215.14")
    (asked,) = far.asked
    assert str(asked.url) == "https://93.184.215.14/services"
    assert asked.headers["host"] == "feed.example"
    assert asked.extensions["sni_hostname"] == "feed.example"


async def test_a_way_that_a_host_leads_on_itself_is_of_the_same_host() -> None:
    far = FarSide({"/services": "/services/"})
    await ask("https://feed.example/services", "93.184.215.14", far=far)
    assert [(asked.url.path, asked.headers["host"]) for asked in far.asked] == [
        ("/services", "feed.example"),
        ("/services/", "feed.example"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.5", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.5", "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:53aa:64c:0:0:80ff:fffe",
    ],
)  # fmt: skip
async def test_a_host_that_leads_to_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed, match="leads to a private address"):
        await ask("https://feed.example/services", "93.184.215.14", address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://feed.example/", "is not https"),
        ("https://elsewhere.example/", "is not in LOCAL_OFFER_FEED_HOSTS"),
        ("https://feed.example.evil.example/", "is not in LOCAL_OFFER_FEED_HOSTS"),
        ("https://feed.example:8080/", r"feed.example \(port 8080\) is not in"),
        ("https://169.254.169.254/", "is not in LOCAL_OFFER_FEED_HOSTS"),
        ("https://name:word@feed.example/", "a password stand in the address"),
    ],
)
async def test_what_is_not_on_the_list_is_refused(address: str, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        await ask(address, "93.184.215.14")


async def test_a_port_may_be_named() -> None:
    assert len((await ask("https://other.example:8443/", "93.184.215.14")).asked) == 1


async def test_this_machine_is_asked_only_where_that_is_allowed_and_under_its_own_name() -> None:
    here = Allowed(frozenset({"127.0.0.1", "feed.example"}), loopback=True)
    assert len((await ask("http://127.0.0.1:9000/", "127.0.0.1", allowed=here)).asked) == 1
    with pytest.raises(NotAllowed, match="leads to a private address"):
        await ask("https://feed.example/", "127.0.0.1", allowed=here)
    with pytest.raises(NotAllowed, match="is not https"):
        await ask("http://127.0.0.1/", "127.0.0.1", allowed=Allowed(here.hosts))
    with pytest.raises(NotAllowed, match="leads to a private address"):
        await ask("https://127.0.0.1/", "127.0.0.1", allowed=Allowed(here.hosts))


def test_hosts_are_written_with_commas_or_spaces() -> None:
    assert read_hosts(" Feed.example, other.example:8443  third.example ") == {
        "feed.example",
        "other.example:8443",
        "third.example",
    }
