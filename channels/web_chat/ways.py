"""Send a browser to the page after a form."""

from http import HTTPStatus

from fastapi.responses import RedirectResponse

from channels.web_chat import cookies
from channels.web_chat.needs import WebChat


def to_page(web: WebChat, *, show: bool = True) -> RedirectResponse:
    """Lead to the page, so that reloading sends nothing twice; without `show` it asks first."""
    response = RedirectResponse("/#latest" if show else "/", HTTPStatus.SEE_OTHER)
    if show:
        cookies.show_once(response, https=web.is_https)
    return response
