"""Spare Rasa four pieces of work that it does anew for every message, and whose result never changes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import aiohttp
import fastjsonschema
import rasa.shared.utils.common
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

KEPT_SECONDS = 2.0
"""Less than our app keeps an idle connection (5 s), so that none is used just as it closes."""

_is_result = fastjsonschema.compile(RemoteAction.action_response_format_spec())


def take_shortcuts() -> None:
    """Compile the schema of what actions answer, look the classes of events up, and connect to them, once.

    Compiling the schema again was 72 % of a turn with an action; of the rest, looking the classes up was 9 %
    and connecting to our app for each action 10 %. And a form that heard no answer need not ask our app what
    to make of none: each interruption costs one call less.
    """

    def validate(_self: RemoteAction, result: dict[str, Any]) -> bool:
        _is_result(result)  # raises JsonSchemaException, which fails the action as Rasa's own check would
        return True

    RemoteAction._validate_action_result = validate  # noqa: SLF001  (Rasa offers no other place)
    rasa.shared.utils.common.all_subclasses = lru_cache(maxsize=None)(rasa.shared.utils.common.all_subclasses)
    ask_form = FormAction.validate_slots

    async def validate_slots(self: FormAction, heard: dict[str, Any], *others: Any) -> list[Any]:
        return await ask_form(self, heard, *others) if heard else []

    FormAction.validate_slots = validate_slots
    _keep_connections()


def _keep_connections() -> None:
    kept, ask = _KeptSession(), EndpointConfig.request

    async def request(self: EndpointConfig, *parts: Any, **options: Any) -> Any:
        try:
            return await ask(self, *parts, **options)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # The connection closed just as it was used. Actions commit nothing, so to ask again is safe.
            return await ask(self, *parts, **options)

    EndpointConfig.session = lambda _self: kept
    EndpointConfig.request = request


class _KeptSession:
    """One HTTP session for all calls of actions, where Rasa opens and closes one for each."""

    def __init__(self) -> None:
        self._shared: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> aiohttp.ClientSession:
        if self._shared is None or self._shared.closed:
            self._shared = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
                connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS),
            )
        return self._shared

    async def __aexit__(self, *_error: object) -> None:
        """Leave the session open for the next call."""
