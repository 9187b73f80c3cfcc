"""Every route has a door: a dependency that says who may come in."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from api.doors import public_door
from tests.api.conftest import make_site
from tests.fakes import FakeClock
from tests.stores import Stores


def routes_without_door(routes: Sequence[BaseRoute]) -> list[str]:
    """List the routes that none of their dependencies guards."""
    return [
        str(route.path)
        for route in iter_route_contexts(routes)
        if not any(hasattr(call, "door") for call in _dependencies(getattr(route, "dependant", None)))
    ]


def _dependencies(dependant: Dependant | None) -> Iterator[Any]:
    for inner in dependant.dependencies if dependant else ():
        yield inner.call
        yield from _dependencies(inner)


async def show_nothing() -> None:
    """Stand behind a door, or behind none."""


async def test_every_route_of_the_staff_has_a_door(sqlite_stores: Stores, clock: FakeClock) -> None:
    site = make_site(sqlite_stores, clock)
    assert routes_without_door(site.app.routes) == []
    site.office.passwords.close()


def test_a_route_without_a_door_is_found() -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/open", show_nothing)
    app.add_api_route("/guarded", show_nothing, dependencies=[Depends(public_door)])
    assert routes_without_door(app.routes) == ["/open"]
