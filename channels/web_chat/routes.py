"""The way in for browsers and scripts: open a conversation, send a message, hear what is new."""

import re
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from channels.doors import anyone, key_of_conversation, no_other_page
from channels.web_chat.body import address_of, read_json, read_sent
from channels.web_chat.cookies import forget_everything, keep_conversation
from channels.web_chat.described import FINISHED, OPENED, OPENING, READ, SENDING, STREAMED, TAKEN
from channels.web_chat.listen import Pace, stream_messages, wait_for_messages
from channels.web_chat.needs import WebChat
from channels.web_chat.pages import page_routes
from channels.web_chat.refusals import route_class, say_problem
from channels.web_chat.refused_words import safety_of
from channels.web_chat.shown import as_json
from channels.web_chat.static_files import StaticFiles, load_static_files
from core.ids import ConversationId

_STREAM_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}
_SEQ = re.compile(r"[0-9]{1,9}")

Seq = Annotated[int, Query(ge=0, le=2**31 - 1)]


def web_chat_router(web: WebChat, *, pace: Pace = Pace()) -> APIRouter:  # noqa: B008 - it is frozen
    """Give every route of the chat: the page, its forms, its files, and the way in for scripts."""
    static = load_static_files()
    router = APIRouter(
        route_class=route_class(https=web.is_https, explain=say_problem, hear=partial(safety_of, web))
    )

    _add_opening(router, web)
    _add_talking(router, web)
    _add_reading(router, web, pace)
    router.include_router(page_routes(web, static, pace))
    router.include_router(_file_routes(static))
    return router


def _file_routes(static: StaticFiles) -> APIRouter:
    """Files have few headers of their own: with all of a page's, two dozen pictures would weigh twice as much."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{path:path}", dependencies=[Depends(anyone)])
    async def send_file(http_request: Request, path: str) -> Response:
        return static.answer(http_request, path)

    return router


def _add_opening(router: APIRouter, web: WebChat) -> None:
    @router.post(
        "/chat/conversations",
        dependencies=[Depends(no_other_page(web.public_url))],
        status_code=HTTPStatus.CREATED,
        responses=OPENED,
        openapi_extra=OPENING,
    )
    async def open_conversation(http_request: Request) -> JSONResponse:
        """Open a conversation; with `{"client": "api"}` its key is in the body, else in a cookie."""
        asked = await read_json(http_request)
        web.count_opening(address_of(http_request))
        begun = await web.begin(None)
        messages = await web.messages_after(begun.conversation, 0)
        told: dict[str, Any] = {
            "conversation": begun.conversation,
            "messages": [as_json(message) for message in messages],
        }
        if asked.get("client") == "api":
            return JSONResponse({**told, "token": begun.token}, HTTPStatus.CREATED)
        response = JSONResponse(told, HTTPStatus.CREATED)
        keep_conversation(response, web.public_url, begun.token, only_mine=asked.get("only_mine") is True)
        return response


def _add_talking(router: APIRouter, web: WebChat) -> None:
    key = [Depends(key_of_conversation(web.find, web.public_url))]

    @router.post(
        "/chat/conversations/{conversation}/messages",
        dependencies=key,
        status_code=HTTPStatus.ACCEPTED,
        responses=TAKEN,
        openapi_extra=SENDING,
    )
    async def send_message(http_request: Request, conversation: ConversationId) -> JSONResponse:
        """Take a message in; 202, or 200 when it had come before."""
        taken = await web.accept(conversation, await read_sent(http_request))
        return JSONResponse({"seq": taken.seq}, HTTPStatus.OK if taken.is_repeat else HTTPStatus.ACCEPTED)

    @router.post("/chat/conversations/{conversation}/finish", dependencies=key, responses=FINISHED)
    async def finish_conversation(conversation: ConversationId) -> JSONResponse:
        """Forget the key to this conversation, on our side and in the cookie."""
        await web.finish(conversation)
        response = JSONResponse({"finished": True})
        forget_everything(response, web.public_url)
        return response


def _add_reading(router: APIRouter, web: WebChat, pace: Pace) -> None:
    key = [Depends(key_of_conversation(web.find, web.public_url))]

    @router.get("/chat/conversations/{conversation}/messages", dependencies=key, responses=READ)
    async def read_messages(
        conversation: ConversationId, after: Seq = 0, wait: Annotated[float, Query(ge=0)] = 0
    ) -> dict[str, Any]:
        """Give what came after a seq, at once or as soon as there is something."""
        messages = await wait_for_messages(web, conversation, after=after, seconds=wait)
        return {"messages": [as_json(message) for message in messages]}

    @router.get(
        "/chat/conversations/{conversation}/events",
        dependencies=key,
        response_class=StreamingResponse,
        responses=STREAMED,
    )
    async def stream_events(
        conversation: ConversationId, after: Seq = 0, last_event_id: Annotated[str | None, Header()] = None
    ) -> StreamingResponse:
        """Stream the same; a browser that comes back says the last seq it has in `Last-Event-ID`."""
        seen = int(last_event_id) if last_event_id and _SEQ.fullmatch(last_event_id) else after
        events = stream_messages(web, conversation, after=seen, pace=pace)
        return StreamingResponse(events, media_type="text/event-stream", headers=_STREAM_HEADERS)
