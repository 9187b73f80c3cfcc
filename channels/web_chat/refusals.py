"""Answer for the chat's routes: a normal "no" in plain words, and on every answer what browsers may do with it."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from channels.web_chat.headers import secure_headers
from core.errors import Refusal

Explain = Callable[[Request, Refusal, Sequence[str]], Awaitable[Response]]
"""Answers a refusal, with the numbers that help where danger was heard in what is refused."""
HearRefused = Callable[[Request, Refusal], Awaitable[Sequence[str]]]


class MessageNotUnderstood(Refusal):
    """The body is not JSON, or its id or words are not what they should be."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    words = "I do not know that message. Please try again."


async def say_problem(_http_request: Request, refusal: Refusal, safety: Sequence[str]) -> Response:
    """Answer a script with the status and the words of a refusal, as problem+json (RFC 9457).

    Where danger was heard in what is refused, `safety` holds the numbers that help.
    """
    return JSONResponse(
        {
            "title": refusal.said,
            "status": int(refusal.status),
            **({"safety": list(safety)} if safety else {}),
        },
        refusal.status,
        refusal.headers,
        media_type="application/problem+json",
    )


def route_class(*, https: bool, explain: Explain, hear: HearRefused) -> type[APIRoute]:
    """Make a kind of route whose refusals, its door's included, are explained, and whose headers are secure."""

    class ChatRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_or_explain(http_request: Request) -> Response:
                try:
                    response = await handle(http_request)
                except Refusal as refusal:
                    response = await explain(http_request, refusal, await hear(http_request, refusal))
                return secure_headers(response, https=https)

            return handle_or_explain

    return ChatRoute
