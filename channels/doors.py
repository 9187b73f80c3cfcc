"""Who may come in where young people talk to us on the web: every dependency made here is marked as a door."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlsplit

from fastapi import Request

from core.conversation.refusals import NoSuchConversation
from core.errors import Refusal
from core.ids import ConversationId

Dependency = TypeVar("Dependency", bound=Callable[..., object])
FindByToken = Callable[[str], Awaitable[ConversationId | None]]

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_THIS_MACHINE: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


class NotFromOurPage(Refusal):
    """A browser sent this from a page that is not ours, or did not say from which."""

    status = HTTPStatus.FORBIDDEN
    words = "Please open this page again. Then try once more."


def door(kind: str) -> Callable[[Dependency], Dependency]:
    """Mark a dependency as a door of this kind, so that a test can find routes without one."""

    def mark(dependency: Dependency) -> Dependency:
        dependency.door = kind  # type: ignore[attr-defined]
        return dependency

    return mark


@door("anyone")
async def anyone() -> None:
    """Let everybody in: the page that opens the chat, its pictures and its letters."""


def cookie_name(public_url: str) -> str:
    """Name the conversation's cookie; `__Host-` keeps it to this host where the connection is secure."""
    return "__Host-hys_conversation" if public_url.startswith("https://") else "hys_conversation"


def origin_of(url: str) -> str:
    """Give the scheme, host and port of a URL; the names of this machine count as one."""
    parts = urlsplit(url)
    host = parts.netloc.lower().rpartition("@")[2]
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not colon:
        name, port = host, ""
    if name in _THIS_MACHINE:
        name = "127.0.0.1"
    return f"{parts.scheme}://{name}{colon}{port}"


def is_from_our_page(http_request: Request, public_url: str) -> bool:
    """Whether the browser says that the page which sent this is ours: by Origin, else by Referer."""
    said = http_request.headers.get("origin") or http_request.headers.get("referer")
    return said is not None and origin_of(said) == origin_of(public_url)


def our_page(public_url: str) -> Callable[[Request], Awaitable[None]]:
    """Make the door of a form that has no conversation yet: only our own page may send it."""

    @door("our page")
    async def come_in(http_request: Request) -> None:
        if not is_from_our_page(http_request, public_url):
            raise NotFromOurPage

    return come_in


def no_other_page(public_url: str) -> Callable[[Request], Awaitable[None]]:
    """Make the door of what scripts may call too: who names a page as the sender must name ours."""

    @door("no other page")
    async def come_in(http_request: Request) -> None:
        if "origin" in http_request.headers and not is_from_our_page(http_request, public_url):
            raise NotFromOurPage

    return come_in


def cookie_of_conversation(
    find: FindByToken, public_url: str
) -> Callable[[Request], Awaitable[ConversationId]]:
    """Make the door of the page's forms: the cookie says which conversation, Origin that it was our page."""

    @door("cookie of the conversation")
    async def come_in(http_request: Request) -> ConversationId:
        if http_request.method not in _SAFE_METHODS and not is_from_our_page(http_request, public_url):
            raise NotFromOurPage
        token = http_request.cookies.get(cookie_name(public_url))
        found = await find(token) if token else None
        if found is None:
            raise NoSuchConversation
        return found

    return come_in


def key_of_conversation(
    find: FindByToken, public_url: str
) -> Callable[[Request, str], Awaitable[ConversationId]]:
    """Make the door of `/chat/conversations/{conversation}/...`: a bearer token, or the cookie as above.

    Another person's conversation and one that does not exist are refused alike.
    """
    by_cookie = cookie_of_conversation(find, public_url)

    @door("key of the conversation")
    async def come_in(http_request: Request, conversation: str) -> ConversationId:
        scheme, _, token = http_request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            found = await find(token.strip())
        else:
            found = await by_cookie(http_request)
        if found is None or found != conversation:
            raise NoSuchConversation
        return found

    return come_in
