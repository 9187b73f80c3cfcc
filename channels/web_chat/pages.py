"""The page and its forms: everything works without a script, one form post after another."""

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from channels.doors import anyone, cookie_name, cookie_of_conversation, our_page
from channels.web_chat import cookies
from channels.web_chat.body import address_of, read_form, sent_by_form
from channels.web_chat.draw import Pages
from channels.web_chat.group import ask_for_code, group_of_device, group_routes
from channels.web_chat.listen import Pace, wait_for_answer
from channels.web_chat.looks import read_look
from channels.web_chat.my_page import my_page_routes
from channels.web_chat.needs import MOST_MESSAGES, Sent, WebChat
from channels.web_chat.own_words import own_words_routes
from channels.web_chat.refusals import Explain, route_class
from channels.web_chat.refused_words import safety_of
from channels.web_chat.shown import first_unread, is_waiting, open_message, tiles_of
from channels.web_chat.static_files import StaticFiles
from channels.web_chat.ways import to_page
from core.conversation.transcript import ShownMessage
from core.errors import Refusal
from core.ids import ConversationId


def page_routes(web: WebChat, static: StaticFiles, pace: Pace) -> APIRouter:
    """Give the routes that answer with pages."""
    pages = Pages(web, static)
    hear = partial(safety_of, web)
    kind = route_class(https=web.is_https, explain=_explain_on_a_page(pages), hear=hear)
    router = APIRouter(route_class=kind, include_in_schema=False)
    _add_pages(router, web, pages)
    _add_openings(router, web, pages)
    _add_talking(router, web, pace.form_waits_seconds)
    _add_finishing(router, web, pages)
    own_words_routes(router, web, pages)
    my_page_routes(router, web)
    group_routes(router, web, pages)
    return router


def _add_pages(router: APIRouter, web: WebChat, pages: Pages) -> None:
    @router.get("/", dependencies=[Depends(anyone)])
    async def show_page(http_request: Request) -> Response:
        return await _draw_page(web, pages, http_request)

    @router.get("/finished", dependencies=[Depends(anyone)])
    async def show_finished(http_request: Request) -> Response:
        response = pages.draw("finished.html", http_request)
        cookies.forget_everything(response, web.public_url)
        return response

    @router.get("/leave", dependencies=[Depends(anyone)])
    async def leave() -> Response:
        response = RedirectResponse(web.leave_to, HTTPStatus.SEE_OTHER)
        cookies.forget_showing(response)
        return response

    @router.post("/my-way", dependencies=[Depends(our_page(web.public_url))])
    async def keep_my_way(http_request: Request) -> Response:
        fields = await read_form(http_request)
        response = to_page(web, show=fields.get("show") == "yes")
        cookies.keep_look(response, read_look(fields), https=web.is_https)
        return response


def _add_openings(router: APIRouter, web: WebChat, pages: Pages) -> None:
    @router.post("/chat/start", dependencies=[Depends(our_page(web.public_url))])
    async def start(http_request: Request) -> Response:
        fields = await read_form(http_request)
        is_not_safe = fields.get("first") == "not_safe"
        if not is_not_safe:
            web.count_opening(address_of(http_request))
        is_shared = cookies.GROUP in http_request.cookies
        group = await group_of_device(web, http_request, is_urgent=is_not_safe) if is_shared else None
        if is_shared and group is None and not is_not_safe:
            return ask_for_code(pages, http_request)
        begun = await web.begin(group)
        if is_not_safe:
            await _say_not_safe(web, begun.conversation)
        response = to_page(web)
        only_mine = fields.get("only_mine") == "yes" and not is_shared
        cookies.keep_conversation(response, web.public_url, begun.token, only_mine=only_mine)
        return response


def _add_talking(router: APIRouter, web: WebChat, patience_seconds: float) -> None:
    key = cookie_of_conversation(web.find, web.public_url)

    @router.post("/chat/go-on", dependencies=[Depends(key)])
    async def go_on() -> Response:
        return to_page(web)

    @router.post("/chat/say")
    async def say(http_request: Request, mine: Annotated[ConversationId, Depends(key)]) -> Response:
        sent = sent_by_form(await read_form(http_request), address_of(http_request))
        taken = await web.accept(mine, sent)
        await wait_for_answer(web, mine, after=taken.seq, seconds=patience_seconds)
        return to_page(web)

    @router.post("/chat/look")
    async def look_for_answer(mine: Annotated[ConversationId, Depends(key)]) -> Response:
        messages = await _all_messages(web, mine)
        last = messages[-1].seq if messages else 0
        await wait_for_answer(web, mine, after=last, seconds=patience_seconds)
        return to_page(web)


