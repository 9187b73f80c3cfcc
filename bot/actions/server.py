"""The door by which Rasa asks our actions: loopback and a token, and nothing is committed behind it."""

import hmac
import json
import zlib
from dataclasses import dataclass
from typing import Any, ClassVar

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import (
    ActionExecutionRejection,
    ActionMissingDomainException,
    ActionNotFoundException,
)

from bot.actions.all_actions import every_action
from bot.actions.knowledge import Knowledge
from bot.actions.turn import StateOutOfStep

TOKEN_HEADER = "x-hys-token"  # noqa: S105 - the header's name, not the token
LOOPBACK = frozenset({"127.0.0.1", "::1"})
LARGEST_BODY = 4_000_000
"""A tracker of 150 events with long states stays far below."""

log = structlog.get_logger()


def actions_router(knowledge: Knowledge, token: str) -> APIRouter:
    """Give the route POST /rasa/actions; `token` is the secret between Rasa and us, never empty."""
    if not token:
        raise ValueError("The actions need a token.")
    executor = ActionExecutor()
    for name, run in every_action(knowledge).items():
        executor.register_function(name, run)
    router = APIRouter(dependencies=[Depends(RasaDoor(token))])

    @router.post("/rasa/actions", include_in_schema=False)
    async def run_action(http_request: Request) -> JSONResponse:
        call = _read(await http_request.body(), http_request.headers.get("content-encoding", ""))
        return await _run(executor, call)

    return router


@dataclass(frozen=True, slots=True)
class RasaDoor:
    """Only Rasa, on this machine and with our token, may come in; marked as a door."""

    token: str
    door: ClassVar[str] = "rasa"

    async def __call__(self, http_request: Request) -> None:
        """Raise 403 for anybody else."""
        given = http_request.headers.get(TOKEN_HEADER, "")
        host = http_request.client.host if http_request.client else ""
        if host not in LOOPBACK or not hmac.compare_digest(given.encode(), self.token.encode()):
            raise HTTPException(403)


def _read(body: bytes, encoding: str) -> dict[str, Any]:
    """Read the call, which Rasa may deflate; raises 413 and 422."""
    if encoding == "deflate":
        inflater = zlib.decompressobj()
        body = inflater.decompress(body, LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise HTTPException(413)
    try:
        call = json.loads(body)
    except ValueError as error:
        raise HTTPException(422) from error
    if not isinstance(call, dict):
        raise HTTPException(422)
    # Rasa leaves the domain out (endpoints.yml says so) and no action of ours reads it.
    return {"domain": {}, **call}


async def _run(executor: ActionExecutor, call: dict[str, Any]) -> JSONResponse:
    """Run the action; Rasa knows these codes, and takes any other for a failure, as 409 is meant."""
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as error:
        return _problem(400, error.action_name, str(error))
    except ActionNotFoundException as error:
        return _problem(404, error.action_name, str(error))
    except ActionMissingDomainException as error:
        return _problem(449, error.action_name, str(error))
    except StateOutOfStep:
        return _problem(409, str(call.get("next_action")), "The state is not the one that was sent.")
    return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})


def _problem(status: int, action: str, words: str) -> JSONResponse:
    log.warning("action_refused", action=action, status=status)
    return JSONResponse({"error": words, "action_name": action}, status_code=status)
