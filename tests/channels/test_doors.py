"""Who may come in on the web."""

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from channels.doors import cookie_name, origin_of
from channels.web_chat.routes import web_chat_router
from tests.channels.web_chat.talk import Talks


def doors_of(dependant: Dependant) -> set[str]:
    """Find the marks of all dependencies of a route."""
    marks = {str(getattr(inner.call, "door", "")) for inner in dependant.dependencies} - {""}
    return marks.union(*(doors_of(inner) for inner in dependant.dependencies))


def test_every_route_of_the_chat_has_a_door() -> None:
    routes = list(iter_route_contexts(web_chat_router(Talks().web).routes))
    assert len(routes) > 10
    for route in routes:
        assert doors_of(route.dependant), route.path


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8000/page?x=1", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://127.0.0.1:8000"),
        ("https://say.example.org/a", "https://say.example.org"),
        ("https://SAY.example.org", "https://say.example.org"),
        ("https://127.0.0.1.evil", "https://127.0.0.1.evil"),
        ("https://our.page@evil.example/", "https://evil.example"),
        ("null", "://"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_a_secure_cookie_is_kept_to_this_host() -> None:
    assert cookie_name("https://say.example.org") == "__Host-hys_conversation"
    assert cookie_name("http://127.0.0.1:8000") == "hys_conversation"
