"""Say a normal "no" to a script as problem+json."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from core.errors import Refusal


class MessageNotUnderstood(Refusal):
    """The body is not JSON, or its id or words are not what they should be."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "I do not know that message. Please try again."


def problem(refusal: Refusal) -> JSONResponse:
    """Answer with the status and the words of a refusal (RFC 9457)."""
    return JSONResponse(
        {"title": refusal.said, "status": int(refusal.status)},
        refusal.status,
        media_type="application/problem+json",
    )


class ScriptRoute(APIRoute):
    """A route whose refusals, its door's included, are answered as problem+json."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap what FastAPI would do."""
        handle = super().get_route_handler()

        async def handle_or_refuse(http_request: Request) -> Response:
            try:
                return await handle(http_request)
            except Refusal as refusal:
                return problem(refusal)

        return handle_or_refuse
