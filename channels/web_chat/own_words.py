"""The pages of what is a young person's own: a code to delete or to come back with, and a copy of what was said."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from channels.doors import cookie_of_conversation
from channels.web_chat.body import read_form
from channels.web_chat.draw import Pages
from channels.web_chat.needs import WebChat
from core.ids import ConversationId
from core.text.code_words import CodeKind, pictures_of

_CODES: Final[Mapping[str, CodeKind]] = {"delete": CodeKind.DELETE, "return": CodeKind.RETURN}


def own_words_routes(router: APIRouter, web: WebChat, pages: Pages) -> None:
    """Add the form that asks for them. Each is asked about once more first, since others may see the screen."""
    key = cookie_of_conversation(web.find, web.public_url)

    @router.post("/chat/mine")
    async def show_mine(http_request: Request, mine: Annotated[ConversationId, Depends(key)]) -> Response:
        wish = (await read_form(http_request)).get("do", "")
        if wish in _CODES:
            return await _draw_code(web, pages, http_request, mine, _CODES[wish])
        if wish == "show":
            messages = await web.copy_of(mine)
            return pages.draw("copy.html", http_request, messages=messages)
        if wish == "page":
            has_page = await web.page_of(mine) is not None
            return pages.draw("mine.html", http_request, wish="page" if has_page else "no_page")
        return pages.draw("mine.html", http_request, wish="copy" if wish == "copy" else "code")


async def _draw_code(
    web: WebChat, pages: Pages, http_request: Request, mine: ConversationId, kind: CodeKind
) -> Response:
    """Draw a code's words and pictures, on this one page and never again."""
    words = [(word, pictures_of(word)) for word in await web.show_code(mine, kind)]
    return pages.draw("code.html", http_request, words=words, is_delete=kind is CodeKind.DELETE)
