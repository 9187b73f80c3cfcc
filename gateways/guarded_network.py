"""A network that reaches only the hosts that are named, and never this machine's own neighbourhood."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""A host's name and a port to its addresses."""

NAT64 = ip_network("64:ff9b::/96")
PORTS = {"https": 443, "http": 80}


class NotAllowed(Exception):
    """An address that may not be asked; the words say which and why."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The hosts that may be asked, each as `host` or `host:port`.

    `loopback` lets this machine itself be asked, also without https: for trying things out, and for tests.
    """

    hosts: frozenset[str]
    loopback: bool = False


def read_hosts(written: str) -> frozenset[str]:
    """Read hosts that are written with commas or spaces between."""
    return frozenset(host.lower() for host in written.replace(",", " ").split())


class GuardedNetwork(httpx.AsyncBaseTransport):
    """Looks at every request, also at one that a redirect led to, and connects to the very address it looked at."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, allowed: Allowed, resolve: Resolve | None = None
    ) -> None:
        self._inner = inner
        self._allowed = allowed
        self._resolve = resolve or _resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask; NotAllowed before anything has left this machine."""
        url = request.url
        check_url(url, self._allowed)
        port = url.port or PORTS[url.scheme]
        try:
            found = await self._resolve(url.host, port)
        except OSError as error:
            raise httpx.ConnectError(f"{url.host} has no address", request=request) from error
        # Every address is looked at: one of a private network among others is no accident.
        check_addresses(url.host, map(ip_address, found), self._allowed)
        # Another request leaves: the asker's own keeps the name, so that a way from here to "/there" is of this host.
        leaving = httpx.Request(
            request.method,
            url.copy_with(host=found[0]),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await self._inner.handle_async_request(leaving)

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._inner.aclose()


def check_url(url: httpx.URL, allowed: Allowed) -> None:
    """Refuse what is no https, has a name and password in it, or is not on the list: NotAllowed."""
    here = allowed.loopback and is_loopback_host(url.host)
    if url.scheme != "https" and not (url.scheme == "http" and here):
        raise NotAllowed(f"{url.scheme}://{url.host} is not https.")
    if url.userinfo:
        raise NotAllowed("A name and a password stand in the address. Take them out.")
    port = url.port or PORTS[url.scheme]
    names = {f"{url.host}:{port}"} | ({url.host} if port == PORTS[url.scheme] or here else set())
    if not names & allowed.hosts:
        raise NotAllowed(f"{url.host} (port {port}) is not in LOCAL_OFFER_FEED_HOSTS.")


def check_addresses(host: str, addresses: Iterable[Address], allowed: Allowed) -> None:
    """Refuse a host that has an address of a private network: NotAllowed."""
    for address in addresses:
        inner = _inner(address)
        if inner.is_loopback and allowed.loopback and is_loopback_host(host):
            continue
        if not inner.is_global or inner.is_multicast or inner.is_reserved:
            raise NotAllowed(f"{host} leads to a private address.")


def is_loopback_host(host: str) -> bool:
    """Say whether a host is written as this machine itself."""
    return host in {"localhost", "127.0.0.1", "::1"}


def _inner(address: Address) -> Address:
    """Give the address that another one wraps: IPv6 has several ways to write one of IPv4."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]
