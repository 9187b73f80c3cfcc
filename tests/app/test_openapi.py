"""What the OpenAPI says is what the service does: invented calls, right and wrong, by schemathesis with fixed seeds."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case as AnyCase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.conversation.opening import open_conversation
from core.database import open_store
from core.staff.roles import Scope
from tests.app.whole_site import WholeSite, open_site
from tests.fakes import FakeClock
from tests.stores import Stores, make_tables

Case = AnyCase[Any]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = {
    "POST /chat/conversations",
    "POST /chat/conversations/{conversation}/messages",
    "GET /chat/conversations/{conversation}/messages",
    "GET /chat/conversations/{conversation}/events",
    "POST /chat/conversations/{conversation}/finish",
    "GET /api/v1/releases",
    "GET /api/v1/questions",
    "GET /api/v1/themes",
    "GET /api/v1/summaries",
}
TAKES_NOTHING = {"GET /api/v1/releases", "POST /chat/conversations/{conversation}/finish"}
TRIES = 20


class Service:
    """The whole site in an event loop of its own, which a test that draws its calls can ask."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.site = self.runner.run(self._open(folder))
        self.schema = schemathesis.openapi.from_dict(self.site.app.openapi())

    async def _open(self, folder: Path) -> WholeSite:
        stores = Stores(*(open_store(f"sqlite+aiosqlite:///{folder}/{name}.db") for name in ("s", "v")))
        await make_tables(stores)
        self.stack.push_async_callback(stores.service.close)
        self.stack.push_async_callback(stores.views.close)
        site = open_site(stores, FakeClock(), hys_home=folder, hys_rate_limits="off")
        return await self.stack.enter_async_context(site)

    def close(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    def call(self, case: Case, *, inside: bool) -> None:
        """Make a call and look if the answer is one that was described; `inside`: with keys that open the door."""
        if inside:
            self._give_keys(case)
        asked = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
        method, url = asked.pop("method"), asked.pop("url")
        if asked.pop("cookies", None):
            asked["headers"] = {**asked["headers"], "cookie": "hys_conversation=wrong"}
        answer = self.runner.run(self.site.ask(method, url, **asked))
        if answer is not None:
            case.validate_response(answer, checks=CHECKS)

    def _give_keys(self, case: Case) -> None:
        key = self.site.keys[Scope.SUMMARIES]
        if isinstance(case.query.get("wait"), int | float):
            case.query["wait"] = 0  # what it may be is drawn; nobody waits for it here
        if "{conversation}" in case.path:
            if case.path.endswith("/finish"):
                opened = self.runner.run(open_conversation(self.site.house))
                self.site.conversation, self.site.conversation_key = opened.conversation, opened.token
            case.path_parameters["conversation"] = self.site.conversation
            key = self.site.conversation_key
        case.headers["Authorization"] = f"Bearer {key}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = Service(tmp_path_factory.mktemp("openapi"))
    yield made
    made.close()


def test_every_address_of_the_interface_is_described(service: Service) -> None:
    paths = service.site.app.openapi()["paths"]
    assert {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods} == OPERATIONS


def calls() -> Iterator[tuple[str, bool, GenerationMode]]:
    """Every operation, with keys and without, with what is right and what is wrong.

    Left out: the stream with a key, which does not end (tests/channels/web_chat reads it), and what is wrong for
    an operation that takes nothing.
    """
    for operation, inside, mode in product(sorted(OPERATIONS), (True, False), (*GenerationMode,)):
        is_endless = operation.endswith("/events") and inside
        if not is_endless and not (operation in TAKES_NOTHING and mode is GenerationMode.NEGATIVE):
            yield operation, inside, mode


@pytest.mark.parametrize(("operation", "inside", "mode"), calls())
def test_every_answer_is_one_that_was_described(
    service: Service,
    operation: str,
    inside: bool,  # noqa: FBT001 - as pytest gives it
    mode: GenerationMode,
) -> None:
    method, path = operation.split(" ")

    @seed(20261125)
    @settings(
        max_examples=TRIES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=service.schema[path][method].as_strategy(generation_mode=mode))
    def call(case: Case) -> None:
        service.call(case, inside=inside)

    call()