def _add_finishing(router: APIRouter, web: WebChat, pages: Pages) -> None:
    key = cookie_of_conversation(web.find, web.public_url)

    @router.post("/chat/finish")
    async def finish(http_request: Request, mine: Annotated[ConversationId, Depends(key)]) -> Response:
        """Finish; words that were not sent yet are asked about first. Then the next person may begin."""
        fields = await read_form(http_request)
        text, wish, is_next = fields.get("text", ""), fields.get("do"), fields.get("next") == "yes"
        if wish == "stay":
            return await _draw_conversation(web, pages, http_request, mine, draft=text)
        if text.strip() and wish is None:
            return pages.draw("unsent.html", http_request, text=text, drawn=uuid4(), is_next=is_next)
        if text.strip() and wish == "send":
            await web.accept(mine, sent_by_form(fields, address_of(http_request)))
        await web.finish(mine)
        response = RedirectResponse("/" if is_next else "/finished", HTTPStatus.SEE_OTHER)
        cookies.forget_everything(response, web.public_url)
        return response


async def _draw_page(web: WebChat, pages: Pages, http_request: Request) -> Response:
    """Draw the opening, or ask "Go on" or "Start new", or show the conversation just after our own form."""
    token = http_request.cookies.get(cookie_name(web.public_url))
    conversation = await web.find(token) if token else None
    if conversation is None:
        response: Response = pages.draw("start.html", http_request)
        if token:
            cookies.forget_conversation(response, web.public_url)
        return response
    if cookies.SHOW_ONCE not in http_request.cookies:
        only_mine = cookies.ONLY_MINE in http_request.cookies
        return pages.draw("back.html", http_request, only_mine=only_mine)
    response = await _draw_conversation(web, pages, http_request, conversation)
    cookies.forget_showing(response)
    return response


async def _draw_conversation(
    web: WebChat, pages: Pages, http_request: Request, conversation: ConversationId, *, draft: str = ""
) -> Response:
    messages = await _all_messages(web, conversation)
    asking = open_message(messages)
    return pages.draw(
        "chat.html",
        http_request,
        conversation=conversation,
        messages=messages,
        first_unread=first_unread(messages),
        waiting=is_waiting(messages),
        open_message=asking,
        tiles=tiles_of(asking, always=pages.always()),
        standing=await web.standing(conversation),
        only_mine=cookies.ONLY_MINE in http_request.cookies,
        drawn=uuid4(),
        draft=draft,
        script_words=pages.script_words(),
        shows_conversation=True,
    )


async def _all_messages(web: WebChat, conversation: ConversationId) -> list[ShownMessage]:
    messages: list[ShownMessage] = []
    while True:
        after = messages[-1].seq if messages else 0
        more = await web.messages_after(conversation, after)
        messages.extend(more)
        if len(more) < MOST_MESSAGES:
            return messages


async def _say_not_safe(web: WebChat, conversation: ConversationId) -> None:
    standing = await web.standing(conversation)
    await web.accept(conversation, Sent(str(uuid4()), None, standing["say_not_safe"]))


def _explain_on_a_page(pages: Pages) -> Explain:
    """Make what answers a refusal with a page in plain words, which keeps what was typed."""

    async def explain(http_request: Request, refusal: Refusal, safety: Sequence[str]) -> Response:
        text = (await _typed(http_request)).get("text", "")
        return pages.draw(
            "problem.html",
            http_request,
            status=int(refusal.status),
            words=refusal.said,
            text=text,
            safety=safety,
        )

    return explain


async def _typed(http_request: Request) -> Mapping[str, str]:
    """Give the form's fields, also when a door refused before anything was read."""
    try:
        return await read_form(http_request)
    except Refusal:
        return {}
