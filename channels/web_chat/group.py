"""The code of a group session: typed by each on their own device, or once on a device that they share.

On a shared device the code stays for the next person, until somebody says that the group is finished.
"""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from channels.doors import anyone, our_page
from channels.web_chat import cookies
from channels.web_chat.body import address_of, read_form
from channels.web_chat.draw import Pages
from channels.web_chat.needs import WebChat
from channels.web_chat.ways import to_page
from core.group_sessions.group import Group
from core.group_sessions.sessions import read_group_code
from core.rate_limits import TooMuch


def group_routes(router: APIRouter, web: WebChat, pages: Pages) -> None:
    """Add the page with one field, and what it sends."""

    @router.get("/group", dependencies=[Depends(anyone)])
    async def show_group(http_request: Request) -> Response:
        return _draw(pages, http_request)

    @router.post("/group", dependencies=[Depends(our_page(web.public_url))])
    async def receive_code(http_request: Request) -> Response:
        fields = await read_form(http_request)
        if fields.get("do") == "end":
            response = RedirectResponse("/finished", HTTPStatus.SEE_OTHER)
            cookies.forget_group(response)
            return response
        typed, address = fields.get("text", ""), address_of(http_request)
        group = await web.find_group(typed, address)
        if group is None:
            safety = await web.hear_refused(None, typed)
            return ask_for_code(pages, http_request, text=typed, safety=safety)
        if fields.get("shared") == "yes":
            return _keep(web, read_group_code(typed) or "")
        web.count_opening(address)
        begun = await web.begin(group)
        response = to_page(web)
        cookies.keep_conversation(response, web.public_url, begun.token, only_mine=False)
        return response


def ask_for_code(
    pages: Pages, http_request: Request, *, text: str = "", safety: Sequence[str] = ()
) -> Response:
    """Say that a code does not work: a wrong one, an old one and one that is over look alike."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    response = _draw(pages, http_request, status=status, is_wrong=True, text=text, safety=safety)
    cookies.forget_group(response)
    return response


async def group_of_device(web: WebChat, http_request: Request, *, is_urgent: bool) -> Group | None:
    """Give the group session whose code the device keeps, while it works; who is not safe is not held up by TooMuch."""
    try:
        return await web.find_group(http_request.cookies.get(cookies.GROUP, ""), address_of(http_request))
    except TooMuch:
        if is_urgent:
            return None
        raise


def _keep(web: WebChat, code: str) -> Response:
    """Keep the code on a shared device, and nothing of who was there before."""
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    cookies.forget_everything(response, web.public_url)
    cookies.keep_group(response, code, https=web.is_https)
    return response


def _draw(
    pages: Pages,
    http_request: Request,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    is_wrong: bool = False,
    text: str = "",
    safety: Sequence[str] = (),
) -> Response:
    return pages.draw("group.html", http_request, status=status, is_wrong=is_wrong, text=text, safety=safety)
