"""Every route has a door: a dependency that says who may come in."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from api.doors import public_door
from app.compose import build_text_desk
from app.site import Parts, build_site
from app.stores import Stores as AppStores
from tests.builders import build_test_house, settings_for_tests
from tests.fakes import FakeClock
from tests.stores import Stores

OPEN_TO_ALL = {"/api/v1/openapi.json"}
"""The description of the API is for everybody."""


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


async def test_every_route_of_the_service_has_a_door(sqlite_stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(sqlite_stores, clock)
    settings = settings_for_tests()
    stores = AppStores(sqlite_stores.service, sqlite_stores.views)
    texts = build_text_desk(settings, house)
    site = build_site(Parts(settings, stores, house, texts, "a token"))
    assert set(routes_without_door(site.routes)) == OPEN_TO_ALL
    await texts.close()


def test_a_route_without_a_door_is_found() -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/open", show_nothing)
    app.add_api_route("/guarded", show_nothing, dependencies=[Depends(public_door)])
    assert routes_without_door(app.routes) == ["/open"]
